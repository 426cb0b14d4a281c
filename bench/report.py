"""What a benchmark hands back: tables for people, requirements with their verdicts, figures for bench.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.figures import Requirement
from bench.table import Cell, table


@dataclass
class Report:
    """One benchmark's result; a reason instead of figures where it was skipped."""

    title: str
    figures: dict[str, Any] = field(default_factory=dict)
    requirements: list[Requirement] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    skipped: str = ""

    def add_table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table."""
        self.tables.append(table(head, rows))

    def text(self) -> str:
        """Return everything for people."""
        parts = [f"\n{self.title}\n{'=' * len(self.title)}", *self.tables]
        if self.skipped:
            parts.append(f"übersprungen: {self.skipped}")
        if self.requirements:
            parts.append(table(("Anforderung", "Wert", "Grenze", ""), [_row(one) for one in self.requirements]))
        return "\n\n".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the form in bench.json."""
        if self.skipped:
            return {"skipped": self.skipped}
        return {**self.figures, "requirements": [one.as_dict() for one in self.requirements]}


def _row(one: Requirement) -> tuple[Cell, ...]:
    return one.name, one.value, f"{'≥' if one.least else '≤'} {one.limit:g}", one.verdict
