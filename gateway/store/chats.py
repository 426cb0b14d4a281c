"""Which chat of a messenger a conversation is held in, and how far it was delivered there. Addresses stand here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway import tokens
from gateway.store import inbox
from gateway.tables import CHATS, CONVERSATIONS, FORMER_CHATS

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
    earlier = find(connection, channel, address)
    if earlier is not None:
        leave(connection, earlier)
    fresh = {"sent_seq": 0, "sent_parts": 0, "tries": 0, "next_at": 0}
    connection.execute(
        sa.insert(CHATS), {"id": tokens.new_id(), "channel": channel, "address": address, "conversation": conversation} | fresh
    )


def end(connection: Connection, chat: str) -> None:
    """Take a chat from its conversation, which is held elsewhere from now on; the next message from there begins anew."""
    connection.execute(sa.delete(CHATS).where(_C.id == chat))


def leave(connection: Connection, chat: Row[Any]) -> None:
    """Take a chat from its conversation, which is over; it stays known as an earlier one of this address, so that it can be erased."""
    end(connection, chat.id)
    former = {"conversation": chat.conversation, "channel": chat.channel, "address": chat.address}
    connection.execute(sa.insert(FORMER_CHATS), former)


def conversations(connection: Connection, channel: str, address: str) -> list[str]:
    """Return everything that was ever held at an address and is still kept."""
    found = [
        connection.execute(sa.select(table.c.conversation).where(table.c.channel == channel, table.c.address == address)).scalars()
        for table in (CHATS, FORMER_CHATS)
    ]
    return [conversation for some in found for conversation in some]


def forget(connection: Connection, conversation: str) -> None:
    """Erase the chat of a conversation, and all that was taken from there but the updates' ids."""
    for row in connection.execute(sa.select(CHATS).where(_C.conversation == conversation)).all():
        inbox.forget(connection, row.channel, row.address)
        end(connection, row.id)
    connection.execute(sa.delete(FORMER_CHATS).where(FORMER_CHATS.c.conversation == conversation))


def lock_all(connection: Connection, conversation: str) -> None:
    """Lock chat and inbox of a conversation before the conversation itself, as whoever takes posts does."""
    for row in connection.execute(sa.select(CHATS).where(_C.conversation == conversation)).all():
        inbox.of_chat(connection, row.channel, row.address)
        find(connection, row.channel, row.address)


def due(connection: Connection, channel: str, at: int) -> list[Row[Any]]:
    """Return the chats with something to deliver that may be tried now."""
    behind = CONVERSATIONS.c.last_seq > _C.sent_seq
    wanted = sa.select(CHATS).join(CONVERSATIONS, CONVERSATIONS.c.id == _C.conversation)
    return list(connection.execute(wanted.where(_C.channel == channel, behind, _C.next_at <= at).order_by(_C.next_at).limit(BATCH)))


def hold(connection: Connection, known: Row[Any], until: int) -> bool:
    """Take a chat for a delivery; False where another gateway was faster. Whoever dies with it loses it when the time is over."""
    same = _C.id == known.id, _C.next_at == known.next_at, _C.sent_seq == known.sent_seq, _C.sent_parts == known.sent_parts
    return connection.execute(sa.update(CHATS).where(*same).values(next_at=until)).rowcount == 1


def delivered(connection: Connection, chat: str, held: int, until: int, seq: int, parts: int = 0) -> bool:
    """Note how far a chat has got (up to `seq`, and so many parts of the next message) and hold it on; False where it is lost."""
    mine = sa.update(CHATS).where(_C.id == chat, _C.next_at == held)
    return connection.execute(mine.values(sent_seq=seq, sent_parts=parts, tries=0, next_at=until)).rowcount == 1


def again(connection: Connection, chat: str, held: int, at: int, tries: int) -> None:
    """Let go of a chat that is still held until it is tried again."""
    connection.execute(sa.update(CHATS).where(_C.id == chat, _C.next_at == held).values(next_at=at, tries=tries))


def release(connection: Connection, channels: Collection[str]) -> None:
    """Let go of all chats that are not waiting to be tried again: at the start of the only gateway nobody holds any."""
    connection.execute(sa.update(CHATS).where(_C.channel.in_(list(channels)), _C.tries == 0).values(next_at=0))


def set_link(connection: Connection, chat: str, link_hash: str, until: int) -> None:
    """Keep the hash of a link that leads to the conversation on the web, once; an older one is void."""
    connection.execute(sa.update(CHATS).where(_C.id == chat).values(link_hash=link_hash, link_until=until))


def remember(connection: Connection, conversation: str, recent: str) -> None:
    """Keep what became of the chat's newest messages, for edits of them."""
    connection.execute(sa.update(CHATS).where(_C.conversation == conversation).values(recent=recent))


def by_link(connection: Connection, link_hash: str, at: int) -> Row[Any] | None:
    """Return the chat of a link that is still good."""
    good = sa.select(CHATS).where(_C.link_hash == link_hash, _C.link_until >= at).with_for_update()
    return connection.execute(good).one_or_none()
