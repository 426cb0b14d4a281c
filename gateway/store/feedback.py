"""What people say about answers and conversations: ratings, comments, and what of it the editors have to look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway.conversation import Event
from gateway.store import counts, handoffs
from gateway.tables import CONVERSATIONS, FEEDBACK

FOR_EDITORS = ("outdated", "wrong", "down")
MOST = 200
_F = FEEDBACK.c


@dataclass(frozen=True)
class About:
    """What a remark is about: the entry an answer rests on, the knowledge's version, and the sentence that is meant."""

    entry: str | None = None
    knowledge: int | None = None
    sentence: str | None = None


def about(event: Event, sentence: str) -> About:
    """Return what a remark about a message is about."""
    entries = (event.answer or {}).get("entries") or [None]
    return About(entries[0], event.knowledge, sentence or None)


def rate(connection: Connection, conversation: str, seq: int, rating: str, comment: str, at: int, about: About = About()) -> bool:
    """Keep a rating; a second one of the same message replaces the first. seq 0: the conversation as a whole.

    False where the conversation was erased in the meantime: nothing is kept then.
    """
    known = _F.conversation == conversation, _F.seq == seq
    if connection.execute(sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == conversation).with_for_update()).first() is None:
        return False
    is_first = connection.execute(sa.delete(FEEDBACK).where(*known)).rowcount == 0
    row = {"conversation": conversation, "seq": seq, "rating": rating, "comment": comment, "at": at}
    connection.execute(sa.insert(FEEDBACK), row | asdict(about))
    handoff = handoffs.last(connection, conversation) if seq == 0 and is_first else None
    if handoff is not None:
        counts.add(connection, at, handoff.queue, f"rating:{rating}")
    return True


def is_rated(connection: Connection, conversation: str) -> bool:
    """Say whether the conversation as a whole was rated already."""
    return connection.execute(sa.select(_F.seq).where(_F.conversation == conversation, _F.seq == 0)).first() is not None


def for_editors(connection: Connection) -> list[Row[Any]]:
    """Return what says that an answer is wrong, oldest first: out of date, corrected at the desk, or a thumb down with a reason."""
    said = sa.or_(_F.rating.in_(("outdated", "wrong")), sa.and_(_F.rating == "down", _F.comment != ""))
    return list(connection.execute(sa.select(FEEDBACK).where(said).order_by(_F.at).limit(MOST)))


def settle(connection: Connection, conversation: str, seq: int) -> bool:
    """Take a remark off the editors' list; False where it is gone already."""
    known = _F.conversation == conversation, _F.seq == seq, _F.rating.in_(FOR_EDITORS)
    return connection.execute(sa.delete(FEEDBACK).where(*known)).rowcount == 1
