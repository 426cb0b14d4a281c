"""The inbox: when a text was written, so that what is delivered late and all at once is not taken for one message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what waits already it is not known."""
    op.add_column("inbox", sa.Column("sent", sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("inbox", "sent")
