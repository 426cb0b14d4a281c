"""The opening hours of the advisors' desk: their JSON form, whether it is open, and when it opens next. Pure, no I/O.

All times are local times in Europe/Berlin, public holidays those of Baden-Württemberg. What citizens read is in `hours_words`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

import holidays

from knowledge import dates
from knowledge.clock import BERLIN

KEYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MOST_EXCEPTIONS = 200
DAYS_AHEAD = 60
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class HoursError(ValueError):
    """A document that holds no opening hours: the field (`week.mo`, `exceptions.2026-12-24`), and a German sentence for the desk."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, order=True)
class Span:
    """From a local time to a later one of the same day; open in its first minute, closed again at its end."""

    begin: time
    end: time

    def __str__(self) -> str:
        return "–".join(self.as_list())

    def as_list(self) -> list[str]:
        """Return the span as the JSON form has it: `["09:00", "12:00"]`."""
        return [self.begin.isoformat("minutes"), self.end.isoformat("minutes")]


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Hours:
    """The regular week (0 = Monday) and the days that differ from it. Spans are sorted and apart; what is not named is closed.

    An exception replaces its whole day, a public holiday too; without spans the desk stays closed (an absence, a company holiday).
    """

    week: Mapping[int, Spans]
    exceptions: Mapping[date, Spans] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, document: object) -> Hours:
        """Read the JSON form: spans in any order, spans that touch become one. Raises `HoursError` for the first thing that is wrong.

        >>> Hours.from_dict({"week": {"fr": [["09:00", "12:00"]]}, "exceptions": {"2026-12-24": []}}).as_dict()["week"]["fr"]
        [['09:00', '12:00']]
        """
        parts = _table("hours", document)
        for name in parts.keys() - {"week", "exceptions"}:
            raise HoursError(_shown(name), f"„{_shown(name)}“ gehört nicht zu den Sprechzeiten. Erlaubt sind „week“ und „exceptions“.")
        week = dict(_weekday(*item) for item in _table("week", parts.get("week")).items())
        exceptions = _table("exceptions", parts.get("exceptions", {}))
        if len(exceptions) > MOST_EXCEPTIONS:
            raise HoursError("exceptions", f"Höchstens {MOST_EXCEPTIONS} Ausnahmetage sind möglich, angegeben sind {len(exceptions)}.")
        return cls({day: spans for day, spans in week.items() if spans}, dict(_exception(*item) for item in exceptions.items()))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: all seven days of the week, exceptions in the order of the calendar."""
        return {
            "week": {key: [span.as_list() for span in self.week.get(day, ())] for day, key in enumerate(KEYS)},
            "exceptions": {day.isoformat(): [span.as_list() for span in spans] for day, spans in sorted(self.exceptions.items())},
        }

    def on(self, day: date) -> Spans:
        """Return the spans of one calendar day, exceptions and public holidays considered."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in _holidays(day.year) else self.week.get(day.weekday(), ())


_MORNING, _AFTERNOON = Span(time(9), time(12)), Span(time(13), time(16))
DEFAULT = Hours({day: (_MORNING, _AFTERNOON) for day in range(4)} | {4: (_MORNING,)})


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv="BW", years=year))


def is_open(hours: Hours, at: datetime) -> bool:
    """Say whether the desk is open at an (aware) instant: from the first minute of a span on, no longer at its end."""
    return any(opens <= at.astimezone(UTC) < closes for opens, closes in _openings(hours, at.astimezone(BERLIN).date()))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """Return when the desk opens next, in Berlin time: always later than `at`, while it is open too. None: not within 60 days."""
    today = at.astimezone(BERLIN).date()
    for ahead in range(DAYS_AHEAD + 1):
        for opens, closes in _openings(hours, today + timedelta(days=ahead)):
            if at.astimezone(UTC) < opens < closes:
                return opens.astimezone(BERLIN)
    return None


def _openings(hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    """Return the spans of a day as instants (UTC), from the first reading of the begin to the last reading of the end."""
    return [(_readings(day, span.begin)[0], _readings(day, span.end)[1]) for span in hours.on(day)]


def _readings(day: date, clock: time) -> tuple[datetime, datetime]:
    """Return the first and last instant (UTC) at which clocks show a time; a time they skip in spring is the instant of the skip."""
    first, last = (datetime.combine(day, clock.replace(fold=fold), BERLIN).astimezone(UTC) for fold in (0, 1))
    if last < first:
        first = last = first.replace(minute=0)  # clocks change on the full hour of UTC (directive 2000/84/EC)
    return first, last


def _weekday(key: object, value: object) -> tuple[int, Spans]:
    if key not in KEYS:
        raise HoursError(f"week.{_shown(key)}", f"„{_shown(key)}“ ist kein Wochentag. Erlaubt sind {', '.join(KEYS[:-1])} und {KEYS[-1]}.")
    day = KEYS.index(str(key))
    return day, _spans(f"week.{key}", WEEKDAYS[day], value)


def _exception(key: object, value: object) -> tuple[date, Spans]:
    try:
        day = date.fromisoformat(str(key))
    except ValueError:
        day = date.min
    if day.isoformat() != key:  # Python reads 20261224 and 2026-W52-4 as well
        raise HoursError(f"exceptions.{_shown(key)}", f"„{_shown(key)}“ ist kein Datum. Erwartet wird ein Tag wie 2026-12-24.")
    return day, _spans(f"exceptions.{key}", dates.in_words(day), value)


def _spans(name: str, where: str, value: object) -> Spans:
    if not isinstance(value, list):
        raise HoursError(name, f"{where}: Erwartet wird eine Liste von Zeiten.")
    spans = sorted(_span(name, where, pair) for pair in value)
    for one, other in pairwise(spans):
        if other.begin < one.end:
            raise HoursError(name, f"{where}: Die Zeiten {one} und {other} Uhr überschneiden sich.")
    return _joined(spans)


def _joined(spans: list[Span]) -> Spans:
    """Return spans that do not overlap with those that touch made one."""
    begins, ends = {span.begin for span in spans}, {span.end for span in spans}
    return tuple(Span(*pair) for pair in zip(sorted(begins - ends), sorted(ends - begins), strict=True))


def _span(name: str, where: str, pair: object) -> Span:
    if not isinstance(pair, list) or len(pair) != 2:
        raise HoursError(name, f"{where}: Eine Zeit besteht aus Beginn und Ende, zum Beispiel 09:00 und 12:00.")
    begin, end = (_clock(name, where, text) for text in pair)
    if end <= begin:
        raise HoursError(name, f"{where}: Das Ende ({pair[1]} Uhr) muss nach dem Beginn ({pair[0]} Uhr) liegen.")
    return Span(begin, end)


def _clock(name: str, where: str, text: object) -> time:
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        raise HoursError(name, f"{where}: „{_shown(text)}“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00.")
    return time.fromisoformat(text)


def _table(name: str, value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise HoursError(name, "Die Sprechzeiten sind unvollständig oder haben nicht die erwartete Form.")
    return value


def _shown(value: object) -> str:
    return str(value)[:20]
