"""Forgetting: a citizen's erasure, and the end of the retention times. What stays is a tombstone without content."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store.conversations import note
from gateway.tables import (
    AUDIT,
    CALLBACKS,
    CONVERSATIONS,
    DRAFTS,
    EVENTS,
    FEEDBACK,
    HANDOFFS,
    NOTES,
    SENT,
    TOMBSTONES,
    TURNS,
)

BATCH = 200
_C = CONVERSATIONS.c


def erase(connection: Connection, conversation: str, at: int, action: str = "erased") -> bool:
    """Erase everything of a conversation under its lock; False where nothing was left to erase.

    A reply that arrives later finds no conversation and writes nothing.
    """
    row = connection.execute(sa.select(_C.token_hash).where(_C.id == conversation).with_for_update()).one_or_none()
    if row is None:
        return False
    for table in (EVENTS, TURNS, FEEDBACK, HANDOFFS, CALLBACKS, NOTES, DRAFTS, SENT):
        connection.execute(sa.delete(table).where(table.c.conversation == conversation))
    connection.execute(sa.delete(CONVERSATIONS).where(_C.id == conversation))
    tombstone = {"conversation": conversation, "token_hash": row.token_hash, "erased_at": at}
    connection.execute(sa.insert(TOMBSTONES), tombstone)
    note(connection, action, conversation, at)
    return True


def expire(connection: Connection, before: int, at: int, with_human: bool = False) -> list[str]:
    """Erase conversations, held with the bot only or with a human, whose last message is older than `before`; return their ids.

    One with a callback still to be done stays.
    """
    promised = sa.exists().where(CALLBACKS.c.conversation == _C.id, CALLBACKS.c.done_at.is_(None))
    old = sa.select(_C.id).where(_C.last_message_at < before, _C.with_human.is_(with_human), ~promised).limit(BATCH)
    ids = list(connection.execute(old).scalars())
    return [conversation for conversation in ids if erase(connection, conversation, at, "expired")]


def drop_old_notes(connection: Connection, tombstones_before: int, audit_before: int) -> None:
    """Delete tombstones and audit lines past their time."""
    connection.execute(sa.delete(TOMBSTONES).where(TOMBSTONES.c.erased_at < tombstones_before))
    connection.execute(sa.delete(AUDIT).where(AUDIT.c.at < audit_before))
