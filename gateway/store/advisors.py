"""The desk's accounts. Passwords come here as hashes only; log-ins that are still good stand in `store.desk_sessions`."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from gateway import tokens
from gateway.tables import ADVISORS, SESSIONS

Role = Literal["advisor", "lead", "editor", "admin"]
Presence = Literal["available", "away"]
ROLES: tuple[Role, ...] = ("advisor", "lead", "editor", "admin")
SEEN_EVERY_MS = 10_000
_C = ADVISORS.c
COLUMNS = (_C.id, _C.name, _C.shown_name, _C.role, _C.queues, _C.presence, _C.seen_at)
_BY_NAME = sa.select(*COLUMNS, _C.password_hash, _C.disabled_at).where(_C.name == sa.bindparam("key"))


class NameTaken(Exception):
    """There is an account of this name already, in whatever case it was written."""


@dataclass(frozen=True)
class Advisor:
    """An account of the desk. `name` is what one logs in with, in lower case; `shown_name` is what people read."""

    id: str
    name: str
    shown_name: str
    role: Role
    queues: tuple[str, ...]
    presence: Presence
    seen_at: int | None

    @property
    def is_lead(self) -> bool:
        """Sees all queues and figures, and edits the desk's settings."""
        return self.role in ("lead", "admin")

    @property
    def is_editor(self) -> bool:
        """May change entries of the knowledge base."""
        return self.role == "editor" or self.is_lead


@dataclass(frozen=True)
class Credentials:
    """What a log-in is checked against. Without a hash nobody logs in with a password."""

    advisor: Advisor
    password_hash: str | None
    is_disabled: bool


def key(name: str) -> str:
    """Return a name as it is stored: the column's uniqueness then holds whatever case or Unicode form is typed.

    >>> key(" Änne.MÜLLER ")
    'änne.müller'
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def create(
    connection: Connection,
    name: str,
    password_hash: str | None,
    at: int,
    role: Role = "advisor",
    queues: Sequence[str] = ("allgemein",),
    shown_name: str = "",
) -> Advisor:
    """Open an account, away at first; raises `NameTaken`."""
    advisor = Advisor(tokens.new_id(), key(name), shown_name or name.strip(), role, tuple(dict.fromkeys(queues)), "away", None)
    row: dict[str, Any] = asdict(advisor) | {"queues": json.dumps(advisor.queues, ensure_ascii=False)}
    try:
        connection.execute(sa.insert(ADVISORS), row | {"password_hash": password_hash, "created_at": at})
    except IntegrityError as error:
        raise NameTaken from error
    return advisor


def by_name(connection: Connection, name: str) -> Advisor | None:
    """Return the account of this name in any case, also a disabled one."""
    found = credentials(connection, name)
    return found.advisor if found else None


def by_id(connection: Connection, advisor: str) -> Advisor | None:
    """Return an account, also a disabled one: what it did keeps its name."""
    row = connection.execute(sa.select(*COLUMNS).where(_C.id == advisor)).one_or_none()
    return from_row(row) if row else None


def all(connection: Connection) -> list[Advisor]:
    """Return the accounts that are not disabled, by the name that is shown."""
    rows = connection.execute(sa.select(*COLUMNS).where(_C.disabled_at.is_(None)).order_by(_C.shown_name))
    return [from_row(row) for row in rows]


def credentials(connection: Connection, name: str) -> Credentials | None:
    """Return what a log-in under this name is checked against."""
    row = connection.execute(_BY_NAME, {"key": key(name)}).one_or_none()
    return Credentials(from_row(row), row.password_hash, row.disabled_at is not None) if row else None


def set_password(connection: Connection, advisor: str, password_hash: str) -> None:
    """Set a password and end all sessions: whoever knew the old one is out."""
    _change(connection, advisor, password_hash=password_hash)
    close_all(connection, advisor)


def renew_hash(connection: Connection, advisor: str, password_hash: str) -> None:
    """Keep another hash of the same password; sessions go on."""
    _change(connection, advisor, password_hash=password_hash)


def disable(connection: Connection, advisor: str, at: int) -> None:
    """Lock an account out at once; its row stays, so that what it did keeps its name."""
    _change(connection, advisor, disabled_at=at)
    close_all(connection, advisor)


def enable(connection: Connection, advisor: str) -> None:
    """Let a disabled account log in again, with its old password."""
    _change(connection, advisor, disabled_at=None)


def change(connection: Connection, advisor: str, shown_name: str, role: Role) -> None:
    """Change what an account is called and may do; it counts from the next request on."""
    _change(connection, advisor, shown_name=shown_name, role=role)


def every(connection: Connection) -> list[tuple[Advisor, bool]]:
    """Return all accounts and whether each is disabled, by the name that is shown."""
    rows = connection.execute(sa.select(*COLUMNS, _C.disabled_at).order_by(_C.shown_name, _C.id))
    return [(from_row(row), row.disabled_at is not None) for row in rows]


def close_all(connection: Connection, advisor: str) -> None:
    """End every session of an account; nobody is there any more."""
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.advisor == advisor))
    _change(connection, advisor, presence="away")


def set_presence(connection: Connection, advisor: str, state: Presence, at: int) -> None:
    """Say whether conversations may be offered to this advisor."""
    _change(connection, advisor, presence=state, seen_at=at)


def needs_touch(advisor: Advisor, at: int) -> bool:
    """Say whether `touch` would write, so that most requests need no transaction. A later instant is another clock's (`NOW`)."""
    return advisor.seen_at is None or not advisor.seen_at <= at < advisor.seen_at + SEEN_EVERY_MS


def touch(connection: Connection, advisor: str, at: int) -> None:
    """Note that the advisor's page is alive, at most every 10 s."""
    stale = sa.or_(_C.seen_at.is_(None), _C.seen_at <= at - SEEN_EVERY_MS, _C.seen_at > at)
    connection.execute(sa.update(ADVISORS).where(_C.id == advisor, stale).values(seen_at=at))


def from_row(row: Any) -> Advisor:
    """Return the account of a row with `COLUMNS`."""
    return Advisor(row.id, row.name, row.shown_name, row.role, tuple(json.loads(row.queues)), row.presence, row.seen_at)


def _change(connection: Connection, advisor: str, **values: Any) -> None:
    connection.execute(sa.update(ADVISORS).where(_C.id == advisor).values(**values))
