"""What messengers have delivered: acknowledged only when it stands here, each update once, and waiting until it has become a turn."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from gateway.channels.messenger import Post
from gateway.tables import INBOX

BATCH = 500
_C = INBOX.c


def keep(connection: Connection, channel: str, post: Post, at: int) -> bool:
    """Write what came in; False where it was delivered before."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"channel": channel, "update": post.update, "at": at, "address": post.address, "kind": post.kind}
    row |= {"message": post.message, "text": post.text, "waits": True}
    return connection.execute(insert(INBOX).values(row).on_conflict_do_nothing(index_elements=[_C.channel, _C.update])).rowcount == 1


def waiting(connection: Connection, channel: str) -> list[Row[Any]]:
    """Return what has not become a turn yet, in the order in which it came."""
    return list(connection.execute(sa.select(INBOX).where(_C.channel == channel, _C.waits).order_by(_C.number).limit(BATCH)))


def of_chat(connection: Connection, channel: str, address: str) -> list[Row[Any]]:
    """Return what waits of one chat, under lock."""
    theirs = sa.select(INBOX).where(_C.channel == channel, _C.address == address, _C.waits).order_by(_C.number)
    return list(connection.execute(theirs.with_for_update()))


def done(connection: Connection, numbers: list[int]) -> None:
    """Take posts off; what stays for some days is the update's id, so that it is not taken twice, and the message's, for edits."""
    connection.execute(sa.update(INBOX).where(_C.number.in_(numbers)).values(waits=False, text=""))


def newest_message(connection: Connection, channel: str, address: str) -> str | None:
    """Return the platform's id of the newest message that was taken from a chat."""
    theirs = sa.select(_C.message).where(_C.channel == channel, _C.address == address, _C.kind == "text", _C.waits.is_(False))
    return connection.execute(theirs.order_by(_C.number.desc()).limit(1)).scalar()


def forget(connection: Connection, channel: str, address: str) -> None:
    """Take everything but the updates' ids out of what was taken from a chat; what came in since then still waits."""
    taken = sa.update(INBOX).where(_C.channel == channel, _C.address == address, _C.waits.is_(False))
    connection.execute(taken.values(address="", message=""))


def drop_old(connection: Connection, before: int) -> None:
    """Delete what came in before an instant: no platform delivers anything again after days, and a channel that is off keeps no words."""
    connection.execute(sa.delete(INBOX).where(_C.at < before))
