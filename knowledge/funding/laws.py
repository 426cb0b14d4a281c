"""The laws of an allocation in exact arithmetic: what it breaks, and how a solution in floating point becomes one in whole euros."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from knowledge.funding.option import Allocation, Costs, Option, unpaid


def topped_up(plan: Allocation, options: Sequence[Option], costs: Costs) -> Allocation:
    """Raise the grants of the options in a plan as far as costs and maxima let them, the highest rates first."""
    full, left, used = dict(plan), unpaid(plan, options, costs), {n for n, _ in plan}
    pairs = [(n, cell) for n in sorted(used) for cell in options[n].rates if options[n].ceilings[cell]]
    for n, cell in sorted(pairs, key=lambda pair: -options[pair[0]].rates[pair[1]]):
        room = [cap - sum(full.get((n, c), 0) for c in cells) for cells, cap in options[n].limits if cell in cells]
        more = min([int(left[cell] * options[n].rates[cell]), *room])
        if more > 0:
            full[n, cell] = full.get((n, cell), 0) + more
            left[cell] -= more / options[n].rates[cell]
    return full


def brought(plan: Allocation, numbers: Collection[int]) -> int:
    """Return what some options bring in a plan."""
    return sum(eur for (n, _), eur in plan.items() if n in numbers)


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
