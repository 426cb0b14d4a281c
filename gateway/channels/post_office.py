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


class PostOffice:
    """The messengers that are switched on, by name."""

    def __init__(
        self, messengers: Sequence[Messenger], database: Database, turns: Turns, signals: Signals, shelf: Shelf, settings: Settings
    ) -> None:
        self.messengers = {one.name: one for one in messengers}
        self._database, self._turns, self._signals, self._shelf, self._settings = database, turns, signals, shelf, settings
        self._senders = Rate(settings.rate_messages)
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

    async def work(self) -> None:
        """Take, join and deliver, again and again; a failure is noted and tried again the next time."""
        if self._database.is_sqlite:  # this is the only gateway: what another run held is free
            await self._database.write(lambda c: chats.release(c, self.messengers))
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
        rows = await self._database.read(lambda c: inbox.waiting(c, messenger.name))
        context = self._context(messenger.name)
        unseen = self._looks.begin(messenger, rows, at)
        for address in intake.ready([row for row in rows if row.address not in unseen], at):
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
        """Say that everything is erased; nothing of the chat is kept to try it again."""
        try:
            await self._database.empty_journal()
            await messenger.send(address, delivery.plain(text("messenger.erased")))
        except (LaterError, GoneError) as error:
            journal.note("farewell_failed", level="WARNING", error=error, channel=messenger.name)
        finally:
            self._under_way.pop(key, None)

    def _context(self, channel: str) -> Context:
        lines = [contact.line() for contact in self._shelf.contacts()[:CONTACTS_NAMED]]
        served = self._shelf.served()
        return Context(
            channel,
            self._turns.gateway,
            self._settings.public_url,
            lines,
            lambda address: self._senders.take(f"{channel}:{address}"),
            lambda entry: served.entries[entry].title if served and entry in served.entries else None,
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
