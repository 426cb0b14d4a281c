"""Opening hours in the German that citizens read. What is open when is decided in `hours`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from gateway.handoff.hours import WEEKDAYS, Hours, Spans
from knowledge.clock import BERLIN
from knowledge.dates import MONTHS
from knowledge.dates import in_words as in_words_day

NONE = "zurzeit keine Sprechzeiten"


def in_words(hours: Hours) -> str:
    """Write the regular week, days with the same spans together; single exceptions are not named.

    >>> from gateway.handoff.hours import DEFAULT
    >>> in_words(DEFAULT)
    'Montag bis Donnerstag 9–12 und 13–16 Uhr, Freitag 9–12 Uhr; an Feiertagen geschlossen'
    """
    together: dict[Spans, list[int]] = {}
    for day in range(len(WEEKDAYS)):
        if spans := hours.week.get(day):
            together.setdefault(spans, []).append(day)
    if not together:
        return NONE
    week = ", ".join(f"{_days(days)} {_spans(spans)} Uhr" for spans, days in together.items())
    return f"{week}; an Feiertagen geschlossen"


def opening_in_words(at: datetime, opens: datetime) -> str:
    """Write when the desk opens, as seen from `at`: the day as near as people name it, and the hour.

    >>> opening_in_words(datetime(2026, 11, 27, 17, tzinfo=BERLIN), datetime(2026, 11, 30, 9, tzinfo=BERLIN))
    'Montag ab 9 Uhr'
    """
    local = opens.astimezone(BERLIN)
    ahead = (local.date() - at.astimezone(BERLIN).date()).days
    near = {0: "heute", 1: "morgen"} | dict.fromkeys(range(2, 7), WEEKDAYS[local.weekday()])
    return f"{near.get(ahead, f'am {local.day}. {MONTHS[local.month - 1]}')} ab {_clock(local.time())} Uhr"


def instant_in_words(at: datetime) -> str:
    """Write a day and an hour in full.

    >>> instant_in_words(datetime(2026, 11, 27, 10, 30, tzinfo=BERLIN))
    'Freitag, 27. November 2026, 10.30 Uhr'
    """
    local = at.astimezone(BERLIN)
    return f"{WEEKDAYS[local.weekday()]}, {in_words_day(local.date())}, {_clock(local.time())} Uhr"


def _days(days: Sequence[int]) -> str:
    """Name weekdays, three and more in a row as `Montag bis Mittwoch`."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return _listed([name for run in runs for name in _run(run)])


def _run(run: Sequence[int]) -> list[str]:
    names = [WEEKDAYS[day] for day in run]
    return [f"{names[0]} bis {names[-1]}"] if len(names) > 2 else names


def _spans(spans: Spans) -> str:
    return _listed([f"{_clock(span.begin)}–{_clock(span.end)}" for span in spans])


def _clock(clock: time) -> str:
    return f"{clock.hour}.{clock.minute:02d}" if clock.minute else f"{clock.hour}"


def _listed(parts: Sequence[str]) -> str:
    return " und ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
