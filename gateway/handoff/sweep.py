"""What time alone does to hand-offs: each rule looks for what is overdue and takes one step. Tested with a clock, run every second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway import journal
from gateway.clockwork import now_ms
from gateway.conversation import BERLIN, Button, Owner
from gateway.database import Database
from gateway.handoff import desk, hours_words
from gateway.handoff.limits import Limits
from gateway.signals import DESK, Signals
from gateway.store import counts, handoffs, ownership
from gateway.store.ownership import Line, Locked, state_line
from gateway.tables import ADVISORS, CALLBACKS, CONVERSATIONS, HANDOFFS
from gateway.texts import text

EVERY_S = 1.0
BATCH = 100
LOCK = 2030_11_28  # any number: names the lock of PostgreSQL under which one gateway sweeps
_C, _H = CONVERSATIONS.c, HANDOFFS.c
_PROMISED = sa.exists().where(_H.conversation == _C.id, _H.ended_at.is_(None), _H.promised_until.is_not(None))
_WAITING = (_H.claimed_at.is_(None), _H.ended_at.is_(None))


async def keep(database: Database, signals: Signals, limits: Limits) -> None:
    """Sweep again and again; a failure is noted and tried again the next time."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            changed = await database.write(lambda connection: sweep(connection, now_ms(), limits))
        except Exception as error:  # the database is away
            journal.note("desk_sweep_failed", level="ERROR", error=error)
            continue
        for conversation in changed:
            signals.wake(conversation)
        if changed:
            signals.wake(DESK)


