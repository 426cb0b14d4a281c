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
    op.add_column("feedback", sa.Column("entry", sa.String(128)))
    op.add_column("feedback", sa.Column("knowledge", sa.Integer))
    op.add_column("feedback", sa.Column("sentence", sa.Text))


def downgrade() -> None:
    """Drop them again."""
    for table, column in (
        ("feedback", "sentence"), ("feedback", "knowledge"), ("feedback", "entry"),
        ("handoffs", "warned_at"), ("handoffs", "promise_overdue"), ("handoffs", "promised_until"), ("conversations", "blocked_until"),
    ):  # fmt: skip
        op.drop_column(table, column)
