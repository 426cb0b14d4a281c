"""What a plan may choose from: a line of a programme with the costs that it can pay, in whole euros. No profile, no texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from knowledge.funding import money
from knowledge.funding.matcher import Match
from knowledge.funding.money import Cell
from knowledge.funding.profile import COST_TYPES, PHASES, Profile

Costs = Mapping[Cell, int]
Allocation = dict[tuple[int, Cell], int]  # (number of the option, cell of the costs) -> grant in whole euros
FULL = Fraction(1)


@dataclass(frozen=True)
class Option:
    """One line that may be used. `ceilings`: the most that it pays of each cell's costs alone, rounded down.

    `caps` limit groups of cells, `most` the whole line; used at all it pays at least `least` (a lump sum: exactly `most`).
    """

    programme: str
    line: int
    group: str
    rates: Mapping[Cell, Fraction]
    ceilings: Mapping[Cell, int]
    caps: tuple[tuple[tuple[Cell, ...], int], ...] = ()
    least: int = 0
    most: int = 0
    subsidiary: bool = False
    excludes: frozenset[str] = frozenset()
    third_party: Fraction = Fraction(0)  # the part of its costs that third parties must pay
    is_open: bool = False  # facts do not determine its amount

    @property
    def own_share(self) -> Fraction:
        """The largest part of a cost that it leaves to the applicant."""
        return max((FULL - rate - self.third_party for rate in self.rates.values()), default=Fraction(0))

    @property
    def is_usable(self) -> bool:
        """Whether it pays anything, and enough to reach its smallest grant."""
        return self.most > 0 and self.least <= self.most and not self.is_open

    @cached_property
    def limits(self) -> tuple[tuple[tuple[Cell, ...], int], ...]:
        """The caps that can bind, the whole line's among them."""
        found = [(cells, cap) for cells, cap in self.caps if cap < sum(self.ceilings[c] for c in cells)]
        return tuple(found + [(tuple(self.rates), self.most)]) if self.most < sum(self.ceilings.values()) else tuple(found)

    def bars(self, other: Option) -> bool:
        """Whether both cannot stand in one plan: lines of one programme, or programmes that exclude each other."""
        return self.group == other.group or not self.names.isdisjoint(other.excludes) or not other.names.isdisjoint(self.excludes)

    @cached_property
    def names(self) -> frozenset[str]:
        """What an exclusion may call it: the programme, or the one whose line it is."""
        return frozenset((self.programme, self.group))


def option_of(found: Match, number: int, profile: Profile) -> Option:
    """Build the option of a line that fits; `number` is its place among the programme's lines."""
    programme, line = found.programme, found.line
    parts = money.shares(programme, line, profile)
    rates = {cell: FULL if part.rate is None else min(part.rate, FULL) for part in parts for cell in part.cells}
    ceilings = {cell: int(eur * rates[cell]) for part in parts for cell, eur in part.cells.items()}
    caps = tuple((tuple(part.cells), part.max_eur) for part in parts if part.max_eur is not None)
    within = [min(sum(ceilings[c] for c in part.cells), _or_all(part.max_eur)) for part in parts]
    most = int(min(sum(within), _or_all(line.max_eur)))
    return Option(
        programme=programme.id,
        line=number,
        group=programme.group,
        rates={cell: rates[cell] for cell in ordered(rates)},
        ceilings=ceilings,
        caps=caps,
        least=most if line.kind == "fixed" else line.min_eur or 0,
        most=most,
        subsidiary=programme.subsidiary,
        excludes=frozenset(programme.excludes),
        third_party=line.third_party,
        is_open=money.most(programme, line, profile) is None,
    )


def conflicts(options: Sequence[Option]) -> list[tuple[int, int]]:
    """Return the pairs of options that bar each other, each once, the smaller number first."""
    named: dict[str, set[int]] = {}
    for n, option in enumerate(options):
        for name in option.names:
            named.setdefault(name, set()).add(n)
    found = set()
    for n, option in enumerate(options):
        others = {m for name in option.excludes for m in named.get(name, ())} | {
            m for m in named[option.group] if options[m].group == option.group
        }
        found |= {(min(n, m), max(n, m)) for m in others if m != n}
    return sorted(found)


def unpaid(plan: Allocation, options: Sequence[Option], costs: Costs) -> dict[Cell, Fraction]:
    """Return the costs that belong to no programme yet."""
    left = {cell: Fraction(eur) for cell, eur in costs.items()}
    for (n, cell), eur in plan.items():
        left[cell] -= eur / options[n].rates[cell]
    return left


def ordered(cells: Iterable[Cell]) -> list[Cell]:
    """Return cells in the order of phases and cost types, however they were told."""
    phases, types = list(PHASES), list(COST_TYPES)
    return sorted(cells, key=lambda cell: (phases.index(cell[0]) if cell[0] else -1, types.index(cell[1])))


def _or_all(cap: int | None) -> float:
    return float("inf") if cap is None else cap
