"""Rounds of a programme beside the open one: the last that is known, the usual months, and what comes next. For people, not for judging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.dates import MONTHS
from knowledge.funding.programme import Line, Programme
from knowledge.funding.window import closing, records_of
from knowledge.openness import returning


@dataclass(frozen=True)
class Rounds:
    """`last`: when the last known round ended; `months`: in which months rounds end.

    `following`: the next day of a yearly rhythm; `begins`: one can apply from it, else until it.
    """

    last: date | None
    months: tuple[str, ...]
    following: date | None = None
    begins: bool = False


def rounds(programme: Programme, line: Line, day: date) -> Rounds:
    """Return what the dates of a line tell on a day."""
    records = records_of(programme, line)
    dates = closing(records)
    past = [d for d in dates if d < day]
    following = min(((item.day, begins) for r in records for begins, item in returning(r, day)), default=None)
    return Rounds(past[-1] if past else None, _months(dates, records), *(following or (None, False)))


def _months(dates: list[date], records: tuple[Mapping[str, Any], ...]) -> tuple[str, ...]:
    yearly = [int(window["until"][:2]) for r in records for window in r.get("yearly", ())]
    return tuple(MONTHS[number - 1] for number in sorted({d.month for d in dates} | set(yearly)))
