"""A profile and its questions in words: what was understood, what to ask, the buttons to answer with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.funding.told import by_type
from actions.reply import Button
from knowledge import gazetteer
from knowledge.funding.conditions import euro
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES, Profile
from knowledge.speech import read, say

_CHOICES: dict[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "applicant": (
        APPLICANTS,
        ("gemeinde", "landkreis", "verein", "initiative", "kirche", "wohlfahrtstraeger", "genossenschaft", "privatperson"),
    ),
    "themes": (THEMES, ("alter", "pflege", "begegnung", "beteiligung", "familie", "jugend", "integration", "inklusion", "wohnen")),
    "phase": (PHASES, tuple(PHASES)),
    "partners": (APPLICANTS, ("gemeinde", "verein", "initiative", "kirche", "wohlfahrtstraeger")),
}


def in_words(profile: Mapping[str, Any]) -> str:
    """Return a profile in words: "Verein · Aalen · Begegnung · 3.000 € Sachkosten"."""
    told = Profile.read(profile).shown()
    parts = [say(APPLICANTS[told["applicant"]])] if "applicant" in told else []
    parts += [str(told["place"])] if "place" in told else []
    parts += [" und ".join(say(THEMES[t]) for t in told["themes"])] if told.get("themes") else []
    parts += [say("Phase {phase}", phase=say(PHASES[told["phase"]]))] if "phase" in told else []
    parts += [f"{euro(eur)} {say(COST_TYPES[kind])}" for kind, eur in by_type(told.get("costs", {})).items()]
    if "partners" in told:
        names = ", ".join(say(APPLICANTS[p]) for p in told["partners"])
        parts.append(say("Partner: {names}", names=names) if names else texts()["shown"]["no_partners"])
    for key, name in (("council_decision", "council"), ("participation", "participation"), ("already_started", "started")):
        if key in told:
            parts.append(texts()["shown"][f"{name}_{'yes' if told[key] else 'no'}"])
    parts += [say("{number} Menschen", number=f"{told['population']:,}".replace(",", "."))] if "population" in told else []
    parts += [say("{eur} Eigenmittel", eur=euro(told["own_funds_eur"]))] if "own_funds_eur" in told else []
    return " · ".join(parts)


def choices(key: str, sum_eur: int | None = None) -> list[Button]:
    """Return the buttons to answer a question with, without "Weiß ich nicht" and "Ergebnis"."""
    if key in ("council_decision", "participation"):
        return [setting(texts()["buttons"]["yes"], key, "true"), setting(texts()["buttons"]["no"], key, "false")]
    if key == "costs":
        return [setting(COST_TYPES[k], f"costs.{k}", str(sum_eur)) for k in COST_TYPES] if sum_eur else []
    if key not in _CHOICES:
        return []
    words, values = _CHOICES[key]
    found = [setting(words[value], key, value) for value in values]
    return [*found, setting(texts()["buttons"]["none"], key, "")] if key == "partners" else found


def setting(title: str, key: str, value: str) -> Button:
    """Return a button that sets a value of the profile."""
    return Button(title, "set_profile", {"key": key, "value": value})


def places(options: list[gazetteer.Place]) -> list[Button]:
    """Return buttons to choose among places of one name, each with its district."""
    districts = {p.ags: p.name.split(",")[0] for p in gazetteer.places() if p.is_district}
    return [setting(f"{p.name} ({districts[p.district_ags]})", "place", p.ags) for p in options[:6]]


def texts() -> dict[str, Any]:
    """Return the sentences of the finder by name, in the language spoken."""
    return read(Path(__file__).parent / "texts.yml")
