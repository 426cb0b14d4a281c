"""What advisors do with conversations: claim, write, note, forward, return, close. Each is one transaction.

All raise `Refused`: 404 no such conversation or not waiting, 403 another queue's, 409 not the owner, or nobody reachable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway import errors, tokens
from gateway.conversation import SHOWN, Button, Event
from gateway.handoff import availability
from gateway.handoff.limits import Limits
from gateway.store import advisors, conversations, counts, handoffs, ownership
from gateway.store.advisors import Advisor
from gateway.store.ownership import Line, Locked, state_line
from gateway.tables import NOTES, SENT
from gateway.texts import text

REASONS = ("answered", "passed_on", "no_answer", "citizen_left", "abuse", "other")


@dataclass(frozen=True)
class Sent:
    """An advisor's message: its place in the log, and whether it was written now (not a repetition)."""

    seq: int
    is_new: bool


def claim(connection: Connection, advisor: Advisor, conversation: str, at: int) -> list[Event]:
    """Take a waiting conversation; of many who try at once exactly one gets it. Once more by the same one changes nothing."""
    held, handoff = open_handoff(connection, advisor, conversation)
    if handoff.advisor == advisor.id and handoffs.held_by(connection, held) == advisor.id:
        return []
    if held.state != "queued" or not handoffs.claim(connection, handoff.id, advisor.id, at):
        raise errors.Refused(409, "claimed")
    counts.add(connection, at, handoff.queue, "claimed")
    counts.add_wait(connection, at, handoff.queue, at - handoff.queued_at)
    conversations.note(connection, "claimed", conversation, at, advisor.id)
    joined = Line(text=text("handoff.joined", held.language, name=advisor.shown_name))
    return ownership.step(connection, held, "advisor", at, [state_line("advisor"), joined], advisor.id)[1]


def write(connection: Connection, advisor: Advisor, conversation: str, client_id: str, said: str, at: int) -> Sent:
    """Send a message to the citizen; the same client_id twice is one message (409 with another text)."""
    held, handoff = mine(connection, advisor, conversation)
    known = sa.select(SENT.c.seq, SENT.c.digest).where(SENT.c.conversation == conversation, SENT.c.client_id == client_id)
    row, digest = connection.execute(known).one_or_none(), tokens.digest("text", said)
    if row is not None:
        if row.digest != digest:
            raise errors.conflict()
        return Sent(row.seq, False)
    _, [event] = ownership.say(connection, held, at, [Line("advisor", said)])
    sent = {"conversation": conversation, "client_id": client_id, "digest": digest, "seq": event.seq, "advisor": advisor.id}
    connection.execute(sa.insert(SENT), sent)
    if handoff.answered_at is None:
        handoffs.change(connection, handoff.id, answered_at=at)
    handoffs.promise_kept(connection, handoff, at)
    return Sent(event.seq, True)


def note(connection: Connection, advisor: Advisor, conversation: str, said: str, at: int) -> None:
    """Keep a private note: advisors see it, the citizen never."""
    if ownership.lock(connection, conversation) is None:
        raise errors.not_found()
    _seen(connection, advisor, conversation)
    row = {"id": tokens.new_id(), "conversation": conversation, "advisor": advisor.id, "at": at, "text": said}
    connection.execute(sa.insert(NOTES), row)


def forward(connection: Connection, advisor: Advisor, conversation: str, to: str, at: int, limits: Limits) -> None:
    """Hand a conversation to a colleague (by name) or to a queue; refused where nobody is reachable there."""
    held, handoff = mine(connection, advisor, conversation)
    colleague = advisors.by_name(connection, to)
    conversations.note(connection, "forwarded", conversation, at, advisor.id)
    if colleague is not None:
        there = {row.id for row in handoffs.online(connection, at - limits.heartbeat_ms)}
        if colleague.id == advisor.id or colleague.id not in there:
            raise errors.Refused(409, "nobody_there")
        handoffs.change(connection, handoff.id, advisor=colleague.id, answered_at=None, owner_since=at)
        told = Line(text=text("handoff.forwarded", held.language, name=colleague.shown_name))
        ownership.hand_over(connection, held, colleague.id, at, [told])
        return
    if not availability.is_reachable(connection, to, at, limits, but=advisor.id):
        raise errors.Refused(409, "nobody_there")
    handoffs.back_to_queue(connection, handoff.id, to, at)
    waiting = handoffs.waiting(connection, to)
    told, place = Line(text=text("handoff.forwarded_queue", held.language)), {"position": waiting.number, "wait_s": waiting.wait_s}
    ownership.step(connection, held, "queued", at, [told, state_line("queued", **place)])


