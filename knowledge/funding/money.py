"""How much a line of a programme pays for a profile: rates, caps and shares over the costs that it may fund."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from knowledge.funding.profile import PHASES, Profile
from knowledge.funding.programme import Line, Programme, Rate

Cell = tuple[str | None, str]


@dataclass(frozen=True)
class Share:
    """A part of the costs that one rate pays: the cells, the rate (None: unknown) and the cap of this part in euros."""

    cells: Mapping[Cell, int]
    rate: Fraction | None
    max_eur: int | None

    @property
    def most_eur(self) -> int:
        """The highest grant for this part, whole euros rounded down; an unknown rate counts in full (DESIGN 14)."""
        paid = int(sum(self.cells.values()) * (1 if self.rate is None else self.rate))
        return paid if self.max_eur is None else min(paid, self.max_eur)


def shares(programme: Programme, line: Line, profile: Profile) -> list[Share]:
    """Return the parts of the told costs that a line pays, each with its rate."""
    parts: dict[int, dict[Cell, int]] = {}
    for cell, eur in eligible(programme, line, profile).items():
        number = next((n for n, rate in enumerate(line.rates) if _fits(rate, cell[1], profile.applicant)), None)
        if number is not None:
            parts.setdefault(number, {})[cell] = eur
    return [Share(cells, _rate(line, line.rates[n]), line.rates[n].max_eur) for n, cells in sorted(parts.items())]


def eligible(programme: Programme, line: Line, profile: Profile) -> dict[Cell, int]:
    """Return the told costs whose type and phase the line funds; costs without a phase belong to the present one."""
    types, phases = line.cost_types or programme.cost_types, line.phases or programme.phases
    return {cell: eur for cell, eur in _ahead(profile) if cell[1] in types and (cell[0] is None or cell[0] in phases)}


def _ahead(profile: Profile) -> Iterator[tuple[Cell, int]]:
    """Costs of phases that lie behind the plan cannot be funded any more."""
    order = list(PHASES)
    for cell, eur in (profile.costs or {}).items():
        if eur and not (cell[0] and profile.phase and order.index(cell[0]) < order.index(profile.phase)):
            yield cell, eur


def _fits(rate: Rate, cost_type: str, applicant: str | None) -> bool:
    return (rate.cost_types is None or cost_type in rate.cost_types) and (
        rate.applicants is None or applicant is None or applicant in rate.applicants
    )


def _rate(line: Line, rate: Rate) -> Fraction | None:
    """The rate after own and third parties' shares; unknown stays unknown where no share is told either."""
    left = 1 - line.own_share - line.third_party
    if rate.fraction is None:
        return left if left < 1 else None
    return min(rate.fraction, left)


def most(programme: Programme, line: Line, profile: Profile) -> int | None:
    """Return the highest grant of a line for the told costs, None where costs or facts do not determine it."""
    if profile.costs is None or not (line.cost_types or programme.cost_types):
        return None
    parts = shares(programme, line, profile)
    if not parts:
        return 0
    if line.kind == "fixed":
        costs = sum(sum(part.cells.values()) for part in parts)
        return costs if line.max_eur is None else min(line.max_eur, costs)
    if line.max_eur is None and any(p.rate is None and p.max_eur is None for p in parts):
        return None
    paid = sum(p.most_eur for p in parts)
    return paid if line.max_eur is None else min(paid, line.max_eur)


def upper(programme: Programme, line: Line, profile: Profile) -> int:
    """Return what the grant cannot exceed, also where its rate is unknown: for the test against the smallest grant."""
    paid = sum(part.most_eur for part in shares(programme, line, profile))
    return paid if line.max_eur is None else min(paid, line.max_eur)
