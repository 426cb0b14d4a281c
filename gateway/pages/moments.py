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


def local_input(at: int) -> str:
    """Return an instant as the value of an input for day and time.

    >>> local_input(1795770000000)
    '2026-11-27T10:00'
    """
    return f"{datetime.fromtimestamp(at / 1000, BERLIN):%Y-%m-%dT%H:%M}"