def sweep(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Take all steps that are due and return the conversations that changed. Of several gateways one sweeps at a time."""
    if connection.dialect.name == "postgresql" and not connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))).scalar():
        return []
    rules: tuple[Callable[[Connection, int, Limits], list[str]], ...] = (
        _unanswered_offers, _fall_back, _long_waits, _left, _silent_advisors, _idle, _still_idle, _places,
    )  # fmt: skip
    _count_overdue(connection, at)
    _count_broken_promises(connection, at)
    return [conversation for rule in rules for conversation in rule(connection, at, limits)]


def _unanswered_offers(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Consent was not given: the bot simply goes on."""
    found = _in(connection, "offered", _C.last_message_at < at - limits.offer_ms)
    for conversation in found:
        held = _quiet(connection, conversation, "offered", at - limits.offer_ms)
        if held is not None:
            ownership.step(connection, held, "bot", at)
    return found


def _fall_back(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Nobody of a special queue was there: everybody may take it."""
    late = sa.select(_H.id, _H.conversation).where(*_WAITING, _H.queue != handoffs.GENERAL, _H.in_queue_since < at - limits.general_ms)
    rows = connection.execute(late.limit(BATCH)).all()
    for row in rows:
        handoffs.change(connection, row.id, queue=handoffs.GENERAL)
    return [row.conversation for row in rows]


def _long_waits(connection: Connection, at: int, limits: Limits) -> list[str]:
    """After a long wait a callback is offered, once; the place in the queue stays."""
    late = sa.select(_H.id, _H.conversation).where(*_WAITING, _H.callback_offered_at.is_(None), _H.queued_at < at - limits.queue_ms)
    rows = connection.execute(late.limit(BATCH)).all()
    for row in rows:
        handoffs.change(connection, row.id, callback_offered_at=at)
        held = ownership.lock(connection, row.conversation)
        if held is not None and held.state == "queued":
            answer = {"outcome": "callback", "entries": [], "sources": [], "data": {"step": "offer"}}
            ownership.say(connection, held, at, [Line(text=text("handoff.long_wait", held.language), answer=answer)])
    return [row.conversation for row in rows]


def _left(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Somebody who waited and went away for good: the place is given free, and counted.

    In a messenger nobody goes away, and whoever was promised an answer may.
    """
    gone = sa.and_(_C.last_message_at < at - limits.left_ms, _C.channel == "web", ~_PROMISED)
    found = _in(connection, "queued", gone)
    for conversation in found:
        held = _quiet(connection, conversation, "queued", at - limits.left_ms)
        if held is not None:
            ownership.step(connection, held, "abandoned", at, [state_line("abandoned")])
            _end(connection, conversation, "abandoned", at)
    return found


def _silent_advisors(connection: Connection, at: int, limits: Limits) -> list[str]:
    """An advisor who does not answer, or is no longer there: back to the queue at the old place, and the desk is alerted.

    Whoever promised an answer for later keeps the conversation; past the due date the leads are alarmed, and after a day it waits again.
    """
    gone = sa.or_(
        sa.and_(_H.answered_at.is_(None), _H.owner_since < at - limits.first_answer_ms),
        sa.and_(ADVISORS.c.seen_at < at - limits.heartbeat_ms, _H.promised_until.is_(None)),
        _H.promised_until < at - limits.promise_ms,
    )
    wanted = sa.select(_H.id, _H.conversation, _H.queue, _H.queued_at).join(ADVISORS, ADVISORS.c.id == _H.advisor)
    rows = connection.execute(wanted.where(_H.ended_at.is_(None), _H.claimed_at.is_not(None), gone).limit(BATCH)).all()
    for row in rows:
        held = ownership.lock(connection, row.conversation)
        still = connection.execute(wanted.where(_H.id == row.id, _H.ended_at.is_(None), _H.claimed_at.is_not(None), gone)).first()
        if held is None or held.state not in ("advisor", "waiting") or still is None:
            continue
        handoffs.back_to_queue(connection, row.id, row.queue, at, alerted_at=at)
        handoffs.change(connection, row.id, promised_until=None)
        counts.add(connection, at, row.queue, "requeued")
        told = state_line("queued", position=1, wait_s=handoffs.waiting(connection, row.queue).wait_s)
        ownership.step(connection, held, "queued", at, [Line(text=text("handoff.requeued", held.language)), told])
    return [row.conversation for row in rows]


def _idle(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Nothing was said for long: the citizen is asked."""
    found = _in(connection, "advisor", sa.and_(_C.last_message_at < at - limits.idle_ms, ~_PROMISED))
    for conversation in found:
        held = _quiet(connection, conversation, "advisor", at - limits.idle_ms)
        if held is not None:
            ownership.step(connection, held, "waiting", at, [Line(text=text("handoff.idle", held.language))], held.owner)
    return found


def _still_idle(connection: Connection, at: int, limits: Limits) -> list[str]:
    """And said nothing: the bot is back, and the hand-off can be taken up again for some time."""
    found = _in(connection, "waiting", sa.and_(_C.last_message_at < at - limits.idle_answer_ms, ~_PROMISED))
    until = hours_words.instant_in_words(datetime.fromtimestamp((at + limits.resume_ms) / 1000, BERLIN))
    for conversation in found:
        held = _quiet(connection, conversation, "waiting", at - limits.idle_answer_ms)
        if held is not None:
            _end(connection, conversation, "citizen_left", at)
            again = Button(text("handoff.buttons.resume_handoff", held.language), "request_human")
            desk.back_to_bot(connection, held, at, text("handoff.idle_returned", held.language, until=until), (again,))
    return found


def _places(connection: Connection, at: int, limits: Limits) -> list[str]:
    """Tell those who wait when they have moved up (or back, where somebody returned to an old place)."""
    moved, places = [], dict[str, int]()
    for row in handoffs.queue(connection, None):
        places[row.queue] = place = places.get(row.queue, 0) + 1
        if place == row.told_position:
            continue
        held = ownership.lock(connection, row.conversation)
        if held is not None and held.state == "queued":
            handoffs.change(connection, row.id, told_position=place)
            told = state_line("queued", position=place, wait_s=handoffs.waiting(connection, row.queue).wait_s)
            ownership.say(connection, held, at, [told])
            moved.append(row.conversation)
    return moved


def _count_overdue(connection: Connection, at: int) -> None:
    """Count a callback that was not kept, once: its due date is the hour it is counted in."""
    late = sa.select(CALLBACKS.c.id, CALLBACKS.c.queue, CALLBACKS.c.due_at)
    late = late.where(CALLBACKS.c.done_at.is_(None), CALLBACKS.c.due_at < at, CALLBACKS.c.overdue.is_(False))
    for row in connection.execute(late.limit(BATCH)).all():
        connection.execute(sa.update(CALLBACKS).where(CALLBACKS.c.id == row.id).values(overdue=True))
        counts.add(connection, row.due_at, row.queue, "callbacks_overdue")


def _count_broken_promises(connection: Connection, at: int) -> None:
    """Count a promised answer that was not given by its due date, once, in the hour it was due."""
    for row in handoffs.promised(connection, at):
        if not row.promise_overdue:
            handoffs.change(connection, row.id, promise_overdue=True)
            counts.add(connection, row.promised_until, row.queue, "promises_overdue")


def _in(connection: Connection, state: Owner, late: sa.ColumnElement[bool]) -> list[str]:
    return list(connection.execute(sa.select(_C.id).where(_C.state == state, late).limit(BATCH)).scalars())


def _quiet(connection: Connection, conversation: str, known: Owner, before: int) -> Locked | None:
    """Lock a conversation; None where something has happened since it was found."""
    held = ownership.lock(connection, conversation)
    return held if held is not None and held.state == known and held.last_message_at < before else None


def _end(connection: Connection, conversation: str, reason: str, at: int) -> None:
    handoff = handoffs.current(connection, conversation)
    if handoff is not None:
        handoffs.end(connection, handoff, reason, at)
