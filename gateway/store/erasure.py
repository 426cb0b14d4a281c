"""Forgetting: a citizen's erasure, and the end of the retention times. What stays is a tombstone without content."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import chats, inbox
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


def erase(connection: Connection, conversation: str, at: int, action: str = "erased", keep_feedback: bool = False) -> bool:
    """Erase everything of a conversation under its lock; False where nothing was left to erase.

    A reply that arrives later finds no conversation and writes nothing. `keep_feedback`: what was remarked about answers has a time of
    its own.
    """
    chats.lock_all(connection, conversation)
    row = connection.execute(sa.select(_C.token_hash).where(_C.id == conversation).with_for_update()).one_or_none()
    if row is None:
        return False
    for table in (EVENTS, TURNS, HANDOFFS, CALLBACKS, NOTES, DRAFTS, SENT, *(() if keep_feedback else (FEEDBACK,))):
        connection.execute(sa.delete(table).where(table.c.conversation == conversation))
    chats.forget(connection, conversation)
    connection.execute(sa.delete(CONVERSATIONS).where(_C.id == conversation))
    tombstone = {"conversation": conversation, "token_hash": row.token_hash, "erased_at": at}
    connection.execute(sa.insert(TOMBSTONES), tombstone)
    note(connection, action, conversation, at)
    return True


def expire(connection: Connection, before: int, at: int, with_human: bool = False, callbacks_since: int = 0) -> list[str]:
    """Erase conversations, held with the bot only or with a human, whose last message is older than `before`; return their ids.

    One with a promised answer stays, and one with a callback still to be done, unless that was asked for before `callbacks_since`.
    """
    due = CALLBACKS.c.conversation == _C.id, CALLBACKS.c.done_at.is_(None), CALLBACKS.c.requested_at >= callbacks_since
    answer = HANDOFFS.c.conversation == _C.id, HANDOFFS.c.ended_at.is_(None), HANDOFFS.c.promised_until.is_not(None)
    promised = sa.or_(sa.exists().where(*due), sa.exists().where(*answer))
    old = sa.select(_C.id).where(_C.last_message_at < before, _C.with_human.is_(with_human), ~promised).limit(BATCH)
    ids = list(connection.execute(old).scalars())
    return [conversation for conversation in ids if erase(connection, conversation, at, "expired", keep_feedback=True)]


def drop_old_notes(connection: Connection, tombstones_before: int, audit_before: int, feedback_before: int, inbox_before: int) -> None:
    """Delete tombstones, audit lines and feedback past their time, and what messengers delivered some days ago."""
    inbox.drop_old(connection, inbox_before)
    connection.execute(sa.delete(FEEDBACK).where(FEEDBACK.c.at < feedback_before))
    connection.execute(sa.delete(TOMBSTONES).where(TOMBSTONES.c.erased_at < tombstones_before))
    connection.execute(sa.delete(AUDIT).where(AUDIT.c.at < audit_before))
