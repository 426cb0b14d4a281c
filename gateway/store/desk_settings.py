"""What leads edit at the desk and what counts at once: opening hours, queues with their topics and regions, text modules."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.tables import DESK_SETTINGS

_C = DESK_SETTINGS.c


def read(connection: Connection, name: str) -> Any:
    """Return a setting, None where it was never set."""
    value = connection.execute(sa.select(_C.value).where(_C.name == name)).scalar()
    return None if value is None else json.loads(value)


def write(connection: Connection, name: str, value: Any, at: int) -> None:
    """Set a setting; the newest one counts."""
    connection.execute(sa.delete(DESK_SETTINGS).where(_C.name == name))
    row = {"name": name, "value": json.dumps(value, ensure_ascii=False), "changed_at": at}
    connection.execute(sa.insert(DESK_SETTINGS), row)
