"""The profile of a plan: what a person told the funding finder, checked key by key. A missing key is unknown, never no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from knowledge import gazetteer
from knowledge.gazetteer import Place
from knowledge.speech import say

APPLICANTS = {
    "gemeinde": "Gemeinde", "landkreis": "Landkreis", "kommunaler_verbund": "kommunaler Verbund", "verein": "Verein",
    "initiative": "Initiative", "kirche": "Kirchengemeinde", "stiftung": "Stiftung", "wohlfahrtstraeger": "Träger der Wohlfahrtspflege",
    "unternehmen": "Unternehmen", "privatperson": "Privatperson", "genossenschaft": "Genossenschaft", "hochschule": "Hochschule",
}  # fmt: skip
CIVIL_SOCIETY = ("verein", "initiative", "kirche", "stiftung", "wohlfahrtstraeger")
MUNICIPAL = ("gemeinde", "landkreis", "kommunaler_verbund")
THEMES = {
    "pflege": "Pflege", "alter": "Leben im Alter", "begegnung": "Begegnung", "wohnen": "Wohnen", "beteiligung": "Beteiligung",
    "integration": "Integration", "inklusion": "Inklusion", "familie": "Familie", "jugend": "Jugend", "gesundheit": "Gesundheit",
    "mobilitaet": "Mobilität", "digitalisierung": "Digitalisierung", "klima": "Klima", "kultur": "Kultur", "ehrenamt": "Ehrenamt",
    "nahversorgung": "Nahversorgung", "armut": "Armut",
}  # fmt: skip
PHASES = {"idee": "Idee", "konzept": "Konzept", "umsetzung": "Umsetzung", "verstetigung": "Verstetigung"}
COST_TYPES = {
    "personal": "Personal", "sachkosten": "Sachkosten", "beratung": "Beratung", "veranstaltung": "Veranstaltungen",
    "investition": "Investitionen",
}  # fmt: skip
MOST_EUR = 1_000_000_000
MOST_PEOPLE = 12_000_000
MOST_LISTED = 50
LONGEST_PLACE = 100


class ProfileError(ValueError):
    """A profile value that cannot be used: its field (`profile.costs.personal`) and what was expected there."""

    def __init__(self, name: str, said: str, **facts: object) -> None:
        super().__init__(f"{name}: {said}")
        self.field = name
        self._said, self._facts = said, facts

    @property
    def sentence(self) -> str:
        """What was expected, in the language spoken by whoever asks; the language of an answer is known later than the mistake."""
        return say(self._said, **self._facts)


@dataclass(frozen=True)
class Profile:
    """A plan as far as it is known; None is "not told". `costs` counts whole euros per (phase or None, cost type)."""

    applicant: str | None = None
    place: str | None = None
    population: int | None = None
    partners: tuple[str, ...] | None = None
    themes: tuple[str, ...] | None = None
    phase: str | None = None
    costs: Mapping[tuple[str | None, str], int] | None = None
    already_started: bool | None = None
    council_decision: bool | None = None
    participation: bool | None = None
    own_funds_eur: int | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Profile:
        """Build a profile from its public form (API.md); null counts as not told.

        Raises `ProfileError` naming the field for an unknown key, kind or an impossible value.
        """
        if not isinstance(document, Mapping):
            raise ProfileError("profile", "Erwartet wird ein Objekt mit den Angaben zum Vorhaben.")
        for key in document:
            if key not in _READERS:
                raise ProfileError(f"profile.{key}", "Diese Angabe gibt es nicht; möglich sind {keys}.", keys=", ".join(_READERS))
        told = {key: value for key, value in document.items() if value is not None}
        return cls(**{key: _READERS[key](f"profile.{key}", value) for key, value in told.items()})

    def as_dict(self) -> dict[str, Any]:
        """Return the public form again, told keys only, in the order of the contract; `place_ags` is not part of it."""
        shown: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None:
                shown[item.name] = list(value) if isinstance(value, tuple) else value
        if self.costs is not None:
            shown["costs"] = _costs_shown(self.costs)
        return shown

    def shown(self) -> dict[str, Any]:
        """Return the profile as answers show it: the plain name of the place, its official key beside it where it is sure.

        >>> Profile(place="08115021").shown()
        {'place': 'Herrenberg', 'place_ags': '08115021'}
        """
        public, places = self.as_dict(), self.location.places
        if places:
            public["place"] = self._plain(places[0])
        if len(places) == 1:
            public["place_ags"] = places[0].ags
        return public

    def _plain(self, place: Place) -> str:
        """The name without ", Stadtkreis"; a Landkreis is called so where its name alone would mean a municipality."""
        name = place.name.split(",")[0]
        alone = replace(self, place=name).location.places
        return f"Landkreis {name}" if place.kind == "Landkreis" and place not in alone else name

    @cached_property
    def location(self) -> Location:
        """What the place says: inside Baden-Württemberg or not, population, kind of place."""
        return Location.of(self)

    @cached_property
    def phases(self) -> tuple[str, ...] | None:
        """The phases of the plan, in order: the present one and those for which costs are told; None when neither is known."""
        told = {phase for phase, _ in self.costs or () if phase} | ({self.phase} if self.phase else set())
        return tuple(phase for phase in PHASES if phase in told) or None

    @cached_property
    def total_eur(self) -> int | None:
        """All costs together, None when they are not told."""
        return None if self.costs is None else sum(self.costs.values())


@dataclass(frozen=True)
class Location:
    """What follows from the place: `inside` Baden-Württemberg (None: no place told), possible places, population, near spellings."""

    inside: bool | None
    places: tuple[Place, ...] = ()
    population: int | None = None
    near: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, profile: Profile) -> Location:
        """Look the profile's place up; a Landkreis is preferred where the applicant is one, a municipality otherwise."""
        if profile.place is None:
            return cls(None, (), profile.population)
        found = gazetteer.named(profile.place)
        of_landkreis = profile.applicant == "landkreis"
        wanted = tuple(p for p in found if p.kind == "Landkreis") if of_landkreis else tuple(p for p in found if not p.is_district)
        places = wanted or found
        population = profile.population
        if population is None and len(places) == 1:
            population = places[0].population
        return cls(bool(places), places, population, () if places else gazetteer.near(profile.place))

    @property
    def is_stadtkreis(self) -> bool | None:
        """Whether the place is one of the nine Stadtkreise; None where that is open."""
        kinds = {p.kind == "Stadtkreis" for p in self.places}
        return kinds.pop() if len(kinds) == 1 else None


