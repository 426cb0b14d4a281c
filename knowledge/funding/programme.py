"""A programme as the matcher sees it: what its entry file says in fields and under `funding`, read once per version of the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from knowledge.model import Entry

GRANT = "grant"
NOTHING = Fraction(0)
PERIODS = {"year": "im Jahr", "place": "je Ort", "quartier": "je Quartier", "total": "einmalig"}


@dataclass(frozen=True)
class Rate:
    """How much of some cost types is paid: a fraction of them (None: not known), at most `max_eur`, for some applicants only."""

    cost_types: tuple[str, ...] | None = None
    applicants: tuple[str, ...] | None = None
    fraction: Fraction | None = None
    max_eur: int | None = None


@dataclass(frozen=True)
class Line:
    """One way to be paid by a programme: a themed line, or the amounts of a kind of applicant. A project uses one line only."""

    title: str | None = None
    applicants: tuple[str, ...] | None = None
    themes: tuple[str, ...] | None = None
    phases: tuple[str, ...] | None = None
    cost_types: tuple[str, ...] | None = None
    kind: str = GRANT  # grant, fixed (a lump sum of max_eur), loan or prize
    rates: tuple[Rate, ...] = ()
    min_eur: int | None = None
    max_eur: int | None = None
    project_cost_min_eur: int | None = None
    project_cost_max_eur: int | None = None
    own_share: Fraction = NOTHING
    third_party: Fraction = NOTHING
    period: str | None = None
    deadlines: tuple[Mapping[str, Any], ...] | None = None
    source: str | None = None


@dataclass(frozen=True)
class Rule:
    """One condition beyond the fields: its type from the closed list, its parameters, its German text and source."""

    type: str
    params: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    change: str | None = None
    source: str | None = None
    applicants: tuple[str, ...] | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    def is_valid(self, day: date) -> bool:
        """Whether the rule is in force on a day; both ends belong to it."""
        return (self.valid_from or "") <= day.isoformat() <= (self.valid_to or "9999")


@dataclass(frozen=True)
class Programme:
    """A funding programme with everything that decides about a profile."""

    id: str
    title: str
    funder: str
    url: str
    applicants: tuple[str, ...]
    scope: str
    themes: tuple[str, ...]
    phases: tuple[str, ...]
    cost_types: tuple[str, ...]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    deadlines: tuple[Mapping[str, Any], ...] = ()
    status: str = "unknown"
    status_as_of: str | None = None
    why_not: str | None = None  # of an entry that is no project funding
    any_theme: bool = False
    subsidiary: bool = False
    part_of: str | None = None
    excludes: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, condition: str) -> str:
        """Return the page that a condition rests on."""
        return self.sources.get(condition) or self.url

    @property
    def group(self) -> str:
        """The programme whose money this is: lines of one programme count once per project."""
        return self.part_of or self.id


def read(entry: Entry) -> Programme:
    """Build the programme of a funding entry; its file has passed the schema."""
    more = entry.get("funding") or {}
    status = entry.get("status") or {}
    return Programme(
        id=entry.id,
        title=entry.title,
        funder=str(entry.get("funder") or entry.get("provider")),
        url=str(entry.url),
        applicants=tuple(entry.get("applicants")),
        scope=entry.get("region")["scope"],
        themes=tuple(entry.get("themes")),
        phases=tuple(entry.get("phases")),
        cost_types=tuple(entry.get("cost_types") or ()),
        lines=tuple(_line(item) for item in more["lines"]) if more.get("lines") else (_line_of_fields(entry),),
        rules=tuple(_rule(item) for item in more.get("rules", ())),
        deadlines=tuple(entry.get("deadlines") or ()),
        status=status.get("value", "unknown"),
        status_as_of=status.get("as_of"),
        why_not=more.get("why_not"),
        any_theme=bool(more.get("any_theme")),
        subsidiary=bool(more.get("subsidiary")),
        part_of=more.get("part_of"),
        excludes=tuple((entry.get("combination") or {}).get("excluded_with", ())),
        sources=more.get("sources") or {},
    )


def read_all(entries: Iterable[Entry]) -> tuple[Programme, ...]:
    """Build the programmes among some entries."""
    return tuple(read(entry) for entry in entries if entry.area == "foerderung")


def _line_of_fields(entry: Entry) -> Line:
    """The single line of a programme whose amounts the entry's fields tell in full."""
    return Line(
        rates=(Rate(fraction=_fraction(entry.get("funding_rate_max_pct"))),),
        min_eur=entry.get("amount_min_eur"),
        max_eur=entry.get("amount_max_eur"),
        own_share=_fraction(entry.get("own_share_min_pct")) or NOTHING,
    )


def _line(item: Mapping[str, Any]) -> Line:
    plain = _plain(item, without=("rates", "note", "own_share_pct", "third_party_pct"))
    rates = tuple(_rate(rate) for rate in item.get("rates", ())) or (Rate(),)
    own, third = _fraction(item.get("own_share_pct")), _fraction(item.get("third_party_pct"))
    return Line(**plain, rates=rates, own_share=own or NOTHING, third_party=third or NOTHING)


def _rate(item: Mapping[str, Any]) -> Rate:
    return Rate(**_plain(item, without=("note", "pct")), fraction=_fraction(item.get("pct")))


def _rule(item: Mapping[str, Any]) -> Rule:
    params = {key: value for key, value in item.items() if key not in _COMMON}
    return Rule(**_plain(item, without=tuple(params)), params=params)


def _plain(item: Mapping[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in item.items() if key not in without}


def _fraction(pct: int | str | None) -> Fraction | None:
    """Read a percentage; a third is written "100/3"."""
    return None if pct is None else Fraction(str(pct)) / 100


_COMMON = ("type", "text", "change", "source", "applicants", "valid_from", "valid_to")
