"""Passwords as Argon2id hashes. Checking one costs the same whether or not there is such an account."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Literal

import argon2

SHORTEST, LONGEST = 12, 200
HASHER = argon2.PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes; 0.12 s on two cores
Problem = Literal["short", "long", "characters"]


PROBLEMS: dict[Problem, str] = {
    "short": f"Das Kennwort ist zu kurz: mindestens {SHORTEST} Zeichen.",
    "long": f"Das Kennwort ist zu lang: höchstens {LONGEST} Zeichen.",
    "characters": "Das Kennwort enthält ein nicht erlaubtes Zeichen.",
}


class PasswordError(ValueError):
    """A password that is not taken, and why; never the password itself."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def hashed(password: str) -> str:
    """Return what is stored of a new password; raises `PasswordError`."""
    typed = _typed(password)
    if "\0" in typed or not _is_text(typed):
        raise PasswordError("characters")
    if len(typed) < SHORTEST:
        raise PasswordError("short")
    if len(typed) > LONGEST:
        raise PasswordError("long")
    return HASHER.hash(typed)


async def fits(stored: str | None, password: str) -> bool:
    """Say whether this is the password; without a stored hash a dummy costs the same time. Runs in a thread."""
    return await asyncio.to_thread(_fits, stored or dummy(), password) and stored is not None


async def renewed(stored: str, password: str) -> str | None:
    """Return a new hash of a password that fits where the stored one was made with other parameters than today's."""
    return await asyncio.to_thread(HASHER.hash, _typed(password)) if HASHER.check_needs_rehash(stored) else None


def dummy() -> str:
    """Return a hash of no known password with today's parameters: its salt and digest are zeros."""
    return f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}${'A' * 22}${'A' * 43}"


def _fits(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, _typed(password))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _typed(password: str) -> str:
    """Return one form for what looks the same: keyboards send "ü" as one character or as two."""
    return unicodedata.normalize("NFKC", password)


def _is_text(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:  # bytes that were no UTF-8
        return False
    return True
