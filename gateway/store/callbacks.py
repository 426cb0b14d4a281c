"""Callbacks: whom to call back, how and when. A record beside the conversation, never its owner; contact details stand nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway import tokens
from gateway.store import counts
from gateway.tables import CALLBACKS

_C = CALLBACKS.c


def take(connection: Connection, conversation: str, queue: str, contact: dict[str, Any], at: int, due_at: int) -> None:
    """Keep a wish for a callback; a second one of the same conversation replaces the first."""
    known = connection.execute(sa.delete(CALLBACKS).where(_C.conversation == conversation)).rowcount
    row = {"id": tokens.new_id(), "conversation": conversation, "queue": queue, "requested_at": at, "due_at": due_at} | contact
    connection.execute(sa.insert(CALLBACKS), row)
    if not known:
        counts.add(connection, at, queue, "callbacks")


def of(connection: Connection, conversation: str) -> Row[Any] | None:
    """Return the callback of a conversation."""
    return connection.execute(sa.select(CALLBACKS).where(_C.conversation == conversation)).one_or_none()


def open_ones(connection: Connection, queues: Sequence[str] | None) -> list[Row[Any]]:
    """Return the callbacks still to be done in these queues (None: in all), the next due one first."""
    wanted = sa.select(CALLBACKS).where(_C.done_at.is_(None)).order_by(_C.due_at)
    return list(connection.execute(wanted if queues is None else wanted.where(_C.queue.in_(queues))))


def done(connection: Connection, conversation: str, advisor: str, at: int) -> bool:
    """Note that somebody has called back; False where there was nothing to do."""
    ours = sa.update(CALLBACKS).where(_C.conversation == conversation, _C.done_at.is_(None))
    row = of(connection, conversation)
    if row is None or connection.execute(ours.values(done_at=at, advisor=advisor)).rowcount != 1:
        return False
    counts.add(connection, at, row.queue, "callbacks_kept" if at <= row.due_at else "callbacks_late")
    return True


def forget_done(connection: Connection, before: int) -> int:
    """Delete callbacks that were done before an instant; returns their number."""
    return connection.execute(sa.delete(CALLBACKS).where(_C.done_at < before)).rowcount
