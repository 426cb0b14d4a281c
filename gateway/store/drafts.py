"""What an advisor has begun to write: one draft per conversation and advisor, gone once it is sent."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.tables import CONVERSATIONS, DRAFTS

_C = DRAFTS.c


def read(connection: Connection, conversation: str, advisor: str) -> str:
    """Return the draft, "" where there is none."""
    found = sa.select(_C.text).where(_C.conversation == conversation, _C.advisor == advisor)
    return str(connection.execute(found).scalar() or "")


def keep(connection: Connection, conversation: str, advisor: str, text: str) -> None:
    """Replace the draft; an empty one is none. Nothing is kept of a conversation that was erased in the meantime."""
    known = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == conversation).with_for_update()
    if connection.execute(known).first() is None:
        return
    connection.execute(sa.delete(DRAFTS).where(_C.conversation == conversation, _C.advisor == advisor))
    if text.strip():
        connection.execute(sa.insert(DRAFTS), {"conversation": conversation, "advisor": advisor, "text": text})


def sent(connection: Connection, conversation: str, advisor: str, text: str) -> None:
    """Drop the draft that was sent; one that was begun in the meantime stays."""
    ours = (_C.conversation == conversation, _C.advisor == advisor, _C.text == text)
    connection.execute(sa.delete(DRAFTS).where(*ours))
