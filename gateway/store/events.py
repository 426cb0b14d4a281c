"""The append-only log: events as rows, and rows as events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.conversation import Button, Event
from gateway.tables import EVENTS

_COLUMNS = tuple(EVENTS.c)
_INSERT = sa.insert(EVENTS)
_AFTER = (
    sa.select(*_COLUMNS).where(EVENTS.c.conversation == sa.bindparam("of"), EVENTS.c.seq > sa.bindparam("after")).order_by(EVENTS.c.seq)
)
_OF_TURN = _AFTER.where(EVENTS.c.turn == sa.bindparam("answered"), EVENTS.c.speaker != "citizen")
_ONE = sa.select(*_COLUMNS).where(EVENTS.c.conversation == sa.bindparam("of"), EVENTS.c.seq == sa.bindparam("number"))


def append(connection: Connection, events: Iterable[Event]) -> None:
    """Write events; their seq was given out under the conversation's lock."""
    connection.execute(_INSERT, [_row(event) for event in events])


def after(connection: Connection, conversation: str, seq: int) -> list[Event]:
    """Return the events after `seq`, in order."""
    return [_event(row) for row in connection.execute(_AFTER, {"of": conversation, "after": seq})]


def of_turn(connection: Connection, conversation: str, seq: int) -> list[Event]:
    """Return what answered the citizen's message `seq`."""
    return [_event(row) for row in connection.execute(_OF_TURN, {"of": conversation, "after": seq, "answered": seq})]


def one(connection: Connection, conversation: str, seq: int) -> Event | None:
    """Return one event."""
    row = connection.execute(_ONE, {"of": conversation, "number": seq}).one_or_none()
    return None if row is None else _event(row)


def citizen_before(connection: Connection, conversation: str, seq: int) -> str:
    """Return what the citizen asked before wishing for a human: the last but one message before the consent, else the wish itself."""
    theirs = EVENTS.c.conversation == conversation, EVENTS.c.speaker == "citizen", EVENTS.c.seq < seq
    corrected = sa.select(EVENTS.c.turn).where(*theirs, EVENTS.c.turn.is_not(None))
    said = sa.select(EVENTS.c.text).where(*theirs, EVENTS.c.seq.not_in(corrected))
    newest = list(connection.execute(said.order_by(EVENTS.c.seq.desc()).limit(2)).scalars())
    return str(newest[-1]) if newest else ""


def _row(event: Event) -> dict[str, Any]:
    return {
        "conversation": event.conversation,
        "seq": event.seq,
        "at": event.at,
        "speaker": event.speaker,
        "type": event.type,
        "turn": event.turn,
        "text": event.text,
        "buttons": _json([asdict(button) for button in event.buttons]) if event.buttons else None,
        "answer": None if event.answer is None else _json(event.answer),
        "state": None if event.state is None else _json(event.state),
        "knowledge": event.knowledge,
    }


def _event(row: Any) -> Event:
    return Event(
        conversation=row.conversation,
        seq=row.seq,
        at=row.at,
        speaker=row.speaker,
        text=row.text,
        type=row.type,
        turn=row.turn,
        buttons=tuple(Button(**button) for button in json.loads(row.buttons or "[]")),
        answer=json.loads(row.answer) if row.answer else None,
        state=json.loads(row.state) if row.state else None,
        knowledge=row.knowledge,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
