"""The conversations database: connections, threads and migrations. What is stored stands in the modules of `store/`.

SQLite has one writing thread (there can be only one writer anyway) and a few reading ones; a commit is on the disk
(`synchronous=FULL`) before anybody is told of it. PostgreSQL has a small pool and locks rows instead.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 2030_11_22  # any number: names the lock under which PostgreSQL is migrated
READERS, POSTGRES_WRITERS = 4, 8


class Database:
    """One database with its threads. `write` runs in a transaction, `read` without one."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._writer = _engine(url, self.is_sqlite, "BEGIN IMMEDIATE", 1 if self.is_sqlite else POSTGRES_WRITERS)
        self._reader = _engine(url, self.is_sqlite, "", READERS).execution_options(isolation_level="AUTOCOMMIT")
        self._writing = ThreadPoolExecutor(1 if self.is_sqlite else POSTGRES_WRITERS, "write")
        self._reading = ThreadPoolExecutor(READERS, "read")

    def migrate(self) -> None:
        """Bring the tables to the newest version; several gateways may start at once."""
        logging.getLogger("alembic").setLevel(logging.WARNING)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and return its result after the commit; an exception rolls back."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self.write_now, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reading connection."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self.read_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Like `write`, in the calling thread (command line, tests)."""
        with self._writer.begin() as connection:
            return work(connection)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """Like `read`, in the calling thread."""
        with self._reader.connect() as connection:
            return work(connection)

    async def empty_journal(self) -> None:
        """Move SQLite's write-ahead journal into the file, so that erased words do not live on in it."""
        if self.is_sqlite:
            await asyncio.get_running_loop().run_in_executor(self._writing, self._empty_journal)

    def _empty_journal(self) -> None:
        connection = self._writer.raw_connection()  # outside any transaction, where a checkpoint has to be
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def close(self) -> None:
        """End threads and connections; work that has begun is finished."""
        self._writing.shutdown()
        self._reading.shutdown()
        self._writer.dispose()
        self._reader.dispose()


def _engine(url: str, is_sqlite: bool, begin: str, size: int) -> Engine:
    options: dict[str, Any] = {"pool_size": size, "max_overflow": 0, "hide_parameters": True}
    if not is_sqlite:
        return sa.create_engine(url, pool_pre_ping=True, **options)
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": 5}, **options)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    if begin:
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by the listener above, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")
