"""Logging in: one check at a time, the same for unknown names and wrong passwords, and an end to guessing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from gateway import errors, tokens
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.desk import passwords
from gateway.desk.attempts import Attempts
from gateway.store import advisors, conversations, desk_sessions
from gateway.store.advisors import Credentials

LASTS_MS = 12 * 60 * 60 * 1000  # a day's work
PER_NAME, PER_ADDRESS = 5, 20


@dataclass(frozen=True)
class Opened:
    """The secrets of a new session; they are handed out this once."""

    token: str
    csrf: str


class LogIns:
    """The door of the desk. One check at a time: it takes 64 MiB, and parallel guesses would slip past the counters."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_at_a_time = asyncio.Lock()
        self._names, self._addresses = Attempts(PER_NAME), Attempts(PER_ADDRESS)

    async def open(self, name: str, password: str, address: str, replaced: str | None = None) -> Opened:
        """Log in and return the new session; `replaced` is the token of this browser's old one.

        Raises `Refused`: 401 the same for an unknown name, a wrong password and a disabled account; 429 after too many failures.
        """
        name = advisors.key(name)
        self._require_free(name, address)
        async with self._one_at_a_time:
            self._require_free(name, address)
            opened = await self._try(name, password, replaced)
            if opened is None:
                self._names.add(name)
                self._addresses.add(address)
        if opened is None:
            await self._database.write(lambda c: conversations.note(c, "login_failed", "", now_ms()))
            raise errors.Refused(401, "unauthorized", kind="wrong_login")
        self._names.forget(name)
        return opened

    async def vouched(self, name: str, replaced: str | None = None) -> Opened:
        """Open a session for somebody whom the identity provider vouches for; raises `Refused` (401) without an account of that name."""
        known = await self._database.read(lambda c: advisors.credentials(c, advisors.key(name)))
        opened = Opened(tokens.new_token(), tokens.new_token())
        if known is None or known.is_disabled or not await self._database.write(lambda c: _open(c, known, opened, None, replaced)):
            await self._database.write(lambda c: conversations.note(c, "login_failed", "", now_ms()))
            raise errors.Refused(401, "unauthorized", kind="wrong_login")
        return opened

    def _require_free(self, name: str, address: str) -> None:
        self._addresses.require_free(address)
        self._names.require_free(name)

    async def _try(self, name: str, password: str, replaced: str | None) -> Opened | None:
        known = await self._database.read(lambda c: advisors.credentials(c, name))
        stored = known.password_hash if known else None
        if not await passwords.fits(stored, password) or known is None or stored is None or known.is_disabled:
            return None
        opened, renewed = Opened(tokens.new_token(), tokens.new_token()), await passwords.renewed(stored, password)
        is_open = await self._database.write(lambda c: _open(c, known, opened, renewed, replaced))
        return opened if is_open else None


def _open(connection: Connection, known: Credentials, opened: Opened, renewed: str | None, replaced: str | None) -> bool:
    at = now_ms()
    if replaced:
        desk_sessions.close(connection, tokens.hashed(replaced))
    if not desk_sessions.open(connection, known, tokens.hashed(opened.token), opened.csrf, at, at + LASTS_MS):
        return False
    if renewed:
        advisors.renew_hash(connection, known.advisor.id, renewed)
    advisors.touch(connection, known.advisor.id, at)
    conversations.note(connection, "login", "", at, known.advisor.id)
    return True
