"""Private notes of a conversation, to be read by advisors only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway.tables import ADVISORS, NOTES


def of(connection: Connection, conversation: str) -> list[Row[Any]]:
    """Return the notes of a conversation, oldest first, with the name of who wrote them."""
    wanted = sa.select(NOTES.c.at, NOTES.c.text, ADVISORS.c.shown_name).join(ADVISORS, ADVISORS.c.id == NOTES.c.advisor, isouter=True)
    return list(connection.execute(wanted.where(NOTES.c.conversation == conversation).order_by(NOTES.c.at, NOTES.c.id)))
