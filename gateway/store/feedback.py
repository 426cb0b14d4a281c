"""What people say about answers and conversations: ratings, comments, and what of it the editors have to look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway import tokens
from gateway.conversation import Event
from gateway.store import counts, handoffs
from gateway.tables import CONVERSATIONS, FEEDBACK

REPORTS = ("outdated", "wrong")  # said by readers, by advisors
MOST, MOST_REPORTS = 200, 10  # shown to editors; of a kind about one message
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
    """Keep what was said about a message. seq 0: about the conversation as a whole.

    An opinion (up, down, 1-5) can be changed: it replaces the earlier one. A report (out of date, wrong) stands beside it and is
    replaced only by another one about the same sentence. False where the conversation was erased in the meantime: nothing is kept then.
    """
    if connection.execute(sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == conversation).with_for_update()).first() is None:
        return False
    known = _F.conversation == conversation, _F.seq == seq
    given = list(connection.execute(sa.select(FEEDBACK).where(*known).order_by(_F.at)))
    replaced = _replaced(given, rating, about.sentence)
    connection.execute(sa.delete(FEEDBACK).where(_F.id.in_(replaced)))
    row = {"id": tokens.new_id(), "conversation": conversation, "seq": seq, "rating": rating, "comment": comment, "at": at}
    connection.execute(sa.insert(FEEDBACK), row | asdict(about))
    handoff = handoffs.last(connection, conversation) if seq == 0 and not replaced else None
    if handoff is not None:
        counts.add(connection, at, handoff.queue, f"rating:{rating}")
    return True


def _replaced(given: list[Row[Any]], rating: str, sentence: str | None) -> list[str]:
    """Return the ids of the rows that a new one takes the place of; beyond the most reports of a message, the newest of them."""
    if rating not in REPORTS:
        return [row.id for row in given if row.rating not in REPORTS]
    alike = [row for row in given if row.rating == rating]
    same = [row.id for row in alike if row.sentence == sentence]
    return same or [row.id for row in alike[MOST_REPORTS - 1 :]]


def is_rated(connection: Connection, conversation: str) -> bool:
    """Say whether the conversation as a whole was rated already."""
    return connection.execute(sa.select(_F.seq).where(_F.conversation == conversation, _F.seq == 0)).first() is not None


def for_editors(connection: Connection) -> list[Row[Any]]:
    """Return what says that an answer is wrong, oldest first: out of date, corrected at the desk, or a thumb down with a reason."""
    said = sa.or_(_F.rating.in_(REPORTS), sa.and_(_F.rating == "down", _F.comment != ""))
    return list(connection.execute(sa.select(FEEDBACK).where(said).order_by(_F.at).limit(MOST)))


def settle(connection: Connection, remark: str) -> str | None:
    """Take a remark off the editors' list and return its conversation; None where it is gone already."""
    known = _F.id == remark, _F.rating.in_((*REPORTS, "down"))
    found: str | None = connection.execute(sa.select(_F.conversation).where(*known)).scalar()
    gone = connection.execute(sa.delete(FEEDBACK).where(*known)).rowcount == 1
    return found if gone else None
