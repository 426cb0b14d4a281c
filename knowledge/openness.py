"""Whether a programme can be applied for today, computed from its deadlines, its status and the date.

"Open" is said only when a date or a rolling window proves it on that day (DESIGN 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from knowledge.model import Entry

CLOSING = frozenset({"antragsfrist", "bewerbungsfrist", "interessenbekundung", "skizzenfrist", "programmende"})


class State(Enum):
    """What is known about the application window on a day."""

    OPEN = "open"  # a deadline is ahead
    ROLLING = "rolling"  # applications at any time
    YEARLY = "yearly"  # a deadline that returns every year is ahead
    WAITING = "waiting"  # the yearly window begins later
    RUNNING = "running"  # the programme exists, but no date proves an open round
    PASSED = "passed"  # the last known deadline is over
    CLOSED = "closed"  # the programme is closed or ended
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Deadline:
    """A day until which (for WAITING: from which) one can apply; `note` as the entry words it."""

    day: date
    note: str | None = None


@dataclass(frozen=True)
class Openness:
    """State on a day, the day that comes next, the last one that has passed, and deadlines given only in words."""

    state: State
    next: Deadline | None = None
    last: Deadline | None = None
    texts: tuple[str, ...] = ()


def openness(entry: Entry, today: date) -> Openness:
    """Judge the entry's application window on a day; the last day still counts as open."""
    records = entry.get("deadlines", [])
    dated = sorted((_dated(r) for r in records if r.get("date") and r.get("kind") in CLOSING), key=lambda d: d.day)
    ahead = [d for d in dated if d.day >= today]
    past = [d for d in dated if d.day < today]
    texts = tuple(r["note"] for r in records if not r.get("date") and r.get("note"))
    last = past[-1] if past else None
    if _is_over(entry, today):
        return Openness(State.CLOSED, None, last, texts)
    if ahead:
        return Openness(State.OPEN, ahead[0], last, texts)
    yearly = [window for r in records for window in returning(r, today)]
    if yearly and (entry.get("status") or {}).get("value") == "open":
        waits, following = min(yearly, key=lambda item: (item[0], item[1].day))
        return Openness(State.WAITING if waits else State.YEARLY, following, last, texts)
    return Openness(_undated(entry, records, last), None, last, texts)


def _is_over(entry: Entry, today: date) -> bool:
    status = entry.get("status") or {}
    return status.get("value") in ("closed", "ended") and str(status.get("as_of") or "") <= today.isoformat()


def _undated(entry: Entry, records: list[dict[str, Any]], last: Deadline | None) -> State:
    value = (entry.get("status") or {}).get("value")
    if value != "open":
        return State.UNKNOWN
    if any(r.get("rolling") for r in records):
        return State.ROLLING
    return State.PASSED if last else State.RUNNING


def _dated(record: dict[str, Any]) -> Deadline:
    return Deadline(date.fromisoformat(record["date"]), record.get("note"))


def returning(record: Mapping[str, Any], today: date) -> list[tuple[bool, Deadline]]:
    """Return the yearly windows of a deadline record: whether the window begins only later, and the day that comes next."""
    found = []
    for window in record.get("yearly", ()):
        until = _next(window["until"], today)
        begins = _day(window["from"], until.year) if window.get("from") else None
        waits = begins is not None and begins > today
        found.append((waits, Deadline(begins if begins and waits else until, window.get("label"))))
    return found


def _next(month_day: str, today: date) -> date:
    this_year = _day(month_day, today.year)
    return this_year if this_year >= today else _day(month_day, today.year + 1)


def _day(month_day: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
