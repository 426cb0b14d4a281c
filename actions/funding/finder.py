"""Where a conversation stands in the funding finder: what was asked, which key is open, how to go back. Part of `bot_state`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

STEPS_KEPT = 5


@dataclass(frozen=True)
class Finder:
    """`asked` holds the keys asked so far (never twice), `open` the one whose answer is awaited, `past` earlier profiles."""

    active: bool = False
    open: str | None = None
    asked: tuple[str, ...] = ()
    shown: bool = False  # a result was shown
    sum_eur: int | None = None  # a sum whose cost type is not known yet
    cost_type: str | None = None  # a cost type whose sum is not known yet
    past: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Finder:
        """Read a stored state; unknown keys of other versions are ignored."""
        return cls(
            active=bool(state.get("active")),
            open=state.get("open"),
            asked=tuple(state.get("asked") or ()),
            shown=bool(state.get("shown")),
            sum_eur=state.get("sum_eur"),
            cost_type=state.get("cost_type"),
            past=tuple(state.get("past") or ()),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; nothing at all before the finder was used."""
        kept = {
            "active": self.active,
            "open": self.open,
            "asked": list(self.asked),
            "shown": self.shown,
            "sum_eur": self.sum_eur,
            "cost_type": self.cost_type,
            "past": list(self.past),
        }
        return {key: value for key, value in kept.items() if value}

    def asking(self, key: str | None) -> Finder:
        """Return the finder with a question put; None: nothing is asked."""
        return replace(self, active=True, open=key, asked=tuple(dict.fromkeys([*self.asked, *([key] if key else [])])))

    def remembering(self, profile: Mapping[str, Any]) -> Finder:
        """Return the finder with a profile to go back to."""
        return replace(self, past=(*self.past, profile)[-STEPS_KEPT:])
