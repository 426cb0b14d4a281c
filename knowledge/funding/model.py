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

from knowledge.funding.money import Cell
from knowledge.funding.option import Allocation, Costs, Option, conflicts, unpaid

NODES = 1_000  # where a search ends, also unproven: a count, not a time, so that the same input gives the same plan
SMALL = 24  # grant columns up to which the search in whole euros goes over everything: about 10 ms
NEAR_EUR = 20
TINY = 1e-5  # what a solution in floating point may lie below a whole number
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
        plan, bound = self._rounded(relaxed), int(-weights @ relaxed + TINY)
        if self._keeps(plan, floors) and sum(eur for (n, _), eur in plan.items() if n in numbers) >= bound:
            return plan
        whole = self._solved(weights, rows, near=relaxed if len(self.pairs) > SMALL else None, whole=True)
        tried = [plan] if whole is None else [plan, self._rounded(whole)]
        kept = [one for one in tried if self._keeps(one, floors)]
        return max(kept, key=lambda one: sum(eur for (n, _), eur in one.items() if n in numbers), default=None)

    def fewest(self, floors: Sequence[Floor]) -> list[int] | None:
        """Return as few options as possible that can still bring these amounts (needs `counted`)."""
        weights = np.zeros(len(self.pairs) + len(self.switched))
        weights[len(self.pairs) :] = 1
        found = self._solved(weights, list(map(self._floor, floors)), whole=len(self.pairs) <= SMALL)
        return None if found is None else [n for n, column in self.switched.items() if found[column] > 0.5]

    def _keeps(self, plan: Allocation, floors: Sequence[Floor]) -> bool:
        """Whether a plan keeps the laws, checked in exact arithmetic, and brings what it must."""
        return not faults(plan, self.options, self.costs) and all(
            sum(eur for (n, _), eur in plan.items() if n in numbers) >= least for numbers, least in floors
        )

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

    def _solved(self, weights: Vector, extra: Sequence[Row], *, whole: bool = False, near: Vector | None = None) -> Vector | None:
        """Minimise; `whole` makes grants integers, `near` keeps them close to a solution with its options."""
        rows = [*self.rows, *extra]
        lines = [n for n, (columns, _, _, _) in enumerate(rows) for _ in columns]
        matrix = csr_matrix(
            ([v for _, values, _, _ in rows for v in values], (lines, [c for columns, _, _, _ in rows for c in columns])),
            shape=(len(rows), len(weights)),
        )
        integers = np.ones(len(weights))
        integers[: len(self.pairs)] = whole
        found = milp(
            weights,
            integrality=integers,
            bounds=self._bounds(near),
            constraints=[LinearConstraint(matrix, [low for _, _, low, _ in rows], [high for _, _, _, high in rows])] if rows else [],
            options={"mip_rel_gap": 0.0, "node_limit": NODES},
        )
        return None if found.x is None else found.x

    def _bounds(self, near: Vector | None) -> Bounds:
        high = np.array([float(self.options[n].ceilings[cell]) for n, cell in self.pairs] + [1.0] * len(self.switched))
        if near is None:
            return Bounds(np.zeros(len(high)), high)
        switches = np.rint(near[len(self.pairs) :])
        grants = near[: len(self.pairs)]
        low = np.maximum(np.floor(grants) - NEAR_EUR, 0)
        most = np.where(grants < TINY, 0, np.minimum(np.ceil(grants) + NEAR_EUR, high[: len(self.pairs)]))
        return Bounds(np.concatenate([np.minimum(low, most), switches]), np.concatenate([most, switches]))

    def _rounded(self, solution: Vector) -> Allocation:
        """Round grants down, then top them up: highest rates first, as far as costs and maxima let them."""
        grants = [int(eur + TINY) for eur in solution[: len(self.pairs)].tolist()]
        plan = mended({pair: eur for pair, eur in zip(self.pairs, grants, strict=True) if eur > 0}, self.options, self.costs)
        used, left = {n for n, _ in plan}, unpaid(plan, self.options, self.costs)
        for n, cell in sorted((p for p in self.pairs if p[0] in used), key=lambda p: -self.options[p[0]].rates[p[1]]):
            option = self.options[n]
            room = [cap - sum(plan.get((n, c), 0) for c in cells) for cells, cap in option.limits if cell in cells]
            more = min([int(left[cell] * option.rates[cell]), *room])
            if more > 0:
                plan[n, cell] = plan.get((n, cell), 0) + more
                left[cell] -= more / option.rates[cell]
        return plan


def mended(allocation: Allocation, options: Sequence[Option], costs: Costs) -> Allocation:
    """Take away the euro by which floating-point tolerance may have overdrawn a cost."""
    for cell, left in unpaid(allocation, options, costs).items():
        payers = [pair for pair in allocation if pair[1] == cell]
        while left < 0 and payers:
            largest = max(payers, key=lambda pair: allocation[pair])
            allocation[largest] -= 1
            left += 1 / options[largest[0]].rates[cell]
    return {pair: eur for pair, eur in allocation.items() if eur}


def faults(allocation: Allocation, options: Sequence[Option], costs: Costs) -> list[str]:
    """Return the laws that an allocation breaks, in exact arithmetic: the solver computes with floating-point numbers."""
    used = sorted({n for n, _ in allocation})
    found = [f"costs of {cell}" for cell, left in unpaid(allocation, options, costs).items() if left < 0]
    for n in used:
        paid = {cell: eur for (m, cell), eur in allocation.items() if m == n}
        if min(paid.values()) < 0 or not options[n].least <= sum(paid.values()) <= options[n].most:
            found.append(f"sum of {options[n].programme}")
        found += [f"maximum of {options[n].programme}" for cells, cap in options[n].caps if sum(paid.get(c, 0) for c in cells) > cap]
    return found + [
        f"{options[n].programme} with {options[m].programme}" for n in used for m in used if m < n and options[n].bars(options[m])
    ]
