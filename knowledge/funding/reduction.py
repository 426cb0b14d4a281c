"""Making the search small before it begins: options that another makes superfluous, independent parts, a plan by greed and its bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from knowledge.funding.money import Cell
from knowledge.funding.option import Allocation, Costs, Option, conflicts, unpaid


def needed(options: Sequence[Option]) -> list[int]:
    """Return the options without those that another one replaces whatever the plan is; of two equal ones the first stays."""
    barring = conflicts(options)
    rivals: dict[int, set[int]] = {n: set() for n in range(len(options))}
    for n, m in barring:
        rivals[n].add(m)
        rivals[m].add(n)
    strong = [n for n, option in enumerate(options) if not option.limits or rivals[n]]
    gone: set[int] = set()
    for n in reversed(range(len(options))):
        if any(m != n and m not in gone and _replaces(m, n, options, rivals) for m in strong):
            gone.add(n)
    return [n for n in range(len(options)) if n not in gone]


def _replaces(m: int, n: int, options: Sequence[Option], rivals: dict[int, set[int]]) -> bool:
    """Whether option m can take over whatever n pays: it pays at least as much of each cost, under no stricter conditions.

    Both may stand in a plan together, so m must have no maximum; where they bar each other, no lower one is enough.
    """
    better, other = options[m], options[n]
    if better.subsidiary != other.subsidiary or not rivals[m] - {n} <= rivals[n] | {m} or better.least > other.least:
        return False
    if any(better.rates.get(cell, 0) < rate for cell, rate in other.rates.items()):
        return False
    if not better.limits:
        return True
    return n in rivals[m] and not better.caps and better.most >= other.most


def parts(options: Sequence[Option]) -> list[list[int]]:
    """Return the options in independent parts: no common cost, no exclusion and no programme joins two of them."""
    leader = list(range(len(options)))

    def root(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    for n, m in _joined(options):
        leader[root(m)] = root(n)
    found: dict[int, list[int]] = {}
    for n in range(len(options)):
        found.setdefault(root(n), []).append(n)
    return list(found.values())


def _joined(options: Sequence[Option]) -> Iterator[tuple[int, int]]:
    yield from conflicts(options)
    first: dict[Cell, int] = {}
    for n, option in enumerate(options):
        for cell in option.rates:
            yield first.setdefault(cell, n), n


def bound(options: Sequence[Option], costs: Costs) -> int:
    """Return a sum that no plan exceeds: each cost at its best rate, and each programme at its most."""
    paid = sum(max((o.ceilings.get(cell, 0) for o in options), default=0) for cell in costs)
    groups: dict[str, int] = {}
    for option in options:
        groups[option.group] = max(groups.get(option.group, 0), option.most)
    return min(paid, sum(groups.values()))


def by_greed(options: Sequence[Option], costs: Costs, begun: Allocation | None = None, numbers: Sequence[int] | None = None) -> Allocation:
    """Return a lawful plan, often not the best: highest rate first, or largest grant first, whichever brings more.

    `numbers` are the options to add (all), `begun` is a plan to go on from.
    """
    wanted = range(len(options)) if numbers is None else numbers
    by_rate = sorted(wanted, key=lambda n: (-max(options[n].rates.values()), len(options[n].rates), -options[n].most, n))
    by_size = sorted(wanted, key=lambda n: (-options[n].most, n))
    plans = [filled(options, costs, order, begun or {}) for order in (by_rate, by_size)]
    return max(plans, key=lambda plan: sum(plan.values()))


def filled(options: Sequence[Option], costs: Costs, order: Sequence[int], begun: Allocation) -> Allocation:
    """Use options one after the other, each as far as costs, maxima and exclusions still let it; one below its least is left out."""
    left, plan = unpaid(begun, options, costs), dict(begun)
    used = sorted({n for n, _ in begun})
    payers = {cell: sum(cell in options[n].rates for n in order) for cell in costs}
    for n in order:
        if n in used or any(options[n].bars(options[m]) for m in used):
            continue
        paid = _paid(options[n], left, sorted(options[n].rates, key=lambda cell: payers[cell]))
        if paid and sum(paid.values()) >= options[n].least:
            used.append(n)
            for cell, eur in paid.items():
                plan[n, cell] = eur
                left[cell] -= eur / options[n].rates[cell]
    return plan


def _paid(option: Option, left: dict[Cell, Fraction], cells: Sequence[Cell]) -> dict[Cell, int]:
    paid: dict[Cell, int] = {}
    for cell in cells:
        room = [cap - sum(paid.get(c, 0) for c in within) for within, cap in option.limits if cell in within]
        eur = min([int(left[cell] * option.rates[cell]), *room])
        if eur > 0:
            paid[cell] = eur
    return paid
