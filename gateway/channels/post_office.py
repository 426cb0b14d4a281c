"""The work behind all messengers: takes what comes in, lets it become turns, delivers what is said. One per gateway."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence, Set
from contextlib import suppress
from functools import partial
from typing import Any

from gateway import journal
from gateway.channels import delivery, intake
from gateway.channels.intake import Context, Taken
from gateway.channels.looking import Looks
from gateway.channels.messenger import GoneError, LaterError, Messenger, Post
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.errors import Refused
from gateway.library import Shelf
from gateway.rate import Rate
from gateway.settings import Settings
from gateway.signals import DESK, Signals
from gateway.store import chats, inbox
from gateway.texts import text
from gateway.turns import Turns

EVERY_S = 0.2
AT_ONCE = 32  # deliveries under way, per messenger
CONTACTS_NAMED = 2
INVITATIONS = 5  # per sender and minute: each costs a look, and somebody else's server may let it wait
FAREWELLS = 20  # tries, a quarter of an hour


class PostOffice:
    """The messengers that are switched on, by name."""

    def __init__(
        self, messengers: Sequence[Messenger], database: Database, turns: Turns, signals: Signals, shelf: Shelf, settings: Settings
    ) -> None:
        self.messengers = {one.name: one for one in messengers}
        self._database, self._turns, self._signals, self._shelf, self._settings = database, turns, signals, shelf, settings
        self._senders = Rate(settings.rate_messages)
        self._inviters = Rate(INVITATIONS if settings.rate_messages else 0)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._sending: dict[str, set[str]] = {name: set() for name in self.messengers}
        self._news = asyncio.Event()
        self._looks = Looks(database, self._news)

    async def keep(self, channel: str, posts: Sequence[Post]) -> None:
        """Write what came in; when this returns it may be acknowledged."""
        at = now_ms()
        await self._database.write(lambda c: [inbox.keep(c, channel, post, at) for post in posts])
        self._news.set()

    async def strangers(self, channel: str, addresses: Set[str]) -> set[str]:
        """Return the addresses that no conversation is held at."""
        return set(addresses) - await self._database.read(lambda c: chats.known(c, channel, addresses))

    def admits_invitation(self, channel: str, sender: str) -> bool:
        """Say whether somebody may invite us once more now."""
        try:
            self._inviters.take(f"{channel}:{sender}")
        except Refused:
            return False
        return True

    async def recover(self) -> None:
        """Let go of what another run held, where this is the only gateway."""
        if self._database.is_sqlite:
            await self._database.write(lambda c: chats.release(c, self.messengers))
            await self._database.write(lambda c: inbox.release(c, self.messengers))

    async def work(self) -> None:
        """Take, join and deliver, again and again; a failure is noted and tried again the next time."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), EVERY_S)
            self._news.clear()
            for messenger in self.messengers.values():
                try:
                    await self._take(messenger)
                    await self._deliver(messenger)
                except Exception as error:  # the database is away
                    journal.note("messenger_failed", level="ERROR", error=error, channel=messenger.name)

    async def close(self) -> None:
        """Stop deliveries; what is not marked as delivered is delivered after the next start."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), self._looks.close(), return_exceptions=True)
        for messenger in self.messengers.values():
            await messenger.close()

    async def _take(self, messenger: Messenger) -> None:
        at = now_ms()
        await self._looks.begin(messenger, at)
        rows = await self._database.read(lambda c: inbox.waiting(c, messenger.name))
        context = self._context(messenger)
        for address in intake.ready(rows, at):
            try:
                taken: Taken = await self._database.write(partial(intake.take, context=context, address=address, at=at))
            except Exception as error:  # one chat does not stop the others
                journal.note("posts_not_taken", level="ERROR", error=error, channel=messenger.name)
                continue
            self._follow(taken)
            if taken.erased:
                key = f"farewell {uuid.uuid4()}"
                self._under_way[key] = asyncio.create_task(self._farewell(messenger, address, key))

    def _follow(self, taken: Taken) -> None:
        for conversation, recorded in taken.recorded:
            self._turns.accept(conversation, recorded)
            if not recorded.due:
                self._signals.wake(DESK)
        for conversation in taken.changed:
            self._signals.wake(conversation)
        if taken.erased:
            self._signals.wake(DESK)

    async def _farewell(self, messenger: Messenger, address: str, key: str) -> None:
        """Say that everything is erased. To try it again the chat is only remembered, and no longer where somebody writes there anew."""
        farewell = delivery.plain(text("messenger.erased"))
        try:
            await self._database.empty_journal()
            for tries in range(FAREWELLS):
                try:
                    await messenger.send(address, farewell)
                    return
                except LaterError as later:
                    await asyncio.sleep(later.wait_ms(tries) / 1000)
                if not await self.strangers(messenger.name, {address}):
                    break
            journal.note("farewell_failed", level="WARNING", channel=messenger.name)
        except GoneError as error:
            journal.note("farewell_failed", level="WARNING", error=error, channel=messenger.name)
        finally:
            self._under_way.pop(key, None)

    def _context(self, messenger: Messenger) -> Context:
        lines = [contact.line() for contact in self._shelf.contacts()[:CONTACTS_NAMED]]
        served = self._shelf.served()
        return Context(
            messenger.name,
            self._turns.gateway,
            self._settings.public_url,
            lines,
            lambda address: self._senders.take(f"{messenger.name}:{address}"),
            lambda entry: served.entries[entry].title if served and entry in served.entries else None,
            messenger.is_numbered,
        )

    async def _deliver(self, messenger: Messenger) -> None:
        at = now_ms()
        for chat in await self._database.read(lambda c: chats.due(c, messenger.name, at)):
            under_way = self._sending[messenger.name]
            if chat.id in under_way or len(under_way) >= AT_ONCE:
                continue
            under_way.add(chat.id)
            self._under_way[chat.id] = asyncio.create_task(self._one(messenger, chat))

    async def _one(self, messenger: Messenger, chat: Any) -> None:
        try:
            await delivery.deliver(self._database, messenger, chat, self._settings.public_url)
        except Exception as error:  # the database is away, or an answer that nobody foresaw
            journal.note("delivery_failed", level="ERROR", error=error, channel=messenger.name)
        finally:
            self._under_way.pop(chat.id, None)
            self._sending[messenger.name].discard(chat.id)
