"""Counts per hour and queue, kept when the conversations are gone. Never per person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from gateway.tables import COUNTS

HOUR_MS = 60 * 60 * 1000
# Upper edges of the waits' classes in seconds: median and p90 are read from them (the exact waits go with the conversations).
WAITS_S = (15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600)
_C = COUNTS.c


def add(connection: Connection, at: int, queue: str, measure: str, number: int = 1) -> None:
    """Add to a count."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"hour": at // HOUR_MS, "queue": queue, "measure": measure, "number": number}
    added = insert(COUNTS).values(row)
    grown = {"number": _C.number + added.excluded.number}
    connection.execute(added.on_conflict_do_update(index_elements=[_C.hour, _C.queue, _C.measure], set_=grown))


def add_wait(connection: Connection, at: int, queue: str, wait_ms: int) -> None:
    """Count a wait in its class."""
    edge = next((edge for edge in WAITS_S if wait_ms <= edge * 1000), None)
    add(connection, at, queue, f"wait:{edge if edge is not None else 'more'}")


def between(connection: Connection, first_hour: int, last_hour: int) -> list[tuple[int, str, str, int]]:
    """Return (hour, queue, measure, number) of these hours (hours since 1970, UTC)."""
    wanted = sa.select(_C.hour, _C.queue, _C.measure, _C.number).where(_C.hour.between(first_hour, last_hour))
    return [tuple(row) for row in connection.execute(wanted.order_by(_C.hour, _C.queue, _C.measure))]
