"""Messages that were edited in a messenger: what they became, and the memory before the newest turn. When a look is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conversations", sa.Column("undo", sa.Text))
    op.add_column("chats", sa.Column("recent", sa.Text, nullable=False, server_default="[]"))
    op.add_column("inbox", sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("next_at", sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them again."""
    for table, column in (("inbox", "next_at"), ("inbox", "tries"), ("chats", "recent"), ("conversations", "undo")):
        op.drop_column(table, column)
