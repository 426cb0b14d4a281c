"""The combination as a mixed-integer program, solved by SciPy's HiGHS.

Each euro of cost belongs to at most one programme. A grant x at the rate r needs costs of x / r, so a cell's law is the sum of x / r
over the programmes that pay it <= its costs. Which options are used is decided with grants as real numbers (milliseconds); its optimum
bounds every plan in whole euros. Grants are then rounded down and topped up; where that misses the bound, a search in whole euros
follows: over everything in small programs, near the rounded plan in large ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from knowledge.funding.laws import brought, faults, mended, topped_up
from knowledge.funding.money import Cell
from knowledge.funding.option import Allocation, Costs, Option, conflicts

NODES = 1_000  # where a search ends, also unproven: a count, not a time, so that the same input gives the same plan
SMALL = 24  # grant columns up to which the search in whole euros goes over everything: about 10 ms
TIDYING_NODES = 50  # the search for fewer applications may end early: it only makes a best plan handier
NEAR_EUR = 20
TINY = 1e-3  # what a solution in floating point may lie below a whole number
Row = tuple[list[int], list[float], float, float]  # columns, their factors, lowest and highest sum
Vector = NDArray[np.float64]
Floor = tuple[Collection[int], int]  # these options together bring at least so many euros


@dataclass
class Model:
    """The program's columns and rows. Column n < len(pairs) is the grant for `pairs[n]`, then comes one switch per option in `switched`."""

    options: Sequence[Option]
    costs: Costs
    pairs: list[tuple[int, Cell]]
    switched: dict[int, int]
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, options: Sequence[Option], costs: Costs, *, counted: bool = False) -> Model:
        """Build the program of some options; with `counted` every option has a switch, else only those that need one."""
        pairs = [(n, cell) for n, option in enumerate(options) for cell in option.rates if option.ceilings[cell]]
        barred = conflicts(options)
        torn = {n for pair in barred for n in pair}
        needed = [n for n, option in enumerate(options) if counted or option.least or n in torn]
        model = cls(options, costs, pairs, {n: len(pairs) + place for place, n in enumerate(needed)})
        model._cells()
        model._options()
        model._groups(barred)
        return model

    @property
    def unit(self) -> float:
        """A power of two that brings the largest grant below 1,000."""
        return float(1 << (max((self.options[n].ceilings[cell] for n, cell in self.pairs), default=0) // 1000).bit_length())

    def columns(self, numbers: Collection[int]) -> list[int]:
        """Return the grant columns of some options."""
        return [column for column, (n, _) in enumerate(self.pairs) if n in numbers]

    def most(self, numbers: Collection[int], floors: Sequence[Floor] = (), at_most: int | None = None) -> Allocation | None:
        """Return the allocation that brings most money from these options, using at most so many options (needs `counted`)."""
        weights = np.zeros(len(self.pairs) + len(self.switched))
        weights[self.columns(numbers)] = -1
        limit: list[Row] = [] if at_most is None else [(list(self.switched.values()), [1.0] * len(self.switched), 0.0, float(at_most))]
        rows = [*limit, *map(self._floor, floors)]
        relaxed = self._solved(weights, rows)
        if relaxed is None:
            return None
        plan, bound = self._rounded(relaxed), int(-(weights @ relaxed) + TINY)
        searches = [relaxed, None] if len(self.pairs) <= SMALL else [relaxed]
        best = plan if self._keeps(plan, floors) else None
        while searches and (best is None or brought(best, numbers) < bound):
            found = self._solved(weights, rows, whole=True, near=searches.pop(0))
            plan = {} if found is None else self._rounded(found)
            if found is not None and self._keeps(plan, floors) and (best is None or brought(plan, numbers) > brought(best, numbers)):
                best = plan
        return best

    def fewest(self, floors: Sequence[Floor]) -> list[int] | None:
        """Return as few options as possible that can still bring these amounts (needs `counted`)."""
        weights = np.zeros(len(self.pairs) + len(self.switched))
        weights[len(self.pairs) :] = 1
        found = self._solved(weights, list(map(self._floor, floors)), nodes=TIDYING_NODES)
        return None if found is None else [n for n, column in self.switched.items() if found[column] > 0.5]

    def _keeps(self, plan: Allocation, floors: Sequence[Floor]) -> bool:
        """Whether a plan keeps the laws, checked in exact arithmetic, and brings what it must."""
        return not faults(plan, self.options, self.costs) and all(brought(plan, numbers) >= least for numbers, least in floors)

    def _floor(self, floor: Floor) -> Row:
        columns = self.columns(floor[0])
        return columns, [1.0] * len(columns), float(floor[1]), inf

    def _cells(self) -> None:
        """No euro of cost twice. For each rate also the whole-euro form, which keeps the search short: no option there pays better."""
        for cell, eur in self.costs.items():
            payers = [(column, self.options[n].rates[cell]) for column, (n, c) in enumerate(self.pairs) if c == cell]
            if len(payers) < 2:
                continue
            self.rows.append(([column for column, _ in payers], [float(1 / rate) for _, rate in payers], 0.0, float(eur)))
            for level in {rate for _, rate in payers}:
                below = [column for column, rate in payers if rate <= level]
                self.rows.append((below, [1.0] * len(below), 0.0, float(int(level * eur))))

    def _options(self) -> None:
        """The maxima of parts and lines, and for options with a switch the smallest grant."""
        for n, option in enumerate(self.options):
            own = {cell: column for column, (m, cell) in enumerate(self.pairs) if m == n}
            for cells, cap in option.limits:
                columns = [own[cell] for cell in cells if cell in own]
                self.rows.append((columns, [1.0] * len(columns), 0.0, float(cap)))
            if n in self.switched:
                ones, switch = [1.0] * len(own), self.switched[n]
                self.rows.append(([*own.values(), switch], [*ones, -float(option.most)], -inf, 0.0))
                self.rows.append(([*own.values(), switch], [*ones, -float(max(option.least, 1))], 0.0, inf))

    def _groups(self, barred: Sequence[tuple[int, int]]) -> None:
        """One line per programme, and no two programmes that exclude each other."""
        groups: dict[str, list[int]] = {}
        for n in self.switched:
            groups.setdefault(self.options[n].group, []).append(self.switched[n])
        self.rows += [(lines, [1.0] * len(lines), 0.0, 1.0) for lines in groups.values() if len(lines) > 1]
        pairs = [(n, m) for n, m in barred if self.options[n].group != self.options[m].group]
        self.rows += [([self.switched[n], self.switched[m]], [1.0, 1.0], 0.0, 1.0) for n, m in pairs]

    def _solved(
        self, weights: Vector, extra: Sequence[Row], *, whole: bool = False, near: Vector | None = None, nodes: int = NODES
    ) -> Vector | None:
        """Minimise; `whole` makes grants integers, `near` keeps them close to a solution with its options.

        Real numbers are computed in units of some euros: with large figures HiGHS finds its own solutions inexact and says so on stdout.
        """
        grants, unit = len(self.pairs), 1.0 if whole else self.unit
        rows = [_in_units(row, grants, unit) for row in (*self.rows, *extra)]
        lines = [n for n, (columns, _, _, _) in enumerate(rows) for _ in columns]
        matrix = csr_matrix(
            ([v for _, values, _, _ in rows for v in values], (lines, [c for columns, _, _, _ in rows for c in columns])),
            shape=(len(rows), len(weights)),
        )
        integers = np.ones(len(weights))
        integers[:grants] = whole
        found = milp(
            weights,
            integrality=integers,
            bounds=self._bounds(near, unit),
            constraints=[LinearConstraint(matrix, [low for _, _, low, _ in rows], [high for _, _, _, high in rows])] if rows else [],
            options={"mip_rel_gap": 0.0, "node_limit": nodes},
        )
        return None if found.x is None else np.concatenate([found.x[:grants] * unit, found.x[grants:]])

    def _bounds(self, near: Vector | None, unit: float) -> Bounds:
        high = np.array([self.options[n].ceilings[cell] / unit for n, cell in self.pairs] + [1.0] * len(self.switched))
        if near is None:
            return Bounds(np.zeros(len(high)), high)
        switches = np.rint(near[len(self.pairs) :])
        grants = near[: len(self.pairs)]
        low = np.maximum(np.floor(grants) - NEAR_EUR, 0)
        most = np.minimum(np.ceil(grants) + NEAR_EUR, high[: len(self.pairs)])
        return Bounds(np.concatenate([np.minimum(low, most), switches]), np.concatenate([most, switches]))

    def _rounded(self, solution: Vector) -> Allocation:
        grants = [int(eur + TINY) for eur in solution[: len(self.pairs)].tolist()]
        plan = mended({pair: eur for pair, eur in zip(self.pairs, grants, strict=True) if eur > 0}, self.options, self.costs)
        return topped_up(plan, self.options, self.costs)


def _in_units(row: Row, grants: int, unit: float) -> Row:
    """Return a row with its grants in units; a row of switches only is none of money and stays."""
    columns, factors, low, high = row
    if unit == 1 or columns[0] >= grants:
        return row
    return (
        columns,
        [value if column < grants else value / unit for column, value in zip(columns, factors, strict=True)],
        low / unit,
        high / unit,
    )
