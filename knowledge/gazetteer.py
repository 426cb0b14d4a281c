"""Municipalities and districts of Baden-Württemberg: which place a text names, and which places share a name."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge.language import fold, words

FOLDER = Path(__file__).parent / "places"
NEAR = 82.0
SHORT = 3  # letters: Au and Ulm count as places only after a preposition of place, like everyday words
_KINDS_BEFORE = frozenset(["landkreis", "kreis", "stadt", "stadtkreis", "gemeinde"])
# Place names that are everyday words: they count as places only after a preposition of place.
_PREPOSITIONS = frozenset(
    ["in", "aus", "us", "bei", "nach", "z", "zu", "vo", "von", "vu", "stadt", "gemeinde", "raum", "landkreis", "kreis"]
)


@dataclass(frozen=True)
class Place:
    """A municipality or district; `ags` is its official key (8 digits, districts 5), `population` its inhabitants."""

    ags: str
    name: str
    kind: str
    population: int
    region: str
    district_ags: str

    @property
    def is_district(self) -> bool:
        """Whether this is a Landkreis or Stadtkreis rather than a municipality."""
        return len(self.ags) == 5


@dataclass(frozen=True)
class Mention:
    """A place named in a text: the words, and every place it may be (more than one where names are shared)."""

    text: str
    places: tuple[Place, ...]


def places() -> tuple[Place, ...]:
    """Return all 1,101 municipalities and 44 districts."""
    return _municipalities() + _districts()


def find(text: str) -> list[Mention]:
    """Return the places that a German text names, longest names first; a dialect -a counts as -en (Metzinga).

    >>> [m.places[0].name for m in find("Mir sind en Verei z'Metzinga")]
    ['Metzingen']
    """
    tokens = words(text)
    names, longest, everyday = _names()
    found, used = [], set[int]()
    for length in range(longest, 0, -1):
        for start in range(len(tokens) - length + 1):
            span = range(start, start + length)
            if used & set(span):
                continue
            hit = _named(" ".join(tokens[start : start + length]), names)
            if hit and _is_meant(tokens, start, length, everyday):
                used |= set(span)
                found.append((start, Mention(" ".join(tokens[start : start + length]), _narrow(hit, tokens, start))))
    return [mention for _, mention in sorted(found, key=lambda item: item[0])]


def named(name: str) -> tuple[Place, ...]:
    """Return the places with this name or official key (8 digits, districts 5); more than one where a name is shared.

    >>> [p.kind for p in named("Landkreis Karlsruhe")], [p.name for p in named("08111000")]
    (['Landkreis'], ['Stuttgart'])
    """
    if name.strip().isdigit():
        return tuple(place for place in places() if place.ags == name.strip())
    tokens = words(re.sub(r",.*| \(.*\)", "", name))
    prefixed = len(tokens) > 1 and tokens[0] in _KINDS_BEFORE
    hit = _names()[0].get(" ".join(tokens[1:] if prefixed else tokens), ())
    return _narrow(hit, tokens, 1) if prefixed else hit


def near(name: str, likeness: float = NEAR) -> tuple[str, ...]:
    """Return up to three place names that are spelt much like this one (0 to 100), the nearest first.

    >>> near("Herenberg")[0]
    'Herrenberg'
    """
    found = process.extract(" ".join(words(name)), _spellings(), scorer=fuzz.ratio, score_cutoff=likeness, limit=6)
    return tuple(dict.fromkeys(str(key[0]) for _, _, key in found))[:3]


@lru_cache(maxsize=1)
def _spellings() -> dict[tuple[str, str], str]:
    """(name, form) → form for every municipality, whole and short (Heidenheim an der Brenz, Heidenheim)."""
    return {(place.name, form): form for place in _municipalities() for form in _forms(place.name)}


def _named(text: str, names: dict[str, tuple[Place, ...]]) -> tuple[Place, ...]:
    if text in names:
        return names[text]
    if text.endswith("inga"):
        return names.get(text[:-1] + "en", ())
    return names.get(text[:-1], ()) if len(text) > 6 and text.endswith("s") else ()


def _is_meant(tokens: list[str], start: int, length: int, everyday: frozenset[str]) -> bool:
    if length > 1 or tokens[start] not in everyday and len(tokens[start]) > SHORT:
        return True
    return start > 0 and tokens[start - 1] in _PREPOSITIONS


def _narrow(found: tuple[Place, ...], tokens: list[str], start: int) -> tuple[Place, ...]:
    """Prefer the Landkreis after "Landkreis", else the municipality; a Stadtkreis is both and counts once."""
    asks_district = start > 0 and tokens[start - 1] in ("landkreis", "kreis", "landratsamt", "ortenaukreis")
    kept = tuple(place for place in found if place.is_district == asks_district)
    if asks_district:
        kept = tuple(place for place in kept if place.kind == "Landkreis") or kept
    return kept or found


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, tuple[Place, ...]], int, frozenset[str]]:
    names: dict[str, list[Place]] = defaultdict(list)
    for place in places():
        for form in _forms(place.name):
            names[form].append(place)
    everyday = frozenset(fold(w) for w in (FOLDER / "everyday_words.txt").read_text(encoding="utf-8").split())
    longest = max(form.count(" ") + 1 for form in names)
    return {form: tuple(found) for form, found in names.items()}, longest, everyday


def _forms(name: str) -> set[str]:
    plain = re.sub(r",.*| \(.*\)", "", name)
    short = re.sub(r"/.*| (am|an der|im|in|ob|bei|unter|vor|auf) .*", "", plain)
    return {" ".join(words(form)) for form in (plain, short)}


@lru_cache(maxsize=1)
def _municipalities() -> tuple[Place, ...]:
    return tuple(
        Place(r["ags"], r["name"], r["type"], int(r["population"]), r["region"], r["district_ags"]) for r in _rows("municipalities.csv")
    )


@lru_cache(maxsize=1)
def _districts() -> tuple[Place, ...]:
    return tuple(Place(r["ags"], r["name"], r["type"], int(r["population"]), r["region"], r["ags"]) for r in _rows("districts.csv"))


def _rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
