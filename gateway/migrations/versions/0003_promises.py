"""Promised answers, warnings and blocks at the desk; what a reader's remark about an answer rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conversations", sa.Column("blocked_until", sa.BigInteger))
    op.add_column("handoffs", sa.Column("promised_until", sa.BigInteger))
    op.add_column("handoffs", sa.Column("promise_overdue", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("handoffs", sa.Column("warned_at", sa.BigInteger))
    op.add_column("handoffs", sa.Column("in_queue_since", sa.BigInteger))
    op.add_column("handoffs", sa.Column("owner_since", sa.BigInteger))
    op.execute("UPDATE handoffs SET in_queue_since = queued_at, owner_since = claimed_at")
    op.add_column("feedback", sa.Column("entry", sa.String(128)))
    op.add_column("feedback", sa.Column("knowledge", sa.Integer))
    op.add_column("feedback", sa.Column("sentence", sa.Text))


def downgrade() -> None:
    """Drop them again."""
    columns = {
        "feedback": ("sentence", "knowledge", "entry"),
        "handoffs": ("owner_since", "in_queue_since", "warned_at", "promise_overdue", "promised_until"),
        "conversations": ("blocked_until",),
    }
    for table, column in ((table, column) for table, names in columns.items() for column in names):
        op.drop_column(table, column)
