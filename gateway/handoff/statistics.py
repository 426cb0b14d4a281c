"""From counts to figures of the desk, per queue and hour of day. Pure; never per person, as no count is.

Every figure is a sum of counts (`store.counts`) over the hours of a period:

- requests: hand-offs that were put into the queue, after consent.
- out_of_hours, nobody, full: wishes for a human that could not be queued: desk closed; open, but nobody there; too many waiting already.
- claimed: hand-offs taken by an advisor; one that went back to the queue and was taken again counts twice. requeued: went back so.
- wait_median, wait_p90: from the consent to each claim. Only classes of waits are kept, so the figure is its class's upper edge, the
  smallest one that half (nine tenths) of the claims did not exceed: the true value is at most that.
- abandoned: the citizen went away for good before anybody came.
- callbacks: agreed. kept: done by the due time, late: done after it, both counted when done. overdue: due and not done, counted at the
  due time; one that is done later is counted as late as well.
- promises: answers promised for later. kept, late, overdue: as for callbacks.
- ratings: conversations rated by citizens; rating: their mean, 1 (bad) to 5 (good), None where nobody rated.
- ends: why hand-offs ended, by reason; `abandoned` is among them.

Hours of day are those of Berlin. docs/how-to/desk-numbers.md says the same to leads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from gateway.store.counts import HOUR_MS, WAITS_S
from knowledge.clock import BERLIN

Count = tuple[int, str, str, int]  # hour since 1970 (UTC), queue, measure, number
MEDIAN, P90 = Fraction(1, 2), Fraction(9, 10)
CLASSES: tuple[int | None, ...] = (*WAITS_S, None)  # None: longer than the last edge
HOURS_OF_DAY = range(24)


@dataclass(frozen=True)
class Wait:
    """A wait read from its class: at most so many seconds; None: more than the last edge."""

    at_most_s: int | None


@dataclass(frozen=True)
class Figures:
    """What happened in some hours of some queues; the module says what each figure means."""

    requests: int
    out_of_hours: int
    nobody: int
    full: int
    claimed: int
    requeued: int
    wait_median: Wait | None
    wait_p90: Wait | None
    abandoned: int
    callbacks: int
    callbacks_kept: int
    callbacks_late: int
    callbacks_overdue: int
    promises: int
    promises_kept: int
    promises_late: int
    promises_overdue: int
    ratings: int
    rating: Fraction | None
    waits: Mapping[int | None, int]
    ends: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        """Nothing was counted."""
        numbers = (self.requests, self.out_of_hours, self.nobody, self.full, self.claimed, self.requeued, self.callbacks)
        done = (self.callbacks_kept, self.callbacks_late, self.callbacks_overdue)
        promised = (self.promises, self.promises_kept, self.promises_late, self.promises_overdue, self.ratings)
        return not any((*numbers, *done, *promised, *self.ends.values()))


def figures(counts: Iterable[Count]) -> Figures:
    """Return the figures of these counts."""
    number: Counter[str] = Counter()
    for _, _, measure, counted in counts:
        number[measure] += counted
    ratings = {mark: number[f"rating:{mark}"] for mark in range(1, 6)}
    rated = sum(ratings.values())
    waits = {edge: number[f"wait:{edge if edge is not None else 'more'}"] for edge in CLASSES}
    return Figures(
        requests=number["requests"],
        out_of_hours=number["out_of_hours"],
        nobody=number["nobody"],
        full=number["full"],
        claimed=number["claimed"],
        requeued=number["requeued"],
        wait_median=at_most(waits, MEDIAN),
        wait_p90=at_most(waits, P90),
        abandoned=number["end:abandoned"],
        callbacks=number["callbacks"],
        callbacks_kept=number["callbacks_kept"],
        callbacks_late=number["callbacks_late"],
        callbacks_overdue=number["callbacks_overdue"],
        promises=number["promises"],
        promises_kept=number["promises_kept"],
        promises_late=number["promises_late"],
        promises_overdue=number["promises_overdue"],
        ratings=rated,
        rating=Fraction(sum(mark * times for mark, times in ratings.items()), rated) if rated else None,
        waits=waits,
        ends={measure.removeprefix("end:"): n for measure, n in sorted(number.items()) if measure.startswith("end:")},
    )


def by_queue(counts: Iterable[Count]) -> dict[str, Figures]:
    """Return the figures of each queue that was counted at all, by its id."""
    found: dict[str, list[Count]] = {}
    for count in counts:
        found.setdefault(count[1], []).append(count)
    return {queue: figures(found[queue]) for queue in sorted(found)}


def by_hour_of_day(counts: Iterable[Count]) -> list[Figures]:
    """Return the figures of the 24 hours of day in Berlin; where the clocks change, an hour may be there twice or not at all."""
    found: list[list[Count]] = [[] for _ in HOURS_OF_DAY]
    for count in counts:
        found[hour_of_day(count[0])].append(count)
    return [figures(part) for part in found]


def at_most(waits: Mapping[int | None, int], share: Fraction) -> Wait | None:
    """Return the upper edge of the class in which the wait at this share of all lies; None where nobody waited.

    >>> at_most({15: 1, 30: 1, None: 0}, MEDIAN), at_most({15: 1, 30: 0, None: 1}, P90)
    (Wait(at_most_s=15), Wait(at_most_s=None))
    """
    total, so_far = sum(waits.values()), 0
    for edge, number in waits.items():
        so_far += number
        if number and so_far >= share * total:
            return Wait(edge)
    return None


def hour_of_day(hour: int) -> int:
    """Return the hour of day in Berlin of an hour since 1970.

    >>> hour_of_day(0)
    1
    """
    return datetime.fromtimestamp(hour * HOUR_MS // 1000, BERLIN).hour


def hours_of(last: date, days: int) -> tuple[int, int]:
    """Return the first and last hour (since 1970) of so many whole days in Berlin, the last one included."""
    first = last - timedelta(days=days - 1)
    begins, ends = (int(datetime.combine(day, time(), BERLIN).timestamp() * 1000) // HOUR_MS for day in (first, last + timedelta(days=1)))
    return begins, ends - 1
