"""The form of the funding finder: its fields with what was filled in, its errors, and a profile in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.funding import address, places
from gateway.funding.address import COST_FIELDS, NOBODY, PHASED_FIELDS, Filled
from gateway.funding.paper import shown_place
from gateway.funding.wording import worded
from knowledge.funding.conditions import euro, names
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES, Profile
from knowledge.speech import say

IDS = {"themes": "themes", "partners": "partners", "costs": "costs.personal"}
Option = dict[str, Any]


def fields(filled: Filled) -> dict[str, Any]:
    """Return every field with its choices and values, ready for the template."""
    told = filled.values
    truths = {"ja": worded("funding.yes"), "nein": worded("funding.no")}
    return {
        "applicant": _options(APPLICANTS, told.get("applicant")),
        "place": "" if filled.profile.place is None and "place" not in filled.errors else _place(filled),
        "place_error": filled.errors.get("place") or place_error(filled),
        "place_choices": place_choices(filled.profile),
        "themes": _options(THEMES, told.get("themes")),
        "partners": [*_options(APPLICANTS, told.get("partners")), _option(NOBODY, worded("funding.no_partners"), told.get("partners"))],
        "phase": _options(PHASES, told.get("phase")),
        "costs": [_amount(filled, name, COST_TYPES[name.split(".")[1]]) for name in COST_FIELDS],
        "phased": [
            {"title": say(PHASES[phase]), "fields": [_amount(filled, f"costs.{phase}.{kind}", COST_TYPES[kind]) for kind in COST_TYPES]}
            for phase in PHASES
        ],
        "phased_open": any(name in told for name in PHASED_FIELDS),
        "truths": {key: _options(truths, told.get(key)) for key in ("council_decision", "participation", "already_started")},
        "population": filled.one("population"),
        "own_funds_eur": filled.one("own_funds_eur"),
        "more_open": any(key in told for key in ("own_funds_eur", "population")),
        "errors": filled.errors,
    }


def errors(filled: Filled) -> list[dict[str, str]]:
    """Return the error summary: the sentence, the field's name, and where the field is."""
    said = filled.errors | ({"place": outside} if (outside := place_error(filled)) else {})
    return [{"id": _anchor(name), "label": _label(name), "text": sentence} for name, sentence in said.items()]


def place_error(filled: Filled) -> str | None:
    """Return what is to be said at the place: not of Baden-Württemberg, with near spellings; it counts as outside."""
    if filled.profile.location.inside is not False or filled.profile.place == places.ELSEWHERE:
        return None
    return worded("funding.errors.outside")


def place_choices(profile: Profile) -> list[dict[str, str]]:
    """Return links to the same form with another place: near spellings, or each of the places that share a name."""
    where = profile.location
    near = {name: name for name in where.near}
    shared = {f"{places.plain_name(p)} ({p.ags})": p.ags for p in where.places} if len(where.places) > 1 else {}
    return [{"title": title, "url": address.page(replace(profile, place=place))} for title, place in (near | shared).items()]


def understood(profile: Profile) -> list[tuple[str, str]]:
    """Return a profile in words: key and value."""
    return [(worded(f"funding.short_keys.{key}"), _in_words(profile, key)) for key in profile.as_dict()]


def question(key: str | None) -> dict[str, str] | None:
    """Return the question that helps most now: its field and what to do there."""
    return {"id": _anchor(key), "text": worded(f"funding.questions.{key}")} if key else None


def _in_words(profile: Profile, key: str) -> str:
    value = getattr(profile, key)
    if isinstance(value, bool):
        return worded("funding.yes" if value else "funding.no")
    if key in ("themes", "partners"):
        return names(THEMES if key == "themes" else APPLICANTS, value) if value else worded("funding.no_partners")
    if key == "population":
        return f"{value:,}".replace(",", ".")
    if key == "place":
        return shown_place(profile) or ""
    if key == "costs":
        return ", ".join(
            f"{say(COST_TYPES[kind])}{f' ({say(PHASES[phase])})' if phase else ''} {euro(eur)}" for (phase, kind), eur in value.items()
        )
    return euro(value) if key == "own_funds_eur" else say({**APPLICANTS, **PHASES}[value])


def _place(filled: Filled) -> str:
    """Return the place for its field: the register's name where it is known, else as it was typed."""
    if filled.profile.place == places.ELSEWHERE:
        return "außerhalb"
    named = places.name(filled.profile) if filled.profile.location.inside else None
    return named or filled.one("place")


def _options(words: dict[str, str], told: list[str] | None) -> list[Option]:
    return [_option(key, say(word), told) for key, word in words.items()]


def _option(key: str, word: str, told: list[str] | None) -> Option:
    return {"value": key, "title": word, "chosen": key in (told or ())}


def _amount(filled: Filled, name: str, title: str) -> dict[str, str | None]:
    return {"name": name, "title": say(title), "value": filled.one(name), "error": filled.errors.get(name)}


def _anchor(name: str) -> str:
    return IDS.get(name, name)


def _label(name: str) -> str:
    parts = name.split(".")
    shown = worded(f"funding.short_keys.{parts[0]}") if parts[0] in Profile.__dataclass_fields__ else parts[0]
    words = [say(({**PHASES, **COST_TYPES}).get(part, "")) for part in parts[1:]]
    return " – ".join([shown, *filter(None, words)])
