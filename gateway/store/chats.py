"""Which chat of a messenger a conversation is held in, and how far it was delivered there. Addresses stand here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway import tokens
from gateway.store import inbox
from gateway.tables import CHATS, CONVERSATIONS

BATCH = 100
_C = CHATS.c


def find(connection: Connection, channel: str, address: str) -> Row[Any] | None:
    """Return a chat under its lock, None where nobody has written from there, or everything was erased."""
    found = sa.select(CHATS).where(_C.channel == channel, _C.address == address).with_for_update()
    return connection.execute(found).one_or_none()


def known(connection: Connection, channel: str, addresses: Collection[str]) -> set[str]:
    """Return those of some addresses that a conversation is held at."""
    theirs = sa.select(_C.address).where(_C.channel == channel, _C.address.in_(addresses))
    return set(connection.execute(theirs).scalars())


def begin(connection: Connection, channel: str, address: str, conversation: str) -> None:
    """Hold a chat in a new conversation from now on."""
    connection.execute(sa.delete(CHATS).where(_C.channel == channel, _C.address == address))
    fresh = {"sent_seq": 0, "sent_parts": 0, "tries": 0, "next_at": 0}
    connection.execute(
        sa.insert(CHATS), {"id": tokens.new_id(), "channel": channel, "address": address, "conversation": conversation} | fresh
    )


def end(connection: Connection, chat: str) -> None:
    """Forget a chat; the next message from there begins anew."""
    connection.execute(sa.delete(CHATS).where(_C.id == chat))


def forget(connection: Connection, conversation: str) -> None:
    """Erase the chat of a conversation, and all that came from there but the updates' ids."""
    for row in connection.execute(sa.select(CHATS).where(_C.conversation == conversation)).all():
        inbox.forget(connection, row.channel, row.address)
        end(connection, row.id)


def due(connection: Connection, channel: str, at: int) -> list[Row[Any]]:
    """Return the chats with something to deliver that may be tried now."""
    behind = CONVERSATIONS.c.last_seq > _C.sent_seq
    wanted = sa.select(CHATS).join(CONVERSATIONS, CONVERSATIONS.c.id == _C.conversation)
    return list(connection.execute(wanted.where(_C.channel == channel, behind, _C.next_at <= at).order_by(_C.next_at).limit(BATCH)))


def hold(connection: Connection, chat: str, known: int, until: int) -> bool:
    """Take a chat for a delivery; False where another gateway was faster. Whoever dies with it loses it when the time is over."""
    taken = sa.update(CHATS).where(_C.id == chat, _C.next_at == known).values(next_at=until)
    return connection.execute(taken).rowcount == 1


def delivered(connection: Connection, chat: str, seq: int, parts: int = 0) -> None:
    """Note how far a chat has got: everything up to `seq`, and so many parts of the next message."""
    connection.execute(sa.update(CHATS).where(_C.id == chat).values(sent_seq=seq, sent_parts=parts, tries=0))


def again(connection: Connection, chat: str, at: int, tries: int) -> None:
    """Let go of a chat until it is tried again."""
    connection.execute(sa.update(CHATS).where(_C.id == chat).values(next_at=at, tries=tries))


def set_link(connection: Connection, chat: str, link_hash: str, until: int) -> None:
    """Keep the hash of a link that leads to the conversation on the web, once; an older one is void."""
    connection.execute(sa.update(CHATS).where(_C.id == chat).values(link_hash=link_hash, link_until=until))


def by_link(connection: Connection, link_hash: str, at: int) -> Row[Any] | None:
    """Return the chat of a link that is still good."""
    good = sa.select(CHATS).where(_C.link_hash == link_hash, _C.link_until >= at).with_for_update()
    return connection.execute(good).one_or_none()
