"""The end of retention times, looked for every ten minutes. Conversations with a human have a time of their own."""

from __future__ import annotations

import asyncio
from functools import partial

from gateway import journal
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.settings import Settings
from gateway.store import callbacks, desk_sessions, erasure

EVERY_S = 600.0
DAY_MS = 24 * 60 * 60 * 1000
INBOX_DAYS = 3  # Telegram gives up after one day, homeservers after some: later nothing is delivered again


async def keep(database: Database, settings: Settings) -> None:
    """Sweep again and again; a failure is noted and tried again the next time."""
    while True:
        try:
            await sweep(database, settings)
        except Exception as error:  # the database is away
            journal.note("retention_failed", level="ERROR", error=error)
        await asyncio.sleep(EVERY_S)


async def sweep(database: Database, settings: Settings) -> int:
    """Erase what is past its time and return the number of conversations erased."""
    now, erased = now_ms(), 0
    given_up = now - settings.limits.callback_end_ms
    for days, with_human in ((settings.retention_bot_days, False), (settings.retention_handoff_days, True)):
        late = partial(erasure.expire, before=now - days * DAY_MS, at=now, with_human=with_human, callbacks_since=given_up)
        while ended := await database.write(late):
            erased += len(ended)
    await database.write(partial(callbacks.forget_done, before=now - settings.retention_callback_days * DAY_MS))
    await database.write(partial(desk_sessions.drop_expired, at=now))
    await database.write(
        lambda connection: erasure.drop_old_notes(
            connection,
            now - settings.retention_tombstone_days * DAY_MS,
            now - settings.retention_audit_days * DAY_MS,
            now - settings.retention_comment_days * DAY_MS,
            now - INBOX_DAYS * DAY_MS,
        )
    )
    if erased:
        await database.empty_journal()
        journal.note("conversations_expired", number=erased)
    return erased
