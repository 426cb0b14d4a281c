"""What leads edit at the desk and what counts at once: opening hours, queues with their topics and regions, text modules."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from gateway.tables import DESK_SETTINGS

_C = DESK_SETTINGS.c


def read(connection: Connection, name: str) -> Any:
    """Return a setting, None where it was never set."""
    value = connection.execute(sa.select(_C.value).where(_C.name == name)).scalar()
    return None if value is None else json.loads(value)


def write(connection: Connection, name: str, value: Any, at: int) -> None:
    """Set a setting; the newest one counts."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    set_to = insert(DESK_SETTINGS).values(name=name, value=json.dumps(value, ensure_ascii=False), changed_at=at)
    newest = {"value": set_to.excluded.value, "changed_at": set_to.excluded.changed_at}
    connection.execute(set_to.on_conflict_do_update(index_elements=[_C.name], set_=newest))
