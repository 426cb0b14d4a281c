"""Who owns a conversation: one step of its state in one transaction, with the events that tell of it.

The row is locked first; the version makes sure that nobody decided on an older state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.conversation import SHOWN, Button, Event, Language, Owner, Speaker, move
from gateway.store import events
from gateway.tables import CONVERSATIONS

_C = CONVERSATIONS.c
_LOCK = (
    sa.select(
        _C.id, _C.channel, _C.language, _C.state, _C.owner, _C.version, _C.last_seq, _C.bot_state, _C.last_message_at, _C.blocked_until
    )
    .where(_C.id == sa.bindparam("of"))
    .with_for_update()
)


class StaleError(Exception):
    """Somebody else changed the conversation in between."""


@dataclass(frozen=True)
class Locked:
    """A conversation under its lock."""

    id: str
    channel: str
    language: Language
    state: Owner
    owner: str | None
    version: int
    last_seq: int
    bot_state: str
    last_message_at: int
    blocked_until: int | None = None


@dataclass(frozen=True)
class Line:
    """What is added to the log with a step: a message, or, where `state` is given, what a state event tells."""

    speaker: Speaker = "system"
    text: str = ""
    buttons: tuple[Button, ...] = ()
    answer: dict[str, Any] | None = None
    state: dict[str, Any] | None = None
    turn: int | None = None


def lock(connection: Connection, conversation: str) -> Locked | None:
    """Lock a conversation for the rest of the transaction; None where it was erased."""
    row = connection.execute(_LOCK, {"of": conversation}).one_or_none()
    return None if row is None else Locked(**row._mapping)


def step(
    connection: Connection, held: Locked, to: Owner, at: int, lines: Sequence[Line] = (), owner: str | None = None
) -> tuple[Locked, list[Event]]:
    """Move a conversation to another state and write what tells of it; returns it as it is now, and the new events.

    Raises `TransitionError` where the table does not allow the step, `StaleError` where the version has moved on.
    """
    move(held.state, to)
    changed = replace(held, state=to, owner=owner, version=held.version + 1)
    return _written(connection, held, changed, at, lines)


def say(connection: Connection, held: Locked, at: int, lines: Sequence[Line]) -> tuple[Locked, list[Event]]:
    """Add lines without a step. What the service itself says is no sign of life: the times of the sweep run on."""
    spoken = any(line.speaker != "system" for line in lines)
    return _written(connection, held, held, at if spoken else held.last_message_at, lines, at)


def hand_over(connection: Connection, held: Locked, owner: str, at: int, lines: Sequence[Line]) -> tuple[Locked, list[Event]]:
    """Give a conversation from one advisor to another; the state stays."""
    return _written(connection, held, replace(held, owner=owner, version=held.version + 1), at, lines)


def state_line(state: Owner, turn: int | None = None, **facts: Any) -> Line:
    """Return the line that tells the outside of a state, with position and wait while queued."""
    return Line(state={"state": SHOWN[state]} | facts, turn=turn)


def _written(
    connection: Connection, before: Locked, after: Locked, at: int, lines: Sequence[Line], written_at: int | None = None
) -> tuple[Locked, list[Event]]:
    """`at` is the last sign of life; the events carry `written_at` where that differs."""
    stamp = at if written_at is None else written_at
    added = [_event(before.id, before.last_seq + number, stamp, line) for number, line in enumerate(lines, 1)]
    after = replace(after, last_seq=before.last_seq + len(added))
    values = {"state": after.state, "owner": after.owner, "version": after.version, "last_seq": after.last_seq, "last_message_at": at}
    if after.state in ("queued", "advisor"):
        values["with_human"] = True
    known = _C.id == before.id, _C.version == before.version
    if connection.execute(sa.update(CONVERSATIONS).where(*known).values(values)).rowcount != 1:
        raise StaleError(before.id)
    if added:
        events.append(connection, added)
    return after, added


def _event(conversation: str, seq: int, at: int, line: Line) -> Event:
    kind = "message" if line.state is None else "state"
    return Event(conversation, seq, at, line.speaker, line.text, kind, line.turn, line.buttons, line.answer, line.state)  # type: ignore[arg-type]
