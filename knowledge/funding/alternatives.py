"""Other plans worth a look beside the one with most money: a lower own share, fewer applications."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.funding import combination, reduction
from knowledge.funding.combination import total, used
from knowledge.funding.model import Model
from knowledge.funding.option import Allocation, Costs, Option

LEAST = 2  # an alternative brings at least one half of the best plan
TRIES = 3


def lower_own_share(options: Sequence[Option], costs: Costs, best: Allocation) -> Allocation:
    """Return the plan from programmes that leave no more than some part of the costs to the applicant, the smallest part that does."""
    pool = _pool(options, best)
    highest = max((options[n].own_share for n in used(best)), default=0)
    for level in sorted({options[n].own_share for n in pool if options[n].own_share < highest}):
        modest = [n for n in pool if options[n].own_share <= level]
        if reduction.bound([options[n] for n in modest], costs) * LEAST < total(best):
            continue
        found = _named(modest, combination.best([options[n] for n in modest], costs))
        if total(found) * LEAST >= total(best):
            return found
    return {}


def fewer_applications(options: Sequence[Option], costs: Costs, best: Allocation) -> Allocation:
    """Return the plan with as few programmes as still bring half of the best plan's money."""
    pool, count = _pool(options, best), len(used(best))
    if count < 2:
        return {}
    largest = max(pool, key=lambda n: (options[n].most, -options[n].own_share, -n))
    if options[largest].most * LEAST >= total(best):
        return reduction.filled(options, costs, [largest], {})
    pool = [pool[n] for n in combination.largest([options[n] for n in pool])]
    sizes = sorted((options[n].most for n in pool), reverse=True)
    model = Model.of([options[n] for n in pool], costs, counted=True)
    for few in [few for few in range(2, count) if sum(sizes[:few]) * LEAST >= total(best)][:TRIES]:
        found = _named(pool, model.most(range(len(pool)), at_most=few) or {})
        if total(found) * LEAST >= total(best):
            return found
    return {}


def _pool(options: Sequence[Option], best: Allocation) -> list[int]:
    """Return the options to choose from: where public money is to be had, subsidiary programmes cannot stand in for it."""
    usable = [n for n, option in enumerate(options) if option.is_usable]
    public = [n for n in usable if not options[n].subsidiary]
    return public if any(not options[n].subsidiary for n in used(best)) else usable


def _named(numbers: Sequence[int], plan: Allocation) -> Allocation:
    return {(numbers[n], cell): eur for (n, cell), eur in plan.items()}
