"""Which advisors serve which queues, and what becomes of the people who wait in a queue that is taken away."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store.handoffs import GENERAL
from gateway.tables import ADVISORS, CALLBACKS, HANDOFFS


def set_members(connection: Connection, queue: str, members: Collection[str], shown: Collection[str]) -> None:
    """Let exactly these of the accounts that were shown serve a queue; an account opened in the meantime stays as it is."""
    for advisor, queues in _served(connection):
        if advisor not in shown or (advisor in members) == (queue in queues):
            continue
        _serve(connection, advisor, [*queues, queue] if advisor in members else [one for one in queues if one != queue])


def dissolve(connection: Connection, queue: str) -> None:
    """Move everybody of a queue to the general one: those who wait, open callbacks, and advisors who serve nothing else."""
    waiting = sa.update(HANDOFFS).where(HANDOFFS.c.queue == queue, HANDOFFS.c.ended_at.is_(None))
    connection.execute(waiting.values(queue=GENERAL))
    promised = sa.update(CALLBACKS).where(CALLBACKS.c.queue == queue, CALLBACKS.c.done_at.is_(None))
    connection.execute(promised.values(queue=GENERAL))
    for advisor, queues in _served(connection):
        if queue in queues:
            _serve(connection, advisor, [one for one in queues if one != queue] or [GENERAL])


def _served(connection: Connection) -> list[tuple[str, list[str]]]:
    rows = connection.execute(sa.select(ADVISORS.c.id, ADVISORS.c.queues).with_for_update()).all()
    return [(row.id, json.loads(row.queues)) for row in rows]


def _serve(connection: Connection, advisor: str, queues: list[str]) -> None:
    values = {"queues": json.dumps(queues, ensure_ascii=False)}
    connection.execute(sa.update(ADVISORS).where(ADVISORS.c.id == advisor).values(values))
