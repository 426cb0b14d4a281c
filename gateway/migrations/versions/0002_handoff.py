"""Hand-off: hand-offs and callbacks, advisors with their sessions, notes and drafts, settings of the desk, counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables of the desk."""
    op.add_column("conversations", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("audit", sa.Column("actor", sa.String(32)))
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), nullable=False, index=True),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("place", sa.String(100)),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("consent_at", sa.BigInteger, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("claimed_at", sa.BigInteger),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("advisor", sa.String(32)),
        sa.Column("alerted_at", sa.BigInteger),
        sa.Column("callback_offered_at", sa.BigInteger),
        sa.Column("told_position", sa.Integer, nullable=False, default=0),
        sa.Column("ended_at", sa.BigInteger, index=True),
        sa.Column("end_reason", sa.String(32)),
    )
    op.create_table(
        "advisors",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("shown_name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("queues", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger),
        sa.Column("presence", sa.String(16), nullable=False),
        sa.Column("seen_at", sa.BigInteger),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("advisor", sa.String(32), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), nullable=False, unique=True),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(50)),
        sa.Column("email", sa.String(254)),
        sa.Column("when", sa.String(500), nullable=False),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("overdue", sa.Boolean, nullable=False, default=False),
        sa.Column("done_at", sa.BigInteger, index=True),
        sa.Column("advisor", sa.String(32)),
    )
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), nullable=False, index=True),
        sa.Column("advisor", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "desk_drafts",
        sa.Column("conversation", sa.String(32), primary_key=True),
        sa.Column("advisor", sa.String(32), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "desk_sent",
        sa.Column("conversation", sa.String(32), primary_key=True),
        sa.Column("client_id", sa.String(36), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("advisor", sa.String(32), nullable=False),
    )
    op.create_table(
        "desk_settings",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "desk_counts",
        sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("queue", sa.String(32), primary_key=True),
        sa.Column("measure", sa.String(48), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in (
        "desk_counts",
        "desk_settings",
        "desk_sent",
        "desk_drafts",
        "desk_notes",
        "callbacks",
        "desk_sessions",
        "advisors",
        "handoffs",
    ):
        op.drop_table(table)
    op.drop_column("audit", "actor")
    op.drop_column("conversations", "version")
