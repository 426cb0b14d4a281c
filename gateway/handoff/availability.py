"""Whether a human can take over now: opening hours ∧ somebody there ∧ room in the queue. Looked up at the offer and at the consent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway.conversation import BERLIN, Language, Owner
from gateway.handoff import hours, hours_words, queues
from gateway.handoff.limits import Limits
from gateway.store import desk_settings, handoffs, ownership


@dataclass(frozen=True)
class Look:
    """How it stands for one conversation. `queue`: where it would go; `opens`: the next opening in words; `wait_s`: the measured wait.

    `language`: the one to speak; `place`: theirs in the queue, while they wait. `is_blocked`: ended by an advisor for abuse; `resumed`: the
    hand-off that ended in silence and can be taken up without asking anew.
    """

    state: Owner
    language: Language
    queue: str
    is_open: bool
    reachable: int
    waiting: int
    wait_s: int | None
    hours: str
    opens: str | None
    limits: Limits
    place: int | None = None
    is_blocked: bool = False
    channel: str = "web"
    resumed: Row[Any] | None = None

    @property
    def available(self) -> bool:
        """Somebody can take over: the desk is open, somebody is there, and not too many wait already."""
        return self.is_open and self.reachable > 0 and self.waiting < self.reachable * self.limits.waiting_per_advisor


def look(connection: Connection, conversation: str, topic: str | None, place: str | None, at: int, limits: Limits) -> Look | None:
    """Return how it stands; None where the conversation was erased."""
    held = ownership.lock(connection, conversation)
    if held is None:
        return None
    opening, now = hours_of(connection), datetime.fromtimestamp(at / 1000, BERLIN)
    there = [(row, tuple(json.loads(row.queues))) for row in handoffs.online(connection, at - limits.heartbeat_ms)]
    wanted = queues.route(queues.read(desk_settings.read(connection, "queues")), topic, place)
    queue = wanted if any(wanted in served for _, served in there) else handoffs.GENERAL
    stands = handoffs.waiting(connection, queue)
    opens = hours.next_opening(opening, now)
    earlier = handoffs.last(connection, conversation)
    resumed = earlier is not None and earlier.end_reason == "citizen_left" and earlier.ended_at >= at - limits.resume_ms
    return Look(
        state=held.state,
        language=held.language,
        queue=queue,
        is_open=hours.is_open(opening, now),
        reachable=sum(queue in served for _, served in there),
        waiting=stands.number,
        wait_s=stands.wait_s,
        hours=hours_words.in_words(opening),
        opens=hours_words.opening_in_words(now, opens) if opens else None,
        limits=limits,
        is_blocked=held.blocked_until is not None and at < held.blocked_until,
        resumed=earlier if resumed else None,
        channel=held.channel,
        place=handoffs.place(connection, earlier) if held.state == "queued" and earlier is not None else None,
    )


@dataclass(frozen=True)
class Standing:
    """How the desk stands for everybody. `next`: the next opening in words, None while it is open, or not within 60 days.

    `available`: somebody could take over a conversation about anything now.
    """

    text: str
    is_open: bool
    next: str | None
    available: bool


def standing(connection: Connection, at: int, limits: Limits) -> Standing:
    """Return what the public may know: the opening hours, and whether anybody is there."""
    opening, now = hours_of(connection), datetime.fromtimestamp(at / 1000, BERLIN)
    is_open, opens = hours.is_open(opening, now), hours.next_opening(opening, now)
    there = sum(handoffs.GENERAL in json.loads(row.queues) for row in handoffs.online(connection, at - limits.heartbeat_ms))
    has_room = handoffs.waiting(connection, handoffs.GENERAL).number < there * limits.waiting_per_advisor
    return Standing(
        text=hours_words.in_words(opening),
        is_open=is_open,
        next=hours_words.opening_in_words(now, opens) if opens and not is_open else None,
        available=is_open and has_room,
    )


def hours_of(connection: Connection) -> hours.Hours:
    """Return the opening hours as leads have set them."""
    document = desk_settings.read(connection, "hours")
    return hours.DEFAULT if document is None else hours.Hours.from_dict(document)


def is_reachable(connection: Connection, queue: str, at: int, limits: Limits, but: str = "") -> bool:
    """Whether anybody but one is there for a queue."""
    return any(row.id != but and queue in json.loads(row.queues) for row in handoffs.online(connection, at - limits.heartbeat_ms))
