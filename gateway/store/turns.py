"""The second transaction of a turn: the answer together with the bot's new memory; and turns left open by a crash.

The conversation's row is the lock: whoever changes a conversation locks it first. The lease says which gateway is at
work on its turns; it lapses when that gateway dies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway import payloads
from gateway.conversation import Button, Event, Language, bot_answers, rasa_command
from gateway.store import corrections, counts, events, steps, undo
from gateway.store.handoffs import Step
from gateway.store.undo import Undo
from gateway.tables import CONVERSATIONS, EVENTS, TURNS

LEASE_MS = 15_000
CONVERSATION_ID = 32  # characters
_C, _T = CONVERSATIONS.c, TURNS.c
_OF: sa.BindParameter[str] = sa.bindparam("of")
LOCK = (
    sa.select(_C.channel, _C.state, _C.language, _C.last_seq, _C.turns, _C.bot_state, _C.undo, _C.lease_owner, _C.lease_until)
    .where(_C.id == _OF)
    .with_for_update()
)
_CHANGED = ("last_seq", "language", "bot_state", "undo", "last_message_at", "lease_owner", "lease_until")
_UPDATE = sa.update(CONVERSATIONS).where(_C.id == _OF).values({name: sa.bindparam(f"new_{name}") for name in _CHANGED})
CLOSE = sa.update(TURNS).where(_T.conversation == _OF, _T.seq == sa.bindparam("number"), _T.open.is_(True)).values(open=False)
_NEXT = (
    sa.select(_T.seq, _T.payload, EVENTS.c.text, EVENTS.c.turn)
    .join(EVENTS, sa.and_(EVENTS.c.conversation == _T.conversation, EVENTS.c.seq == _T.seq))
    .where(_T.conversation == _OF, _T.open.is_(True))
    .order_by(_T.seq)
    .limit(1)
)


@dataclass(frozen=True)
class Turn:
    """A citizen's message that waits for the bot's answer, with what the bot has to know. `number` counts up.

    `corrects`: the earlier message that this one takes the place of.
    """

    conversation: str
    seq: int
    text: str
    command: str | None  # what a pressed button says to Rasa
    number: int
    language: Language
    bot_state: dict[str, Any]
    corrects: int | None = None


@dataclass(frozen=True)
class Reply:
    """The bot's side of a turn. `state` None leaves the bot's memory as it was; `counted`: queue and measure to count with it."""

    text: str
    answer: dict[str, Any]
    buttons: tuple[Button, ...] = ()
    state: dict[str, Any] | None = None
    language: Language | None = None
    step: Step | None = None
    counted: tuple[str, str] | None = None


@dataclass(frozen=True)
class Committed:
    """The answer as written (nothing when it came too late), and the conversation's next turn."""

    events: list[Event]
    next: Turn | None


def commit(connection: Connection, turn: Turn, reply: Reply, gateway: str, at: int) -> Committed:
    """Write the answer and the bot's memory together; an erased or already answered turn writes nothing."""
    row = connection.execute(LOCK, {"of": turn.conversation}).one_or_none()
    if row is None:
        return Committed([], None)
    closed = connection.execute(CLOSE, {"of": turn.conversation, "number": turn.seq}).rowcount == 1
    new = [_event(turn, reply, row.last_seq + 1, at)] if closed and bot_answers(row.state) else []
    language, bot_state, kept = row.language, row.bot_state, row.undo
    counted = _is_counted(turn, row.undo)
    if new:
        events.append(connection, new)
        language = reply.language or language
        kept = undo.pack(row.channel, Undo(turn.seq, turn.bot_state, counted or reply.counted is not None))
        bot_state = bot_state if reply.state is None else corrections.remembered(bot_state, turn.bot_state, reply.state)
    following, lease = None, (row.lease_owner, row.lease_until)
    if row.lease_owner in (gateway, None):
        following = next_open(connection, turn.conversation, row.turns, language, bot_state)
        lease = (gateway, at + LEASE_MS) if following else (None, None)
    changed = dict(zip(_CHANGED, (row.last_seq + len(new), language, bot_state, kept, at, *lease), strict=True))
    connection.execute(_UPDATE, {"of": turn.conversation} | {f"new_{name}": changed[name] for name in _CHANGED})
    if new and reply.counted and not counted:
        counts.add(connection, at, *reply.counted)
    if new and reply.step:
        new += steps.take(connection, turn.conversation, reply.step, turn.seq, at)
    return Committed(new, following)


def _is_counted(turn: Turn, packed: str | None) -> bool:
    """Whether the message that this one takes the place of was counted already."""
    before = undo.read(packed) if turn.corrects is not None else None
    return before is not None and before.seq == turn.corrects and before.counted


def _event(turn: Turn, reply: Reply, seq: int, at: int) -> Event:
    known = (reply.state or {}).get("knowledge")
    answer = reply.answer
    if turn.corrects is not None:
        answer = answer | {"data": answer["data"] | {"corrects": turn.corrects}}
    return Event(
        turn.conversation,
        seq,
        at,
        "bot",
        reply.text,
        turn=turn.seq,
        buttons=reply.buttons,
        answer=answer,
        knowledge=known if isinstance(known, int) else None,
    )


def is_answered(connection: Connection, conversation: str, seq: int) -> bool:
    """Say whether the bot's turn for message `seq` is finished."""
    still_open = sa.select(_T.open).where(_T.conversation == conversation, _T.seq == seq)
    return connection.execute(still_open).scalar() is not True


def claim_abandoned(connection: Connection, gateway: str, at: int, alone: bool) -> list[Turn]:
    """Take over open turns whose gateway is gone: all of them when `alone` (start with SQLite), else lapsed ones."""
    lapsed = sa.true() if alone else sa.or_(_C.lease_owner.is_(None), _C.lease_until < at)
    waiting = sa.select(_T.conversation).where(_T.open.is_(True))
    rows = connection.execute(
        sa.select(_C.id, _C.turns, _C.language, _C.bot_state)
        .where(_C.id.in_(waiting), lapsed)
        .limit(None if alone else 100)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        lease = {"lease_owner": gateway, "lease_until": at + LEASE_MS}
        connection.execute(sa.update(CONVERSATIONS).where(_C.id == row.id).values(lease))
    turns = [next_open(connection, row.id, row.turns, row.language, row.bot_state) for row in rows]
    return [turn for turn in turns if turn]


def next_open(connection: Connection, conversation: str, number: int, language: Language, bot_state: str) -> Turn | None:
    """Return the conversation's oldest message that waits for an answer."""
    row = connection.execute(_NEXT, {"of": conversation}).one_or_none()
    if row is None:
        return None
    button = button_of(connection, conversation, row.payload) if row.payload else None
    command = rasa_command(button) if button else None
    return Turn(conversation, row.seq, row.text, command, number, language, json.loads(bot_state), row.turn)


def button_of(connection: Connection, conversation: str, payload: str) -> Button | None:
    """Return the button behind a payload, None where this conversation never offered it.

    A payload longer than the contract's names another conversation of the same chat in front: only messengers' adapters make such ones.
    """
    if len(payload) > payloads.LONGEST:
        conversation, payload = payload[:CONVERSATION_ID], payload[CONVERSATION_ID:]
    place = payloads.find(conversation, payload)
    event = events.one(connection, conversation, place[0]) if place else None
    if place is None or event is None or place[1] >= len(event.buttons):
        return None
    return event.buttons[place[1]]
