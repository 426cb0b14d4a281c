"""Answering turns: one at a time per conversation, each exactly once, whatever fails. The order is kept by the log.

This gateway works on the conversations whose lease it holds; a turn whose gateway died is taken over.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from gateway import answers, journal, tokens
from gateway.clockwork import now_ms
from gateway.conversation import Event
from gateway.database import Database
from gateway.funding.expansion import Expansion
from gateway.handoff import arranging, availability
from gateway.handoff.availability import Look
from gateway.handoff.limits import Limits
from gateway.library import Shelf
from gateway.metrics import Metrics
from gateway.rasa import TIMEOUT_S, Rasa, RasaError
from gateway.signals import DESK, Signals
from gateway.store import events, turns
from gateway.store.messages import Recorded
from gateway.store.turns import Reply, Turn
from gateway.switches import Switches

LEAST_TIME_S = 0.5
RECOVER_EVERY_S = 5.0
POLL_S = 1.0  # only where another gateway may answer
Key = tuple[str, int]


@dataclass
class Turns:
    """The gateway's work on open turns."""

    database: Database
    rasa: Rasa
    shelf: Shelf
    switches: Switches
    signals: Signals
    metrics: Metrics
    expansion: Expansion
    limits: Limits
    web_only: frozenset[str] = frozenset()  # channels in which advisors do not write

    def __post_init__(self) -> None:
        self.gateway = tokens.new_id()
        self._accepted: dict[Key, float] = {}
        self._waiting: dict[Key, set[asyncio.Future[list[Event]]]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._handed: dict[str, Turn] = {}

    def accept(self, conversation: str, recorded: Recorded) -> None:
        """Take note of a message just recorded, and begin to answer it where that is this gateway's part."""
        if recorded.due and recorded.is_new and (recorded.turn or conversation in self._running):
            self._accepted[(conversation, recorded.seq)] = time.monotonic()
        if recorded.turn:
            self._start(recorded.turn)

    async def wait(self, conversation: str, seq: int, seconds: float) -> list[Event] | None:
        """Return what the bot's turn added, None when it is not finished in this time."""
        future: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault((conversation, seq), set())
        waiting.add(future)
        ends = time.monotonic() + seconds
        try:
            while True:
                stored = await self._look(conversation, seq, future)
                left = ends - time.monotonic()
                if stored is not None or left <= 0:
                    return stored
                await asyncio.wait((future,), timeout=left if self.database.is_sqlite else min(left, POLL_S))
        finally:
            waiting.discard(future)
            if not waiting:
                self._waiting.pop((conversation, seq), None)

    async def _look(self, conversation: str, seq: int, future: asyncio.Future[list[Event]]) -> list[Event] | None:
        if future.done():
            return future.result()
        if (conversation, seq) in self._accepted and conversation in self._running:
            return None  # being answered here: the future will tell

        def look(connection: Any) -> list[Event] | None:
            if not turns.is_answered(connection, conversation, seq):
                return None
            return events.of_turn(connection, conversation, seq)

        return await self.database.read(look)

    async def recover(self, alone: bool) -> None:
        """Answer turns that nobody is working on."""
        found = await self.database.write(lambda c: turns.claim_abandoned(c, self.gateway, now_ms(), alone))
        for turn in found:
            self._start(turn)

    async def keep_recovering(self) -> None:
        """Look for turns left by a gateway that died, or by a database that was away."""
        while True:
            await asyncio.sleep(RECOVER_EVERY_S)
            try:
                await self.recover(alone=False)
            except Exception as error:  # the database is away: try again
                journal.note("recovery_failed", level="ERROR", error=error)

    def _start(self, turn: Turn) -> None:
        if turn.conversation in self._running:
            self._handed[turn.conversation] = turn  # the task at work is just ending
        else:
            self._running[turn.conversation] = asyncio.create_task(self._work(turn))

    async def _work(self, first: Turn) -> None:
        conversation = first.conversation
        self.metrics.open_turns.inc()
        try:
            turn: Turn | None = first
            while turn:
                turn = await self._answer(turn) or self._handed.pop(conversation, None)
        except Exception as error:  # the database is away: the lease lapses and the turn is taken up again
            journal.note("turn_not_written", level="ERROR", error=error, conversation=conversation)
        finally:
            self.metrics.open_turns.dec()
            self._handed.pop(conversation, None)
            self._running.pop(conversation, None)
            self.signals.typing(conversation, False)

    async def _answer(self, turn: Turn) -> Turn | None:
        key = turn.conversation, turn.seq
        begun = self._accepted.get(key) or time.monotonic()
        try:
            reply = await self._reply(turn, begun)
            at = now_ms()
            committed = await self.database.write(lambda c: turns.commit(c, turn, reply, self.gateway, at))
        finally:
            self._accepted.pop(key, None)
        seconds = time.monotonic() - begun
        if committed.events:
            outcome = reply.answer["outcome"]
            self.metrics.turns.labels(outcome).inc()
            self.metrics.seconds.observe(seconds)
            journal.note("turn", conversation=turn.conversation, outcome=outcome, ms=int(seconds * 1000))
        for future in self._waiting.get(key, ()):
            if not future.done():
                future.set_result(committed.events)
        self.signals.wake(turn.conversation)
        if reply.step:
            self.signals.wake(DESK)
        return committed.next

    async def _reply(self, turn: Turn, begun: float) -> Reply:
        if turn.command is None and answers.is_emergency(turn.text):
            return answers.emergency_reply(turn)
        if not (await self.switches.position()).bot_on:
            return answers.off(turn, self.shelf.contacts())
        self.signals.typing(turn.conversation, True)
        try:
            left = TIMEOUT_S - (time.monotonic() - begun)
            return await self.expansion.of(await self._arranged(turn, await self.rasa.ask(turn, max(LEAST_TIME_S, left))))
        except RasaError as error:
            self.metrics.failures.labels(error.reason).inc()
            journal.note("bot_failed", level="WARNING", reason=error.reason, where=error.where)
            return answers.failed(turn, self.shelf.contacts())

    async def _arranged(self, turn: Turn, reply: Reply) -> Reply:
        """A wish for a human becomes an offer, a place in the queue, or a callback: whatever is possible now."""
        wish = arranging.wish_of(reply)
        if wish is None:
            return reply
        place, topic = (turn.bot_state.get("profile") or {}).get("place"), wish.get("topic")

        def look(connection: Connection) -> tuple[Look | None, str]:
            found = availability.look(connection, turn.conversation, topic, place, now_ms(), self.limits)
            return found, events.citizen_before(connection, turn.conversation, turn.seq)

        found, words = await self.database.write(look)
        return arranging.arranged(turn, reply, wish, found, words, self.web_only) if found else reply

    async def close(self) -> None:
        """Stop work; what is unanswered is answered after the next start."""
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
