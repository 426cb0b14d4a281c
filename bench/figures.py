"""Figures from measurements: percentiles, ratios against a limit. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MET, MISSED = "erfüllt", "verfehlt"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0-1) of the values does not exceed; nan where there is none.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(value: float, reference: float) -> float:
    """Return value / reference; nan where the reference is 0 or unknown."""
    return value / reference if reference else math.nan


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of values, in their unit."""
    return {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "p99": percentile(values, 0.99)}


def late_over_first(turns: Sequence[Sequence[float]], window: int = 10) -> float:
    """Return the median of the last turns over the median of the first ones; `turns` holds one list per conversation."""
    first = median(t for conversation in turns for t in conversation[:window])
    last = median(t for conversation in turns for t in conversation[-window:])
    return ratio(last, first)


@dataclass(frozen=True)
class Requirement:
    """A figure with the limit that it has to keep: at least (`least`) or at most."""

    name: str
    value: float
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the limit is kept; an unknown value (nan) never keeps it."""
        return self.value >= self.limit if self.least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """The verdict in one German word."""
        return MET if self.met else MISSED

    def as_dict(self) -> dict[str, object]:
        """Return the form in bench.json."""
        kind = "at_least" if self.least else "at_most"
        return {"name": self.name, "value": self.value, kind: self.limit, "met": self.met}
