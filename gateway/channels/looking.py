"""Chats that a channel has to look at before anything of them is taken: to accept an invitation, and to see who else is there.

A look waits in the inbox as everything else does, and stays there until it has been done: also while the platform is away.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import journal
from gateway.channels.messenger import GoneError, LaterError, Messenger
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.store import chats, inbox

AT_ONCE = 16
HOLD_MS = 90_000  # no look lasts longer: a gateway that dies with one leaves it to another
GIVE_UP_MS = 6 * 60 * 60 * 1000  # a server of somebody else's that never answers must not fill the inbox


class Looks:
    """The looks under way. When those that failed are tried again stands in the inbox, so that of several gateways one is at work."""

    def __init__(self, database: Database, news: asyncio.Event) -> None:
        self._database, self._news = database, news
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def begin(self, messenger: Messenger, at: int) -> None:
        """Begin the looks that are due, as many as may be under way."""
        free = AT_ONCE - len(self._under_way)
        due = await self._database.read(lambda c: inbox.unseen(c, messenger.name, at, AT_ONCE)) if free > 0 else []
        new = [chat for chat in due if (messenger.name, chat.address) not in self._under_way]
        for chat in new[:free]:
            self._under_way[(messenger.name, chat.address)] = asyncio.create_task(self._one(messenger, chat, at))

    async def close(self) -> None:
        """Stop; what was not done is done after the next start."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _one(self, messenger: Messenger, chat: Row[Any], at: int) -> None:
        until = at + HOLD_MS
        try:
            rows = await self._database.write(lambda c: inbox.hold(c, messenger.name, chat.address, at, until))
            if rows:
                await self._see(messenger, chat, rows)
            self._news.set()
        except Exception as error:  # the database is away, or an answer that nobody foresaw: tried again when the hold is over
            journal.note("look_failed", level="ERROR", error=error, channel=messenger.name)
        finally:
            self._under_way.pop((messenger.name, chat.address), None)

    async def _see(self, messenger: Messenger, chat: Row[Any], rows: list[Row[Any]]) -> None:
        """Look, and take off what waited for it; where the platform is away it is tried again."""
        numbers = [row.number for row in rows]
        try:
            is_good = await messenger.look(chat.address, is_invited=any(row.kind == "invite" for row in rows))
        except GoneError:
            is_good = False
        except LaterError as later:
            is_good, now = False, now_ms()
            next_at = now + later.wait_ms(chat.tries)
            if chat.since >= now - GIVE_UP_MS:
                await self._database.write(lambda c: inbox.again(c, numbers, next_at, chat.tries + 1))
                journal.note("look_later", level="WARNING", channel=messenger.name, tries=chat.tries + 1)
                return
        await self._database.write(lambda c: _seen(c, messenger.name, chat.address, numbers, is_good))


def _seen(connection: Connection, channel: str, address: str, numbers: list[int], is_good: bool) -> None:
    if is_good:
        inbox.done(connection, numbers)
        return
    chat = chats.find(connection, channel, address)
    if chat is not None:
        chats.leave(connection, chat)
    inbox.done(connection, [row.number for row in inbox.of_chat(connection, channel, address)])
    inbox.forget(connection, channel, address)
