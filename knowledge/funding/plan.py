"""A plan as a result: who applies for what, the financing that adds up, the sentences that explain it. No decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.funding.profile import COST_TYPES, PHASES


@dataclass(frozen=True)
class Item:
    """One grant: a programme pays a cost type of a phase. `eur` None: the amount is open and counts 0."""

    programme: str
    applicant: str | None
    cost_type: str
    phase: str | None
    eur: int | None
    apply_by: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the public form (API.md)."""
        return {
            "programme": self.programme,
            "applicant": self.applicant,
            "cost_type": self.cost_type,
            "phase": self.phase,
            "eur": self.eur,
            "apply_by": self.apply_by.isoformat() if self.apply_by else None,
        }

    @property
    def order(self) -> tuple[int, str, int]:
        """Phases in their order, within one programme by programme."""
        return (list(PHASES).index(self.phase) if self.phase else -1, self.programme, list(COST_TYPES).index(self.cost_type))


@dataclass(frozen=True)
class Plan:
    """A combination of programmes. Whole euros; total, own share, third parties' share and gap together are all told costs."""

    title: str
    items: tuple[Item, ...] = ()
    own_share_eur: int = 0
    third_party_eur: int = 0
    gap_eur: int = 0
    notes: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()  # (programme, why it is left out)

    @property
    def total_eur(self) -> int | None:
        """The sum of the items; None only where every item is open."""
        if self.items and all(item.eur is None for item in self.items):
            return None
        return sum(item.eur or 0 for item in self.items)

    def as_dict(self, id: str) -> dict[str, Any]:
        """Return the public form (API.md), its title beside it; the id is the caller's."""
        return {
            "id": id,
            "title": self.title,
            "total_eur": self.total_eur,
            "own_share_eur": self.own_share_eur,
            "third_party_eur": self.third_party_eur,
            "gap_eur": self.gap_eur,
            "items": [item.as_dict() for item in self.items],
            "notes": list(self.notes),
            "excluded": [{"programme": programme, "text": text} for programme, text in self.excluded],
        }
