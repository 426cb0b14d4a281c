"""The end of retention times, looked for every ten minutes. Only conversations held with the bot alone end here."""

from __future__ import annotations

import asyncio

from gateway import journal
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.settings import Settings
from gateway.store import erasure

EVERY_S = 600.0
DAY_MS = 24 * 60 * 60 * 1000


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
    before = now - settings.retention_bot_days * DAY_MS
    while ended := await database.write(lambda connection: erasure.expire(connection, before, now)):
        erased += len(ended)
    await database.write(
        lambda connection: erasure.drop_old_notes(
            connection,
            now - settings.retention_tombstone_days * DAY_MS,
            now - settings.retention_audit_days * DAY_MS,
        )
    )
    if erased:
        await database.empty_journal()
        journal.note("conversations_expired", number=erased)
    return erased
