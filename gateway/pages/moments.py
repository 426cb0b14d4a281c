"""Instants as people at the desk read them."""

from __future__ import annotations

from datetime import datetime

from knowledge.clock import BERLIN


def moment(at: int) -> str:
    """Return milliseconds since 1970 as day and time in Berlin.

    >>> moment(1795770000000)
    '27.11.2026, 10:00 Uhr'
    """
    return f"{datetime.fromtimestamp(at / 1000, BERLIN):%d.%m.%Y, %H:%M} Uhr"
