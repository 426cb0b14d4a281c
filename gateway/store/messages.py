"""The first transaction of a turn: the citizen's message, once per client_id, with its claim to an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway import errors
from gateway.conversation import SHOWN, Button, Event, Owner, after_citizen_message, bot_answers
from gateway.store import events, undo
from gateway.store.turns import CLOSE, LEASE_MS, LOCK, Turn, button_of, next_open
from gateway.tables import CONVERSATIONS, TURNS
from knowledge import emergency

_C, _T = CONVERSATIONS.c, TURNS.c
_OF: sa.BindParameter[str] = sa.bindparam("of")
_KNOWN = sa.select(_T.seq, _T.digest, _T.open).where(_T.conversation == _OF, _T.client_id == sa.bindparam("client"))
_INSERT = sa.insert(TURNS)
_CHANGED = ("state", "last_seq", "turns", "last_message_at", "lease_owner", "lease_until")
_UPDATE = sa.update(CONVERSATIONS).where(_C.id == _OF).values({name: sa.bindparam(f"new_{name}") for name in _CHANGED})


@dataclass(frozen=True)
class Message:
    """A citizen's message as it comes in: a text, or the payload of a button.

    `emergency`: it tells of one; where a human owns the conversation the fixed text is said at once. `corrects`: the citizen's earlier
    message that this one takes the place of.
    """

    conversation: str
    client_id: str
    text: str
    payload: str
    digest: str
    emergency: bool = False
    corrects: int | None = None


@dataclass(frozen=True)
class Recorded:
    """What became of a message. `turn` is given to the gateway that has to answer it.

    `due`: the bot is going to answer. `answered`: there is an answer already, from an earlier try or as emergency text.
    """

    seq: int
    due: bool
    turn: Turn | None = None
    is_new: bool = True
    answered: bool = False


def record(connection: Connection, message: Message, gateway: str, at: int, admit: Callable[[], None]) -> Recorded:
    """Write a citizen's message; a repetition writes nothing and counts towards no limit.

    Raises `Refused`: 404 erased in the meantime, 409 other content, 422 payload not offered, and what `admit` raises.
    """
    row = connection.execute(LOCK, {"of": message.conversation}).one_or_none()
    if row is None:
        raise errors.not_found()
    known = connection.execute(_KNOWN, {"of": message.conversation, "client": message.client_id}).one_or_none()
    if known is not None:
        return _repeated(connection, message, known)
    button = _pressed(connection, message)
    admit()
    state = after_citizen_message(row.state)
    bot_state = _taken_back(connection, message, row, state)
    new = _events(message, button.title if button else message.text, row, at)
    events.append(connection, new)
    seq, due = next(event.seq for event in new if event.speaker == "citizen"), bot_answers(state)
    _claim(connection, message, seq, due)
    mine = due and (row.lease_owner is None or row.lease_until < at)
    lease = (gateway, at + LEASE_MS) if mine else (row.lease_owner, row.lease_until)
    changed = dict(zip(_CHANGED, (state, new[-1].seq, row.turns + due, at, *lease), strict=True))
    connection.execute(_UPDATE, {"of": message.conversation} | {f"new_{name}": changed[name] for name in _CHANGED})
    if not mine:
        return Recorded(seq, due, answered=new[-1].speaker == "system")
    return Recorded(seq, due, next_open(connection, message.conversation, row.turns, row.language, bot_state))


def _repeated(connection: Connection, message: Message, known: Any) -> Recorded:
    if known.digest != message.digest:
        raise errors.conflict()
    answered = bool(events.of_turn(connection, message.conversation, known.seq))
    return Recorded(known.seq, bool(known.open), is_new=False, answered=answered)


def _taken_back(connection: Connection, message: Message, row: Any, state: Owner) -> str:
    """Take back the message that this one corrects: it is not answered any more, or the memory is as it was before its answer."""
    if message.corrects is None or not bot_answers(state):
        return str(row.bot_state)
    if connection.execute(CLOSE, {"of": message.conversation, "number": message.corrects}).rowcount:
        return str(row.bot_state)
    memory = undo.memory(row.undo, row.bot_state, message.corrects, state)
    connection.execute(sa.update(CONVERSATIONS).where(_C.id == message.conversation).values(bot_state=memory))
    return memory


def _events(message: Message, text: str, row: Any, at: int) -> list[Event]:
    """Return what the message adds to the log: reopening first, then the message, then the emergency text."""
    new, seq = [], row.last_seq + 1
    after = after_citizen_message(row.state)
    if SHOWN[after] != SHOWN[row.state]:
        new.append(Event(message.conversation, seq, at, "system", type="state", state={"state": SHOWN[after]}))
    said = seq + len(new)
    new.append(Event(message.conversation, said, at, "citizen", text, turn=message.corrects))
    if message.emergency and not bot_answers(after):
        answer = {"outcome": "out_of_scope", "entries": [], "sources": [], "data": {"emergency": True}}
        new.append(Event(message.conversation, said + 1, at, "system", emergency.words(row.language), turn=said, answer=answer))
    return new


def _claim(connection: Connection, message: Message, seq: int, due: bool) -> None:
    row = {"conversation": message.conversation, "seq": seq, "client_id": message.client_id, "open": due}
    connection.execute(_INSERT, row | {"digest": message.digest, "payload": message.payload or None})


def _pressed(connection: Connection, message: Message) -> Button | None:
    if not message.payload:
        return None
    button = button_of(connection, message.conversation, message.payload)
    if button is None:
        raise errors.invalid("payload", "unknown_payload")
    return button
