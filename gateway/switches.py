"""Switching the bot off and putting a notice on every page, also while Rasa is down. Takes effect within seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError

from gateway import journal
from gateway.database import Database
from gateway.store import conversations

FRESH_S = 2.0


@dataclass(frozen=True)
class Position:
    """How the switches stand."""

    bot_on: bool = True
    notice: str | None = None


class Switches:
    """The switches as stored by `python -m gateway`, read again every two seconds at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._position = Position()
        self._read_at = float("-inf")

    async def position(self) -> Position:
        """Return how the switches stand."""
        if time.monotonic() - self._read_at > FRESH_S:
            self._read_at = time.monotonic()
            try:
                stored = await self._database.read(conversations.switches)
                self._position = Position(stored.get("bot") != "off", stored.get("notice") or None)
            except DatabaseError as error:  # the last known position holds
                journal.note("switches_not_read", level="ERROR", error=error)
        return self._position
