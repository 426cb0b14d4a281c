"""Bar plots as plain SVG, made on the server: the places of bars, lines and labels. The same numbers stand in a table beside each plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 12, 34
NAMES = 220  # room for the names beside lying bars
ROW = 30  # height of a lying bar with its gap
GAP = 0.25  # of a category's room, between the groups of bars


@dataclass(frozen=True)
class Bar:
    """A bar, in the units of the plot; `series` counts from 0 and names its class."""

    x: float
    y: float
    width: float
    height: float
    series: int = 0


@dataclass(frozen=True)
class Line:
    """A line of the grid."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Label:
    """A word or number beside an axis; `anchor` as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Plot:
    """A plot with its table. `rows`: the category and a number per series."""

    id: str
    title: str
    category: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    height: int = HEIGHT
    width: int = WIDTH


def standing(id: str, title: str, category: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Plot:
    """Return a plot with a group of standing bars per category, a bar per series in it; for short names in their order."""
    top, full, base = _top(series), HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM
    room = (WIDTH - LEFT - RIGHT) / max(1, len(categories))
    wide = room * (1 - GAP) / max(1, len(series))
    bars = tuple(
        Bar(_r(LEFT + room * (place + GAP / 2) + wide * one), _r(base - full * number / top), _r(wide), _r(full * number / top), one)
        for one, numbers in enumerate(series.values())
        for place, number in enumerate(numbers)
        if number
    )
    heights = [(value, _r(base - full * value / top)) for value in (0, top // 2, top)]
    lines = tuple(Line(LEFT, y, WIDTH - RIGHT, y) for _, y in heights)
    names = tuple(Label(_r(LEFT + room * (place + 0.5)), base + 18, name, "middle") for place, name in enumerate(categories))
    labels = (*(Label(LEFT - 6, y + 4, str(value), "end") for value, y in heights), *names)
    return Plot(id, title, category, tuple(series), _rows(categories, series), bars, lines, labels)


def lying(id: str, title: str, category: str, name: str, numbers: Mapping[str, int]) -> Plot:
    """Return a plot with a lying bar per category, for long names."""
    series = {name: list(numbers.values())}
    top, full, height = _top(series), WIDTH - NAMES - RIGHT, TOP + ROW * len(numbers) + BOTTOM
    thick = ROW * (1 - GAP)
    tops = [TOP + ROW * place for place in range(len(numbers))]
    bars = tuple(Bar(NAMES, y, _r(full * n / top), thick) for y, n in zip(tops, numbers.values(), strict=True) if n)
    ticks = [(value, _r(NAMES + full * value / top)) for value in (0, top // 2, top)]
    lines = tuple(Line(x, TOP, x, height - BOTTOM) for _, x in ticks)
    names = tuple(Label(NAMES - 8, _r(y + thick / 2 + 4), text, "end") for y, text in zip(tops, numbers, strict=True))
    labels = (*(Label(x, height - BOTTOM + 18, str(value), "middle") for value, x in ticks), *names)
    return Plot(id, title, category, (name,), _rows(list(numbers), series), bars, lines, labels, height)


def axis_top(largest: int) -> int:
    """Return a round and even end for the axis, at least 2, so that its middle is a whole number.

    >>> [axis_top(n) for n in (0, 1, 3, 9, 21, 250)]
    [2, 2, 4, 10, 40, 400]
    """
    step = 1
    while True:
        for factor in (2, 4, 10):
            if largest <= factor * step:
                return factor * step
        step *= 10


def _top(series: Mapping[str, Sequence[int]]) -> int:
    return axis_top(max((number for numbers in series.values() for number in numbers), default=0))


def _rows(categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((name, tuple(numbers[place] for numbers in series.values())) for place, name in enumerate(categories))


def _r(value: float) -> float:
    return round(value, 1)