def _kind(names: Mapping[str, str], name: str, value: Any) -> str:
    if not isinstance(value, str) or value not in names:
        raise ProfileError(name, "{value} gibt es nicht; möglich sind {keys}.", value=f"{value!r:.60}", keys=", ".join(names))
    return value


def _kinds(names: Mapping[str, str], name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ProfileError(name, "Erwartet wird eine Liste.")
    if len(value) > MOST_LISTED:
        raise ProfileError(name, "Höchstens {most} Angaben.", most=MOST_LISTED)
    return tuple(_kind(names, f"{name}[{n}]", item) for n, item in enumerate(value))


def _whole(most: int, unit: str, name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise ProfileError(name, "Erwartet wird eine Zahl ({unit}).", unit=unit)
    if value < 0:
        raise ProfileError(name, "Die Zahl darf nicht negativ sein.")
    if value > most:
        raise ProfileError(name, "Mehr als {most} {unit} sind nicht möglich.", most=f"{most:,}".replace(",", "."), unit=unit)
    return int(value)


def _eur(name: str, value: Any) -> int:
    return _whole(MOST_EUR, "Euro", name, value)


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ProfileError(name, "Erwartet wird true oder false.")
    return value


def _place(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise ProfileError(name, "Erwartet wird der Name einer Gemeinde oder ihr achtstelliger Gemeindeschlüssel.")
    if len(value) > LONGEST_PLACE:
        raise ProfileError(name, "Der Ortsname ist zu lang (höchstens {most} Zeichen).", most=LONGEST_PLACE)
    return value.strip()


def _costs(name: str, value: Any) -> dict[tuple[str | None, str], int]:
    if not isinstance(value, Mapping):
        raise ProfileError(name, "Erwartet werden Kosten je Kostenart in Euro.")
    costs: dict[tuple[str | None, str], int] = {}
    for key, amount in value.items():
        if key in PHASES and isinstance(amount, Mapping):
            for cost_type, eur in amount.items():
                costs[key, _kind(COST_TYPES, f"{name}.{key}.{cost_type}", cost_type)] = _eur(f"{name}.{key}.{cost_type}", eur)
        elif key in COST_TYPES:
            costs[None, key] = _eur(f"{name}.{key}", amount)
        else:
            raise ProfileError(f"{name}.{key}"[:80], "Diese Kostenart gibt es nicht; möglich sind {keys}.", keys=", ".join(COST_TYPES))
    if {phase is None for phase, _ in costs} == {True, False}:
        raise ProfileError(name, "Entweder Kosten je Kostenart oder je Phase, nicht beides.")
    return costs


def _costs_shown(costs: Mapping[tuple[str | None, str], int]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for (phase, cost_type), eur in costs.items():
        if phase is None:
            shown[cost_type] = eur
        else:
            shown.setdefault(phase, {})[cost_type] = eur
    return shown


_READERS: dict[str, Any] = {
    "applicant": lambda name, value: _kind(APPLICANTS, name, value),
    "place": _place,
    "population": lambda name, value: _whole(MOST_PEOPLE, "Menschen", name, value),
    "partners": lambda name, value: _kinds(APPLICANTS, name, value),
    "themes": lambda name, value: _kinds(THEMES, name, value),
    "phase": lambda name, value: _kind(PHASES, name, value),
    "costs": _costs,
    "already_started": _truth,
    "council_decision": _truth,
    "participation": _truth,
    "own_funds_eur": _eur,
}
KEYS = tuple(_READERS)
