"""Messengers: which chat a conversation is held in, how far it was delivered, and what came in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of the messengers."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not look at lengths
        op.alter_column("turns", "payload", type_=sa.String(64))
    op.create_table(
        "chats",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("conversation", sa.String(32), nullable=False, index=True),
        sa.Column("sent_seq", sa.Integer, nullable=False),
        sa.Column("sent_parts", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("link_hash", sa.String(64), unique=True),
        sa.Column("link_until", sa.BigInteger),
        sa.UniqueConstraint("channel", "address", name="chats_address"),
    )
    op.create_table(
        "former_chats",
        sa.Column("conversation", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
    )
    op.create_index("former_chats_address", "former_chats", ["channel", "address"])
    op.create_table(
        "inbox",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("update", sa.String(255), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("message", sa.String(255), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False, index=True),
        sa.UniqueConstraint("channel", "update", name="inbox_update"),
    )


def downgrade() -> None:
    """Drop them again."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("turns", "payload", type_=sa.String(32))
    op.drop_table("inbox")
    op.drop_table("former_chats")
    op.drop_table("chats")
