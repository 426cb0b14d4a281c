"""Instants, waits and codes as advisors read them."""

from __future__ import annotations

from datetime import datetime

from gateway.conversation import BERLIN
from gateway.handoff.arranging import case_number
from gateway.texts import all_texts

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def clock(at: int) -> str:
    """Return the time of day of milliseconds since 1970, in Berlin.

    >>> clock(1795770000000)
    '10:00'
    """
    return f"{datetime.fromtimestamp(at / 1000, BERLIN):%H:%M}"


def since(then: int, now: int) -> str:
    """Return how long ago something was.

    >>> since(0, 59_000), since(0, 60_000), since(0, 7_300_000), since(0, 200_000_000)
    ('weniger als 1 Minute', '1 Minute', '2 Stunden', '2 Tage')
    """
    passed = max(0, now - then)
    if passed < MINUTE:
        return "weniger als 1 Minute"
    unit, one, many = next(row for row in _UNITS if passed >= row[0])
    number = passed // unit
    return f"1 {one}" if number == 1 else f"{number} {many}"


_UNITS = ((DAY, "Tag", "Tage"), (HOUR, "Stunde", "Stunden"), (MINUTE, "Minute", "Minuten"))


def name_of(group: str, code: str | None) -> str:
    """Return the German word for a code (channel, language, reason), the code itself where there is none."""
    words: dict[str, str] = all_texts()["desk"][group]
    return words.get(code or "", code or "")


def number(handoff: str) -> str:
    """Return the Vorgangsnummer of a hand-off."""
    return case_number(handoff)
