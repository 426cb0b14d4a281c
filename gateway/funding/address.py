"""A profile as the query of the page `/foerderbaukasten`, and back. Names of fields are those of the contract (`costs.personal`).

The address holds values of closed lists, numbers and a name of the register; what somebody typed never gets into an address made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from gateway import language
from gateway.funding import places
from gateway.funding.money_words import BadAmount, euros, people
from gateway.funding.question import ordered
from gateway.funding.wording import spoken, worded
from knowledge.funding.profile import COST_TYPES, PHASES, Profile, ProfileError

PATH = "/foerderbaukasten"
NOTHING = ("applicant", "")  # asks with nothing told: shows what there is
NOBODY = "niemand"
TRUTHS = ("already_started", "council_decision", "participation")
LISTS = ("themes", "partners")
COST_FIELDS = tuple(f"costs.{kind}" for kind in COST_TYPES)
PHASED_FIELDS = tuple(f"costs.{phase}.{kind}" for phase in PHASES for kind in COST_TYPES)
MOST_PAIRS = 200
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Filled:
    """A form as it came: values per field, the profile as far as it could be read, and a sentence per field that could not."""

    values: dict[str, list[str]]
    profile: Profile
    errors: dict[str, str]

    def one(self, name: str) -> str:
        """Return the single value of a field, "" where it is empty."""
        return self.values.get(name, [""])[-1]


def page(profile: Profile, **more: str) -> str:
    """Return the address of the page with this profile, in the language spoken; `more` are its switches."""
    return made([*pairs(profile), *more.items()])


def made(told: Pairs) -> str:
    """Return the address of the page with these fields, in the language spoken."""
    query = urlencode(told)
    return language.address(f"{PATH}?{query}" if query else PATH, spoken())


def pairs(profile: Profile) -> Pairs:
    """Return the fields of a profile in the order of the contract."""
    profile = ordered(profile)
    found: Pairs = []
    for key, value in profile.as_dict().items():
        if key == "place":
            found.append((key, places.name(profile) or ""))
        elif key == "costs":
            found += [(f"costs.{kind}" if phase is None else f"costs.{phase}.{kind}", str(eur)) for (phase, kind), eur in _costs(profile)]
        elif isinstance(value, list):
            found += [(key, item) for item in value] or ([(key, NOBODY)] if key == "partners" else [])
        else:
            found.append((key, {True: "ja", False: "nein"}.get(value, str(value)) if isinstance(value, bool) else str(value)))
    return found


def read(sent: Iterable[tuple[str, str]]) -> Filled:
    """Read the page's query: amounts as Germans write them, empty fields are not told. Unknown fields are left out."""
    values: dict[str, list[str]] = {}
    for name, value in list(sent)[:MOST_PAIRS]:
        if value.strip():
            values.setdefault(name, []).append(value.strip()[:120])
    document, errors = _document(values)
    profile = Profile()
    for _ in range(len(document) + 1):
        try:
            profile = Profile.read(document)
            break
        except ProfileError as error:
            name = error.field.removeprefix("profile.").split("[")[0]
            errors[name] = _sentence(name, error)
            document.pop(name.split(".")[0], None)
    return Filled(values, replace(profile, place=places.from_key(profile.place)), errors)


def _costs(profile: Profile) -> list[tuple[tuple[str | None, str], int]]:
    return list((profile.costs or {}).items())


def _document(values: dict[str, list[str]]) -> tuple[dict[str, Any], dict[str, str]]:
    document: dict[str, Any] = {key: values[key][-1] for key in ("applicant", "place", "phase") if key in values}
    for key in LISTS:
        if key in values:
            document[key] = [] if values[key] == [NOBODY] else [item for item in dict.fromkeys(values[key]) if item != NOBODY]
    errors: dict[str, str] = {}
    for key in TRUTHS:
        if key in values:
            document[key] = {"ja": True, "nein": False}.get(values[key][-1])
            if document[key] is None:
                errors[key] = worded("funding.errors.wrong_value")
    for name, number in (("own_funds_eur", euros), ("population", people)):
        _number(values, name, number, document, errors)
    return document | _told_costs(values, errors), errors


def _told_costs(values: dict[str, list[str]], errors: dict[str, str]) -> dict[str, Any]:
    """Return the costs, per cost type or per phase; both at once is said at the first field."""
    costs: dict[str, Any] = {}
    for name in COST_FIELDS:
        _number(values, name, euros, costs, errors)
    plain = {name.split(".")[1]: eur for name, eur in costs.items()}
    phased: dict[str, Any] = {}
    for name in PHASED_FIELDS:
        found: dict[str, Any] = {}
        _number(values, name, euros, found, errors)
        if found:
            phased.setdefault(name.split(".")[1], {})[name.split(".")[2]] = found[name]
    if plain and phased:
        errors[COST_FIELDS[0]] = worded("funding.errors.both_costs")
        return {}
    return {"costs": plain | phased} if plain or phased else {}


def _number(values: dict[str, list[str]], name: str, read_number: Any, into: dict[str, Any], errors: dict[str, str]) -> None:
    if name not in values:
        return
    try:
        into[name] = read_number(values[name][-1])
    except BadAmount as error:
        errors[name] = worded(f"funding.errors.{error.kind}")


def _sentence(name: str, error: ProfileError) -> str:
    if name in ("applicant", "phase", *LISTS):
        return worded("funding.errors.wrong_value")
    return error.sentence
