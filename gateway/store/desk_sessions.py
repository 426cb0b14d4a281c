"""Log-ins that are still good: opened, found by token, closed. Only hashes of the tokens are stored."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import advisors
from gateway.store.advisors import Advisor, Credentials
from gateway.tables import ADVISORS, SESSIONS

_C, _A = SESSIONS.c, ADVISORS.c
_BY_TOKEN = (
    sa.select(*advisors.COLUMNS, _C.csrf)
    .join_from(SESSIONS, ADVISORS, _C.advisor == _A.id)
    .where(_C.token_hash == sa.bindparam("hash"), _C.expires_at > sa.bindparam("at"), _A.disabled_at.is_(None))
)


@dataclass(frozen=True)
class Session:
    """A log-in that is still good, with the secret that every writing request repeats."""

    advisor: Advisor
    csrf: str
    token_hash: str


def open(connection: Connection, checked: Credentials, token_hash: str, csrf: str, at: int, expires_at: int) -> bool:
    """Open a session; False where the account was disabled or got another password while the old one was checked."""
    drop_expired(connection, at)
    same = sa.select(_A.id).where(_A.id == checked.advisor.id, _A.password_hash == checked.password_hash, _A.disabled_at.is_(None))
    if connection.execute(same.with_for_update()).first() is None:
        return False
    row = {"token_hash": token_hash, "advisor": checked.advisor.id, "csrf": csrf, "created_at": at, "expires_at": expires_at}
    connection.execute(sa.insert(SESSIONS), row)
    return True


def by_token(connection: Connection, token_hash: str, at: int) -> Session | None:
    """Return the session and whose it is; None where it was never opened, is over, or the account is disabled."""
    row = connection.execute(_BY_TOKEN, {"hash": token_hash, "at": at}).one_or_none()
    return Session(advisors.from_row(row), row.csrf, token_hash) if row else None


def close(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(sa.delete(SESSIONS).where(_C.token_hash == token_hash))


def drop_expired(connection: Connection, at: int) -> None:
    """Delete the sessions whose time is up. Whoever had no other one is away: a page left open yesterday is nobody at the desk."""
    over = sa.select(_C.advisor).where(_C.expires_at <= at)
    alive = sa.select(_C.advisor).where(_C.expires_at > at)
    connection.execute(sa.update(ADVISORS).where(_A.id.in_(over), _A.id.not_in(alive)).values(presence="away"))
    connection.execute(sa.delete(SESSIONS).where(_C.expires_at <= at))
