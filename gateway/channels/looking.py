"""Chats that a channel has to look at before anything of them is taken: to accept an invitation, and to see who else is there.

A look waits in the inbox as everything else does, and stays there until it has been done: also while the platform is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import journal
from gateway.channels.messenger import GoneError, LaterError, Messenger
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.store import chats, inbox

LOOKS = ("invite", "look")
AT_ONCE = 16
FIRST_WAIT_MS, LONGEST_WAIT_MS = 1_000, 60_000
GIVE_UP_MS = 6 * 60 * 60 * 1000  # a server of somebody else's that never answers must not fill the inbox


class Looks:
    """The looks under way, and when those that failed are tried again."""

    def __init__(self, database: Database, news: asyncio.Event) -> None:
        self._database, self._news = database, news
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._failed: dict[tuple[str, str], tuple[int, int]] = {}  # tries, and not before

    def begin(self, messenger: Messenger, rows: Sequence[Row[Any]], at: int) -> set[str]:
        """Begin the looks that are due; returns the addresses whose posts have to wait."""
        theirs: dict[str, list[Row[Any]]] = {}
        for row in rows:
            if row.kind in LOOKS:
                theirs.setdefault(row.address, []).append(row)
        for address, mine in theirs.items():
            key = (messenger.name, address)
            _, not_before = self._failed.get(key, (0, 0))
            if key not in self._under_way and not_before <= at and len(self._under_way) < AT_ONCE:
                self._under_way[key] = asyncio.create_task(self._one(messenger, address, mine))
        return set(theirs)

    async def close(self) -> None:
        """Stop; what was not done is done after the next start."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _one(self, messenger: Messenger, address: str, rows: list[Row[Any]]) -> None:
        key = (messenger.name, address)
        try:
            is_good = await self._see(messenger, address, rows)
            if is_good is not None:
                numbers = [row.number for row in rows]
                await self._database.write(lambda c: _seen(c, messenger.name, address, numbers, is_good))
                self._failed.pop(key, None)
        except Exception as error:  # the database is away, or an answer that nobody foresaw
            self._again(key, None)
            journal.note("look_failed", level="ERROR", error=error, channel=messenger.name)
        finally:
            self._under_way.pop(key, None)
            self._news.set()

    async def _see(self, messenger: Messenger, address: str, rows: list[Row[Any]]) -> bool | None:
        """Return what the look has shown, None where it is to be tried again."""
        try:
            return await messenger.look(address, is_invited=any(row.kind == "invite" for row in rows))
        except GoneError:
            return False
        except LaterError as later:
            if rows[0].at < now_ms() - GIVE_UP_MS:
                return False
            tries = self._again((messenger.name, address), later.after_s)
            journal.note("look_later", level="WARNING", channel=messenger.name, tries=tries)
            return None

    def _again(self, key: tuple[str, str], after_s: float | None) -> int:
        tries = self._failed.get(key, (0, 0))[0] + 1
        wait = FIRST_WAIT_MS * 2 ** min(tries - 1, 6) if after_s is None else int(after_s * 1000)
        self._failed[key] = (tries, now_ms() + min(wait, LONGEST_WAIT_MS))
        return tries


def _seen(connection: Connection, channel: str, address: str, numbers: list[int], is_good: bool) -> None:
    if is_good:
        inbox.done(connection, numbers)
        return
    chat = chats.find(connection, channel, address)
    if chat is not None:
        chats.leave(connection, chat)
    inbox.done(connection, [row.number for row in inbox.of_chat(connection, channel, address)])
    inbox.forget(connection, channel, address)
