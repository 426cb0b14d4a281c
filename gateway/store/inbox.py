"""What messengers have delivered: acknowledged only when it stands here, each update once, and waiting until it has become a turn."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from gateway.channels.messenger import Post
from gateway.tables import INBOX

BATCH, OF_ONE = 500, 20
LOOKS = ("invite", "look")
_C = INBOX.c


def keep(connection: Connection, channel: str, post: Post, at: int) -> bool:
    """Write what came in; False where it was delivered before."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"channel": channel, "update": post.update, "at": at, "address": post.address, "kind": post.kind}
    row |= {"message": post.message, "text": post.text, "sent": post.sent, "waits": True}
    return connection.execute(insert(INBOX).values(row).on_conflict_do_nothing(index_elements=[_C.channel, _C.update])).rowcount == 1


def waiting(connection: Connection, channel: str) -> list[Row[Any]]:
    """Return what has not become a turn yet, the chats in the order in which they began to wait, and of each so much that all fit in.

    A chat that has to be looked at first is left out: it may wait for hours, and others must not wait for it.
    """
    theirs = _C.channel == channel, _C.waits
    unseen = sa.select(_C.address).where(*theirs, _C.kind.in_(LOOKS))
    place = sa.func.row_number().over(partition_by=_C.address, order_by=_C.number)
    ranked = sa.select(*INBOX.c, place.label("place")).where(*theirs, _C.address.not_in(unseen)).subquery()
    wanted = sa.select(ranked).where(ranked.c.place <= OF_ONE).order_by(ranked.c.place, ranked.c.number).limit(BATCH)
    return list(connection.execute(wanted))


def unseen(connection: Connection, channel: str, at: int, most: int) -> list[Row[Any]]:
    """Return the chats to look at now, with the number of tries and the instant of the first post: those that failed least often first."""
    wanted = sa.select(_C.address, sa.func.max(_C.tries).label("tries"), sa.func.min(_C.at).label("since"))
    theirs = wanted.where(_C.channel == channel, _C.waits, _C.kind.in_(LOOKS)).group_by(_C.address)
    due = theirs.having(sa.func.max(_C.next_at) <= at).order_by("tries", sa.func.min(_C.number))
    return list(connection.execute(due.limit(most)))


def hold(connection: Connection, channel: str, address: str, at: int, until: int) -> list[Row[Any]]:
    """Take a chat's looks for as long as one may last; none where another gateway was faster. Whoever dies with them loses them then."""
    theirs = _C.channel == channel, _C.address == address, _C.waits, _C.kind.in_(LOOKS)
    if not connection.execute(sa.update(INBOX).where(*theirs, _C.next_at <= at).values(next_at=until)).rowcount:
        return []
    return list(connection.execute(sa.select(INBOX).where(*theirs, _C.next_at == until)))


def again(connection: Connection, numbers: list[int], at: int, tries: int) -> None:
    """Let go of looks until they are tried again."""
    connection.execute(sa.update(INBOX).where(_C.number.in_(numbers)).values(next_at=at, tries=tries))


def release(connection: Connection, channels: Collection[str]) -> None:
    """Let go of all looks: at the start of the only gateway nobody holds any."""
    connection.execute(sa.update(INBOX).where(_C.channel.in_(list(channels)), _C.waits).values(next_at=0))


def of_chat(connection: Connection, channel: str, address: str) -> list[Row[Any]]:
    """Return what waits of one chat, under lock."""
    theirs = sa.select(INBOX).where(_C.channel == channel, _C.address == address, _C.waits).order_by(_C.number)
    return list(connection.execute(theirs.with_for_update()))


def done(connection: Connection, numbers: list[int]) -> None:
    """Take posts off; what stays for some days is the update's id, so that it is not taken twice, and the message's, for edits."""
    connection.execute(sa.update(INBOX).where(_C.number.in_(numbers)).values(waits=False, text=""))


def forget(connection: Connection, channel: str, address: str) -> None:
    """Take everything but the updates' ids out of what was taken from a chat; what came in since then still waits."""
    taken = sa.update(INBOX).where(_C.channel == channel, _C.address == address, _C.waits.is_(False))
    connection.execute(taken.values(address="", message=""))


def drop_old(connection: Connection, before: int) -> None:
    """Delete what came in before an instant: no platform delivers anything again after days, and a channel that is off keeps no words."""
    connection.execute(sa.delete(INBOX).where(_C.at < before))
