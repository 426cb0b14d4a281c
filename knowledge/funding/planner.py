"""The best combination of programmes for a profile on a day, with alternatives; `docs/adr/0009-planner.md` tells how and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from knowledge.funding import alternatives, combination, notes
from knowledge.funding.candidates import Candidate, Field, field
from knowledge.funding.financing import financing
from knowledge.funding.matcher import Match
from knowledge.funding.money import Cell
from knowledge.funding.notes import Draft
from knowledge.funding.option import Allocation, Costs, Option, ordered, unpaid
from knowledge.funding.plan import Item, Plan
from knowledge.funding.profile import Profile
from knowledge.funding.programme import Programme

__all__ = ["Plan", "plan"]


def plan(
    given: Iterable[Match | Programme],
    profile: Profile,
    day: date,
    only: Collection[str] = (),
    assume_open: Collection[str] = (),
) -> list[Plan]:
    """Return one to three plans, most money first; at least one, with total 0 if need be.

    `only` limits the candidates (empty: no limit); `assume_open` sets status and deadlines of these programmes aside.
    Matches must be those of the same profile and day.
    """
    found = field(given, profile, day, only, assume_open)
    told = profile.costs or {}
    costs = {cell: told[cell] for cell in ordered(told) if told[cell]}
    options = [candidate.option for candidate in found.chosen]
    best = combination.best(options, costs)
    allocations = {notes.MOST: best}
    if best:
        allocations[notes.LEAST_OWN] = alternatives.lower_own_share(options, costs, best)
        allocations[notes.FEWEST] = alternatives.fewer_applications(options, costs, best)
    drafts = [_draft(way, allocation, found, costs) for way, allocation in allocations.items() if allocation or way == notes.MOST]
    return [_plan(draft, found, profile) for draft in _distinct(drafts, profile)]


def _draft(way: str, allocation: Allocation, found: Field, costs: Costs) -> Draft:
    options = [candidate.option for candidate in found.chosen]
    opened = _open_amounts(allocation, options, costs) if way == notes.MOST else {}
    return Draft(way, allocation, opened, costs, financing(allocation, options, costs))


def _open_amounts(plan: Allocation, options: Sequence[Option], costs: Costs) -> dict[int, list[Cell]]:
    """Programmes without a known amount join a plan where they take nothing away from it: on costs that nobody pays yet."""
    left = unpaid(plan, options, costs)
    opened: dict[int, list[Cell]] = {}
    for n, option in enumerate(options):
        cells = [cell for cell in option.rates if left[cell] >= 1]
        if option.is_open and cells and not any(option.bars(options[m]) for m in [*combination.used(plan), *opened]):
            opened[n] = cells
    return opened


def _distinct(drafts: list[Draft], profile: Profile) -> list[Draft]:
    """Keep alternatives that use other programmes than those before, and a lower own share only where it is one."""
    kept = drafts[:1]
    for draft in drafts[1:]:
        if any(combination.used(draft.allocation) == combination.used(other.allocation) for other in kept):
            continue
        own, most = (one.financing.own_share(profile.own_funds_eur) for one in (draft, drafts[0]))
        if draft.way != notes.LEAST_OWN or own < most:
            kept.append(draft)
    return sorted(kept, key=lambda draft: -combination.total(draft.allocation))


def _plan(draft: Draft, found: Field, profile: Profile) -> Plan:
    own = draft.financing.own_share(profile.own_funds_eur)
    return Plan(
        title=notes.title(draft, found),
        items=tuple(sorted(_items(draft, found, profile), key=lambda item: item.order)),
        own_share_eur=own,
        third_party_eur=draft.financing.third_party_eur,
        gap_eur=draft.financing.rest_eur - own,
        notes=tuple(notes.notes(draft, found, profile)),
        excluded=tuple(notes.excluded(draft, found, profile)),
    )


def _items(draft: Draft, found: Field, profile: Profile) -> list[Item]:
    amounts: dict[tuple[int, Cell], int | None] = {**draft.allocation}
    amounts |= {(n, cell): None for n, cells in draft.opened.items() for cell in cells}
    return [_item(found.chosen[n], cell, eur, profile) for (n, cell), eur in amounts.items()]


def _item(candidate: Candidate, cell: Cell, eur: int | None, profile: Profile) -> Item:
    phases = candidate.found.line.phases or candidate.programme.phases
    phase = cell[0] or profile.phase or next(iter(phases), None)
    return Item(candidate.programme.id, profile.applicant, cell[1], phase, eur, candidate.apply_by)
