"""Hand-offs: a citizen's wait for an advisor, from the consent to its end. One row per wait, kept as long as the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway.store import counts
from gateway.store.ownership import Locked
from gateway.tables import ADVISORS, CONVERSATIONS, HANDOFFS

GENERAL = "allgemein"
WAITS_MEASURED = 20  # so many of the last waits make the measured one
_H = HANDOFFS.c
_WAITING = (_H.claimed_at.is_(None), _H.ended_at.is_(None))


@dataclass(frozen=True)
class Request:
    """What a citizen wants of an advisor: the id of the case, the queue it goes to, the kind of wish, and what it is about.

    `consent_at`: when the consent was given, where that was not just now.
    """

    id: str
    queue: str
    kind: str
    topic: str | None
    place: str | None
    summary: str
    consent_at: int | None = None


@dataclass(frozen=True)
class Step:
    """What a turn does to the conversation's owner, carried out with its commit: to `offered`, `queued` (with the request) or `bot`."""

    to: Literal["offered", "queued", "bot"]
    request: Request | None = None


@dataclass(frozen=True)
class Waiting:
    """A queue as it stands: how many wait, and how long the last ones waited (median, seconds; None: nobody yet)."""

    number: int
    wait_s: int | None


def begin(connection: Connection, conversation: str, request: Request, at: int) -> None:
    """Put a conversation into a queue."""
    row = asdict(request) | {"conversation": conversation, "consent_at": request.consent_at or at, "queued_at": at, "in_queue_since": at}
    connection.execute(sa.insert(HANDOFFS), row)
    counts.add(connection, at, request.queue, "requests")


def current(connection: Connection, conversation: str) -> Row[Any] | None:
    """Return the hand-off of a conversation that has not ended."""
    found = sa.select(HANDOFFS).where(_H.conversation == conversation, _H.ended_at.is_(None))
    return connection.execute(found.order_by(_H.queued_at.desc()).limit(1)).one_or_none()


def last(connection: Connection, conversation: str) -> Row[Any] | None:
    """Return the newest hand-off of a conversation, ended or not."""
    return connection.execute(
        sa.select(HANDOFFS).where(_H.conversation == conversation).order_by(_H.queued_at.desc()).limit(1)
    ).one_or_none()


def claim(connection: Connection, handoff: str, advisor: str, at: int) -> bool:
    """Give a waiting hand-off to an advisor; False where another one was faster."""
    claimed = sa.update(HANDOFFS).where(_H.id == handoff, *_WAITING).values(advisor=advisor, claimed_at=at, owner_since=at)
    return connection.execute(claimed).rowcount == 1


def change(connection: Connection, handoff: str, **values: Any) -> None:
    """Change columns of a hand-off."""
    connection.execute(sa.update(HANDOFFS).where(_H.id == handoff).values(values))


def back_to_queue(connection: Connection, handoff: str, queue: str, at: int, alerted_at: int | None = None) -> None:
    """Let a hand-off wait again; its place counts from its first wait."""
    fresh = {"advisor": None, "claimed_at": None, "owner_since": None, "answered_at": None}
    change(connection, handoff, queue=queue, in_queue_since=at, alerted_at=alerted_at, **fresh)


def promise_kept(connection: Connection, handoff: Row[Any], at: int) -> None:
    """A promised answer was written: take the promise off the list and count whether it was in time."""
    if handoff.promised_until is not None:
        change(connection, handoff.id, promised_until=None, promise_overdue=False)
        counts.add(connection, at, handoff.queue, "promises_kept" if at <= handoff.promised_until else "promises_late")


def promised(connection: Connection, due_before: int | None = None) -> list[Row[Any]]:
    """Return the hand-offs with a promised answer (those due before an instant), the next due one first."""
    wanted = sa.select(HANDOFFS).where(_H.ended_at.is_(None), _H.promised_until.is_not(None)).order_by(_H.promised_until)
    return list(connection.execute(wanted if due_before is None else wanted.where(_H.promised_until < due_before)))


def end(connection: Connection, handoff: Row[Any], reason: str, at: int) -> None:
    """End a hand-off with a typed reason, and count it."""
    change(connection, handoff.id, ended_at=at, end_reason=reason)
    counts.add(connection, at, handoff.queue, f"end:{reason}")


def queue(connection: Connection, queues: Sequence[str] | None) -> list[Row[Any]]:
    """Return the waiting hand-offs of these queues (None: of all), oldest first, with channel and language of their conversations."""
    wanted = sa.select(HANDOFFS, CONVERSATIONS.c.channel, CONVERSATIONS.c.language).join(
        CONVERSATIONS, CONVERSATIONS.c.id == _H.conversation
    )
    wanted = wanted.where(*_WAITING).order_by(_H.queued_at, _H.id)
    return list(connection.execute(wanted if queues is None else wanted.where(_H.queue.in_(queues))))


def of_advisor(connection: Connection, advisor: str) -> list[Row[Any]]:
    """Return the hand-offs that an advisor has claimed and not ended."""
    mine = sa.select(HANDOFFS, CONVERSATIONS.c.state, CONVERSATIONS.c.channel, CONVERSATIONS.c.last_message_at)
    mine = mine.join(CONVERSATIONS, CONVERSATIONS.c.id == _H.conversation)
    return list(connection.execute(mine.where(_H.advisor == advisor, _H.ended_at.is_(None)).order_by(_H.claimed_at)))


def waiting(connection: Connection, queue: str) -> Waiting:
    """Return how a queue stands; the wait is measured, never typed in."""
    number = connection.execute(sa.select(sa.func.count()).where(*_WAITING, _H.queue == queue)).scalar_one()
    waits = sa.select(_H.claimed_at - _H.queued_at).where(_H.queue == queue, _H.claimed_at.is_not(None))
    known = sorted(connection.execute(waits.order_by(_H.claimed_at.desc()).limit(WAITS_MEASURED)).scalars())
    return Waiting(int(number), known[len(known) // 2] // 1000 if known else None)


def place(connection: Connection, handoff: Row[Any]) -> int:
    """Return the place of a waiting hand-off in its queue, from 1 on."""
    before = sa.or_(_H.queued_at < handoff.queued_at, sa.and_(_H.queued_at == handoff.queued_at, _H.id <= handoff.id))
    return int(connection.execute(sa.select(sa.func.count()).where(*_WAITING, _H.queue == handoff.queue, before)).scalar_one())


def online(connection: Connection, since: int) -> list[Row[Any]]:
    """Return the advisors who are available and were seen after `since`, with their queues (JSON)."""
    reachable = (ADVISORS.c.presence == "available", ADVISORS.c.seen_at >= since, ADVISORS.c.disabled_at.is_(None))
    return list(connection.execute(sa.select(ADVISORS).where(*reachable)))


def held_by(connection: Connection, held: Locked) -> str | None:
    """Return whose conversation this is while a human owns it."""
    return held.owner if held.state in ("advisor", "waiting") else None
