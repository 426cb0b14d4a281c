"""Feedback: a report that an answer is out of date, or a correction, stands beside a rating of the same message."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway import tokens

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, Any, bool], ...] = (
    ("rating", sa.String(8), False),
    ("comment", sa.Text, False),
    ("at", sa.BigInteger, False),
    ("entry", sa.String(128), True),
    ("knowledge", sa.Integer, True),
    ("sentence", sa.Text, True),
)


def upgrade() -> None:
    """Give every row an id; corrections had the negative number of their message."""
    rows = _taken_out()
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), nullable=False, index=True),
        sa.Column("seq", sa.Integer, nullable=False),
        *_columns(),
    )
    _put_back([row | {"id": tokens.new_id(), "seq": abs(row["seq"])} for row in rows])


def downgrade() -> None:
    """Go back to one row per message: what editors have to look at outweighs a rating."""
    rows = _taken_out()
    op.create_table(
        "feedback",
        sa.Column("conversation", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_columns(),
    )
    kept: dict[tuple[str, int], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["rating"] in ("outdated", "wrong")):
        seq = -row["seq"] if row["rating"] == "wrong" else row["seq"]
        kept[row["conversation"], seq] = {name: row[name] for name, *_ in COLUMNS} | {"conversation": row["conversation"], "seq": seq}
    _put_back(list(kept.values()))


def _columns() -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name, kind, nullable in COLUMNS]


def _taken_out() -> list[dict[str, Any]]:
    """Return all rows and drop the table: SQLite cannot change a primary key."""
    rows = [dict(row) for row in op.get_bind().execute(sa.text("SELECT * FROM feedback ORDER BY at")).mappings()]
    op.drop_table("feedback")
    return rows


def _put_back(rows: list[dict[str, Any]]) -> None:
    names = sorted(rows[0]) if rows else []
    if rows:
        op.bulk_insert(sa.table("feedback", *(sa.column(name) for name in names)), rows)
