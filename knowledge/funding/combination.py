"""The best combination of options, exactly: public money first, then subsidiary money, then as few applications as possible."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from knowledge.funding import reduction
from knowledge.funding.model import Floor, Model
from knowledge.funding.option import Allocation, Costs, Option

WIDE = 24  # options that the search for fewer applications looks at: more than fit a profile in the real data


def best(options: Sequence[Option], costs: Costs) -> Allocation:
    """Return the plan with most public money, holding that most subsidiary money, holding both fewest applications."""
    usable = [n for n, option in enumerate(options) if option.is_usable]
    kept = [usable[n] for n in reduction.needed([options[n] for n in usable])]
    plan: Allocation = {}
    for part in reduction.parts([options[n] for n in kept]):
        numbers = [kept[n] for n in part]
        found = _best_part([options[n] for n in numbers], costs)
        plan |= {(numbers[n], cell): eur for (n, cell), eur in found.items()}
    return plan


def total(plan: Allocation, numbers: Collection[int] | None = None) -> int:
    """Return what a plan brings, from some options or from all."""
    return sum(eur for (n, _), eur in plan.items() if numbers is None or n in numbers)


def used(plan: Allocation) -> list[int]:
    """Return the options that a plan uses, in order."""
    return sorted({n for n, _ in plan})


def _best_part(options: Sequence[Option], costs: Costs) -> Allocation:
    cells = {cell: eur for cell, eur in costs.items() if any(cell in option.rates for option in options)}
    plan = _richest(options, cells)
    fewer = _fewer(options, cells, plan)
    other = {(fewer[n], cell): eur for (n, cell), eur in _richest([options[n] for n in fewer], cells).items()} if fewer else {}
    return other if _sums(options, other) == _sums(options, plan) else plan


def _richest(options: Sequence[Option], costs: Costs) -> Allocation:
    """Return the plan with most public money and, holding that, most subsidiary money."""
    public = [n for n, option in enumerate(options) if not option.subsidiary]
    after = [n for n, option in enumerate(options) if option.subsidiary]
    plan = _most(options, costs, public) if public else {}
    return _most(options, costs, after, plan, [(public, total(plan))] if public else ()) if after else plan


def _sums(options: Sequence[Option], plan: Allocation) -> tuple[int, int]:
    """Return the public and the subsidiary money of a plan."""
    after = {n for n, option in enumerate(options) if option.subsidiary}
    return total(plan) - total(plan, after), total(plan, after)


def _most(
    options: Sequence[Option], costs: Costs, numbers: list[int], plan: Allocation | None = None, floors: Sequence[Floor] = ()
) -> Allocation:
    """Return the plan that brings most from these options; the solver is asked only where a plan by greed misses the bound."""
    begun = plan or {}
    chosen = [options[n] for n in numbers]
    greedy = reduction.by_greed(options, costs, begun, numbers)
    highest = reduction.bound(chosen, costs)
    if begun:
        highest = min(highest, reduction.bound(options, costs) - total(begun))
    if total(greedy, numbers) == highest:
        return greedy
    everyone = sorted({*numbers, *(n for floor in floors for n in floor[0])})
    within = {n: place for place, n in enumerate(everyone)}
    model = Model.of([options[n] for n in everyone], costs)
    found = model.most([within[n] for n in numbers], [([within[n] for n in floor[0]], floor[1]) for floor in floors])
    solved = {(everyone[n], cell): eur for (n, cell), eur in (found or {}).items()}
    return solved if total(solved, numbers) > total(greedy, numbers) else greedy


def _fewer(options: Sequence[Option], costs: Costs, plan: Allocation) -> list[int]:
    """Return fewer options that may bring the same sums as a plan; none where there are none. Looks at its own and the largest ones."""
    count = len(used(plan))
    if count < 2 or _largest(options, count - 1) < total(plan):
        return []
    numbers = sorted({*used(plan), *largest(options)})
    after = {place for place, n in enumerate(numbers) if options[n].subsidiary}
    public = set(range(len(numbers))) - after
    floors: list[Floor] = [(part, eur) for part, eur in zip((public, after), _sums(options, plan), strict=True) if eur]
    found = Model.of([options[n] for n in numbers], costs, counted=True).fewest(floors)
    return [numbers[n] for n in found] if found is not None and len(found) < count else []


def largest(options: Sequence[Option]) -> list[int]:
    """Return the options with the largest grants, so many as a search for few applications can bear."""
    return sorted(range(len(options)), key=lambda n: (-options[n].most, n))[:WIDE]


def _largest(options: Sequence[Option], count: int) -> int:
    """Return what so many applications bring at most."""
    return sum(sorted((option.most for option in options), reverse=True)[:count])
