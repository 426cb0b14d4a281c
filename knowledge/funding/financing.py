"""The financing of an allocation: what belongs to which programme, what third parties and the applicant pay, what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from knowledge.funding.money import Cell
from knowledge.funding.option import Allocation, Costs, Option, unpaid


@dataclass(frozen=True)
class Financing:
    """Whole euros. `required`: what the programmes leave to the applicant; `rest`: what neither they nor third parties pay, per cell."""

    third_party: dict[tuple[int, Cell], int]
    required: int
    rest: dict[Cell, int]

    @property
    def third_party_eur(self) -> int:
        """What third parties still have to promise."""
        return sum(self.third_party.values())

    @property
    def rest_eur(self) -> int:
        """Own share and gap together."""
        return sum(self.rest.values())

    def own_share(self, own_funds: int | None) -> int:
        """Return the applicant's share: at least what is required, more where own funds are there to fill the rest."""
        return max(self.required, min(own_funds or 0, self.rest_eur))


def financing(plan: Allocation, options: Sequence[Option], costs: Costs) -> Financing:
    """Compute the financing of an allocation over all told costs."""
    bases = _bases(plan, options, costs)
    third = {pair: int(base * options[pair[0]].third_party) for pair, base in bases.items()}
    third = {pair: eur for pair, eur in third.items() if eur}
    paid = {cell: sum(eur for pairs in (plan, third) for (_, c), eur in pairs.items() if c == cell) for cell in costs}
    whole = {cell: ceil(sum((base for (_, c), base in bases.items() if c == cell), Fraction(0))) for cell in costs}
    required = sum(max(whole[cell] - paid[cell], 0) for cell in costs if whole[cell])
    return Financing(third, required, {cell: eur - paid[cell] for cell, eur in costs.items()})


def _bases(plan: Allocation, options: Sequence[Option], costs: Costs) -> dict[tuple[int, Cell], Fraction]:
    """The costs that each grant stands on. What is too little for one more euro goes to the lowest rate: it is own share, no gap."""
    bases = {(n, cell): eur / options[n].rates[cell] for (n, cell), eur in plan.items()}
    for cell, left in unpaid(plan, options, costs).items():
        lowest = min((pair for pair in bases if pair[1] == cell), key=lambda pair: options[pair[0]].rates[cell], default=None)
        if lowest and left < 1 / options[lowest[0]].rates[cell]:
            bases[lowest] += left
    return bases
