"""The three lists of the overview: who waits, whom I talk with, whom to call back. Each is a query, never a log of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.handoff import queues
from gateway.handoff.arranging import shown_summary
from gateway.pages import desk_words as words
from gateway.pages.moments import moment
from gateway.store import callbacks, desk_settings, handoffs
from gateway.store.advisors import Advisor
from gateway.tables import EVENTS

HUMANS = ("citizen", "advisor")


@dataclass(frozen=True)
class Rows:
    """The lists as the database has them; two equal ones look the same, but for the time that has passed."""

    queue: Sequence[Any]
    mine: Sequence[Any]
    callbacks: Sequence[Any]
    unanswered: frozenset[str]

    def waiting(self) -> set[tuple[str, int | None]]:
        """Return who waits; a hand-off that came back with an alert counts as a new one."""
        return {(row.id, row.alerted_at) for row in self.queue}


def read(connection: Connection, advisor: Advisor) -> Rows:
    """Read the lists of an advisor; leads see all queues."""
    own = served(advisor)
    mine = handoffs.of_advisor(connection, advisor.id)
    unanswered = _unanswered(connection, [row.conversation for row in mine]) if mine else frozenset()
    return Rows(handoffs.queue(connection, own), mine, callbacks.open_ones(connection, own), unanswered)


def served(advisor: Advisor) -> Sequence[str] | None:
    """Return the queues whose conversations an advisor sees, None for all."""
    return None if advisor.is_lead else advisor.queues


def queue_names(connection: Connection) -> dict[str, str]:
    """Return the queues' names by their id."""
    return {queue.id: queue.name for queue in queues.read(desk_settings.read(connection, "queues"))}


def in_words(rows: Rows, names: dict[str, str], now: int) -> dict[str, Any]:
    """Return the lists ready for the template."""
    return {
        "queue": [_waiting(row, names, now) for row in rows.queue],
        "mine": [_talk(row, row.conversation in rows.unanswered, now) for row in sorted(rows.mine, key=lambda row: not _is_late(row, now))],
        "callbacks": [_callback(row, names, now) for row in rows.callbacks],
    }


def _waiting(row: Any, names: dict[str, str], now: int) -> dict[str, Any]:
    return _head(row) | {
        "queue": names.get(row.queue, row.queue),
        "at": words.clock(row.queued_at),
        "since": words.since(row.queued_at, now),
        "summary": shown_summary(row.summary, claimed=False),
        "alerted": row.alerted_at is not None,
    }


def _talk(row: Any, unanswered: bool, now: int) -> dict[str, Any]:
    promised = moment(row.promised_until) if row.promised_until is not None else None
    facts = {"summary": row.summary, "since": words.since(row.last_message_at, now), "unanswered": unanswered}
    return _head(row) | facts | {"promised": promised, "late": _is_late(row, now)}


def _is_late(row: Any, now: int) -> bool:
    """Whether an answer promised for an earlier time is still missing; such conversations come first."""
    return row.promised_until is not None and row.promised_until < now


def _head(row: Any) -> dict[str, Any]:
    return {
        "conversation": row.conversation,
        "number": words.number(row.id),
        "topic": row.topic,
        "place": row.place,
        "channel": words.name_of("channels", row.channel),
    }


def _callback(row: Any, names: dict[str, str], now: int) -> dict[str, Any]:
    return {
        "conversation": row.conversation,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "when": row.when,
        "queue": names.get(row.queue, row.queue),
        "due": moment(row.due_at),
        "overdue": row.due_at < now,
    }


def _unanswered(connection: Connection, conversations: list[str]) -> frozenset[str]:
    """Return those of some conversations in which the citizen spoke after any advisor did."""
    theirs = (EVENTS.c.conversation.in_(conversations), EVENTS.c.type == "message", EVENTS.c.speaker.in_(HUMANS))
    last = sa.select(EVENTS.c.conversation, EVENTS.c.speaker, sa.func.max(EVENTS.c.seq).label("seq")).where(*theirs)
    spoke = {(row.conversation, row.speaker): row.seq for row in connection.execute(last.group_by(EVENTS.c.conversation, EVENTS.c.speaker))}
    return frozenset(one for one in conversations if spoke.get((one, "citizen"), 0) > spoke.get((one, "advisor"), 0))
