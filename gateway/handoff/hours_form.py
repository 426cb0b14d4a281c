"""Opening hours as leads type them: one line of times per day, and days with dates. What is allowed is decided in `hours`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from gateway.handoff.hours import KEYS, WEEKDAYS, Hours, HoursError, Spans

LONGEST_ABSENCE = 60  # days; a longer one is a change of the week
CLOSED = ("", "geschlossen", "zu", "-", "–")
_BETWEEN = re.compile(r"\s*(?:[,;]|\bund\b)\s*")
_UNTIL = re.compile(r"\s*(?:[-–—]|\bbis\b)\s*")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


def spans(typed: str) -> list[list[str]]:
    """Return the times of one line in the JSON form; what cannot be read stays as it is, for `Hours.from_dict` to name.

    >>> spans("9–12 und 13.30 bis 16 Uhr"), spans("geschlossen")
    ([['09:00', '12:00'], ['13:30', '16:00']], [])
    """
    line = " ".join(re.sub(r"\buhr\b", " ", typed, flags=re.IGNORECASE).split())
    if line.lower() in CLOSED:
        return []
    return [[_clock(clock) for clock in _UNTIL.split(part)] for part in _BETWEEN.split(line) if part]


def typed(open_at: Spans) -> str:
    """Return times as one line: `09:00–12:00, 13:00–16:00`."""
    return ", ".join(str(span) for span in open_at)


def with_week(hours: Hours, lines: Mapping[str, str]) -> tuple[Hours, dict[str, str]]:
    """Return the hours with another week, and what is wrong with which day's line (`mo` … `so`); with errors the hours stay."""
    week, errors = {}, {}
    for key in KEYS:
        try:
            week[key] = spans(lines.get(key, ""))
            Hours.from_dict({"week": {key: week[key]}})
        except HoursError as error:
            errors[key] = error.message
    return (hours, errors) if errors else (Hours.from_dict(hours.as_dict() | {"week": week}), {})


def with_days(hours: Hours, today: date, first: str, last: str, times: str) -> tuple[Hours, dict[str, str]]:
    """Return the hours with other times on a day, or on all days up to another, and what is wrong with `first`, `last` or `times`.

    Days that are over fall away: they count for nothing any more.
    """
    begin, errors = day(first), {}
    end = day(last) if last.strip() else begin
    if begin is None:
        errors["first"] = "Erster Tag: Bitte geben Sie ein Datum an, zum Beispiel 24.12.2026."
    elif begin < today:
        errors["first"] = "Erster Tag: Dieser Tag ist schon vorbei."
    if end is None and last.strip():
        errors["last"] = "Letzter Tag: Das ist kein Datum. Bitte schreiben Sie zum Beispiel 31.12.2026, oder lassen Sie das Feld leer."
    elif begin and end and not 0 <= (end - begin).days < LONGEST_ABSENCE:
        errors["last"] = f"Letzter Tag: Er muss nach dem ersten liegen, höchstens {LONGEST_ABSENCE} Tage insgesamt."
    try:
        Hours.from_dict({"week": {}, "exceptions": {today.isoformat(): spans(times)}})
    except HoursError as error:
        errors["times"] = "Zeiten: " + error.message.split(": ", 1)[-1]
    if errors or begin is None or end is None:
        return hours, errors
    return _changed(hours, [begin + timedelta(days=n) for n in range((end - begin).days + 1)], times, today)


def _changed(hours: Hours, days: list[date], line: str, today: date) -> tuple[Hours, dict[str, str]]:
    document = without_past(hours, today).as_dict()
    try:
        return Hours.from_dict(document | {"exceptions": document["exceptions"] | {one.isoformat(): spans(line) for one in days}}), {}
    except HoursError as error:  # too many days
        return hours, {"last": error.message}


def without_past(hours: Hours, today: date) -> Hours:
    """Return the hours without the days that are over."""
    return Hours(hours.week, {one: times for one, times in hours.exceptions.items() if one >= today})


def without_day(hours: Hours, gone: date) -> Hours:
    """Return the hours with a day as its weekday is."""
    return Hours(hours.week, {one: times for one, times in hours.exceptions.items() if one != gone})


def day(typed: str) -> date | None:
    """Return a day as browsers send it or as Germans type it, None where it is none.

    >>> day("24.12.2026") == day("2026-12-24"), day("31.02.2026")
    (True, None)
    """
    german = _GERMAN_DAY.fullmatch(typed.strip())
    iso = f"{german[3]}-{int(german[2]):02d}-{int(german[1]):02d}" if german else typed.strip()
    try:
        return date.fromisoformat(iso) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", iso) else None
    except ValueError:
        return None


def _clock(typed: str) -> str:
    found = _CLOCK.fullmatch(typed)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else typed


def weekday(key: str) -> str:
    """Return the name of a day's key, as labels have it."""
    return WEEKDAYS[KEYS.index(key)]
