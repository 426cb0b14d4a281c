"""What the planner is measured against: enumeration, a plan by greed, the model without any reduction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.optimize import linprog

from knowledge.funding import reduction
from knowledge.funding.model import Model
from knowledge.funding.option import Costs, Option


def by_enumeration(options: Sequence[Option], costs: Costs) -> int:
    """Return the best sum over every choice of options, each choice a linear program; meant for at most 16 options.

    Options that need no decision (no minimum, no rival) are in every choice. Grants are real numbers; the sum is rounded down.
    """
    model = Model.of(options, costs)
    grants = len(model.pairs)
    above, below = _matrix(model, grants)
    best = 0.0
    for choice in product((0.0, 1.0), repeat=len(model.switched)):
        bounds = [(0, options[n].ceilings[cell]) for n, cell in model.pairs] + [(on, on) for on in choice]
        found = linprog(-np.r_[np.ones(grants), np.zeros(len(choice))], A_ub=above, b_ub=below, bounds=bounds)
        best = max(best, -found.fun if found.status == 0 else 0.0)
    return int(best + 1e-5)


def by_greed(options: Sequence[Option], costs: Costs) -> int:
    """Return the sum of a plan that takes the highest rates, or the largest grants, first."""
    return sum(reduction.by_greed(options, costs).values())


def unreduced(options: Sequence[Option], costs: Costs) -> int:
    """Return the best sum from one program over all options, each with a switch of its own."""
    found = Model.of(options, costs, counted=True).most(range(len(options)))
    return sum((found or {}).values())


def _matrix(model: Model, grants: int) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[float]]:
    rows, limits = [], []
    for columns, factors, low, high in model.rows:
        row = np.zeros(grants + len(model.switched))
        row[columns] = factors
        if high < np.inf:
            rows.append(row)
            limits.append(high)
        if low > -np.inf:
            rows.append(-row)
            limits.append(-low)
    return np.array(rows).reshape(len(rows), grants + len(model.switched)), limits
