"""The clock of the whole installation: Europe/Berlin, and movable in tests.

`NOW` (an ISO instant, Berlin time) is refused unless `TESTING=1`. It is the instant at which all processes start; the
clock runs on from there. `CLOCK_STARTED` (epoch seconds, set once by the launcher) makes all processes agree.
"""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


class SettingError(ValueError):
    """A setting from the environment that cannot be used: its name, and what was expected."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name}: {expected}")
        self.name = name
        self.expected = expected


@lru_cache(maxsize=1)
def _offset(now: str, testing: str, started: str) -> timedelta:
    if not now:
        return timedelta(0)
    if testing != "1":
        raise SettingError("NOW", "ist nur zusammen mit TESTING=1 erlaubt")
    try:
        wanted = datetime.fromisoformat(now)
        begun = float(started) if started else time.time()
    except ValueError as error:
        raise SettingError("NOW", "erwartet wird ein Zeitpunkt wie 2026-11-22T10:15") from error
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=BERLIN)
    return wanted - datetime.fromtimestamp(begun, BERLIN)


def now() -> datetime:
    """Return the current instant, aware, in Europe/Berlin.

    Raises `SettingError` when `NOW` is set and not allowed or not readable.
    """
    env = os.environ
    offset = _offset(env.get("NOW", ""), env.get("TESTING", ""), env.get("CLOCK_STARTED", ""))
    return datetime.now(BERLIN) + offset


def today() -> date:
    """Return today's date in Europe/Berlin: deadlines end with this calendar day."""
    return now().date()