def give_back(connection: Connection, advisor: Advisor, conversation: str, at: int) -> None:
    """End the hand-off and let the bot go on; it says so, and the profile stays."""
    held, handoff = mine(connection, advisor, conversation)
    handoffs.end(connection, handoff, "returned", at)
    conversations.note(connection, "returned", conversation, at, advisor.id)
    back_to_bot(connection, held, at, text("handoff.returned", held.language, name=advisor.shown_name))


def close(connection: Connection, advisor: Advisor, conversation: str, reason: str, at: int) -> None:
    """End the hand-off with a typed reason; a later message goes to the bot."""
    held, handoff = mine(connection, advisor, conversation)
    handoffs.end(connection, handoff, reason, at)
    conversations.note(connection, "closed", conversation, at, advisor.id)
    said = Line(text=text("handoff.closed_by", held.language, name=advisor.shown_name))
    ownership.step(connection, held, "closed", at, [said, state_line("closed")])


def citizen_gone(connection: Connection, conversation: str, at: int) -> None:
    """End a hand-off whose citizen cannot be reached any more."""
    held = ownership.lock(connection, conversation)
    handoff = handoffs.current(connection, conversation)
    if held is not None and handoff is not None and SHOWN[held.state] in ("queued", "advisor"):
        handoffs.end(connection, handoff, "citizen_left", at)
        ownership.step(connection, held, "closed", at, [state_line("closed")])


def back_to_bot(connection: Connection, held: Locked, at: int, said: str, buttons: tuple[Button, ...] = ()) -> list[Event]:
    """Return a conversation to the bot, with what the bot says to it."""
    answer = {"outcome": "smalltalk", "entries": [], "sources": [], "data": {"step": "returned"}}
    returning, _ = ownership.step(connection, held, "returning", at)
    return ownership.step(connection, returning, "bot", at, [state_line("bot"), Line("bot", said, buttons, answer)])[1]


def open_handoff(connection: Connection, advisor: Advisor, conversation: str) -> tuple[Locked, Row[Any]]:
    """Lock a conversation with a hand-off that has not ended, and that this advisor may see."""
    held = ownership.lock(connection, conversation)
    handoff = handoffs.current(connection, conversation) if held else None
    if held is None or handoff is None:
        raise errors.not_found()
    if not may_see(advisor, handoff):
        raise errors.forbidden()
    return held, handoff


def mine(connection: Connection, advisor: Advisor, conversation: str) -> tuple[Locked, Row[Any]]:
    """Lock a conversation that this advisor owns."""
    held, handoff = open_handoff(connection, advisor, conversation)
    if SHOWN[held.state] != "advisor" or held.owner != advisor.id:
        raise errors.Refused(409, "not_owner")
    return held, handoff


def _seen(connection: Connection, advisor: Advisor, conversation: str) -> Row[Any]:
    """Return the newest hand-off of a conversation that this advisor may see."""
    handoff = handoffs.last(connection, conversation)
    if handoff is None:
        raise errors.not_found()
    if not may_see(advisor, handoff):
        raise errors.forbidden()
    return handoff


def may_see(advisor: Advisor, handoff: Row[Any]) -> bool:
    """Nobody sees a conversation of a queue that is not theirs, leads excepted; whoever owns it sees it anyway."""
    return advisor.is_lead or handoff.queue in advisor.queues or handoff.advisor == advisor.id
