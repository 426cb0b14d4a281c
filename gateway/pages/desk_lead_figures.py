"""Figures of the desk in words and as a table file: what the page and its download have in common."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from gateway.funding.table_file import cell
from gateway.handoff.statistics import Figures, Wait
from gateway.texts import all_texts, text

NUMBERS = ("requests", "out_of_hours", "nobody", "full", "claimed", "requeued", "abandoned")
WAITS = ("wait_median", "wait_p90")
CALLBACKS = ("callbacks", "callbacks_kept", "callbacks_late", "callbacks_overdue")
PROMISES = ("promises", "promises_kept", "promises_late", "promises_overdue")
MEASURES = (*NUMBERS, *WAITS, *CALLBACKS, *PROMISES, "ratings", "rating")
Row = tuple[str, str, Figures]  # queue and hour of day in words


def label(measure: str) -> str:
    """Return what a measure is called."""
    return text(f"desk_lead.numbers.measures.{measure}")


def shown(figures: Figures, measure: str) -> str:
    """Return a figure as people read it: numbers, waits as what they were at most, the mean rating with one decimal."""
    value = getattr(figures, measure)
    if measure == "rating":
        return "–" if value is None else f"{float(value):.1f}".replace(".", ",")
    return wait(value) if measure in WAITS else str(value)


def wait(value: Wait | None) -> str:
    """Return a wait in words: its class's upper edge is all that is known of it.

    >>> wait(Wait(60)), wait(Wait(300)), wait(Wait(None)), wait(None)
    ('höchstens 60 s', 'höchstens 5 min', 'mehr als 60 min', '–')
    """
    if value is None:
        return "–"
    if value.at_most_s is None:
        return text("desk_lead.numbers.more_than", time="60 min")
    return text("desk_lead.numbers.at_most", time=seconds(value.at_most_s))


def seconds(number: int) -> str:
    """Return a class's edge, shortly."""
    return f"{number} s" if number <= 60 else f"{number // 60} min"


def reason(key: str) -> str:
    """Return why a hand-off ended, in words; a reason that has none stays as it was counted."""
    return str(all_texts()["desk_lead"]["numbers"]["reasons"].get(key, key))


def table(period: str, rows: Iterable[Row]) -> bytes:
    """Return the figures as CSV for a German spreadsheet; nothing in it counts as a formula, whatever queues are called."""
    rows = list(rows)
    ends = sorted({key for _, _, figures in rows for key in figures.ends})
    words = all_texts()["desk_lead"]["numbers"]
    head = [words["queue"], words["hour"], *map(label, MEASURES), *(f"{words['ended']}: {reason(key)}" for key in ends)]
    lines = [[period], head]
    for queue, hour, figures in rows:
        lines.append([queue, hour, *(shown(figures, m) for m in MEASURES), *(str(figures.ends.get(key, 0)) for key in ends)])
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([cell(value) for value in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")
