"""The place of a plan, as a message names it: one of ours, one that is nearly spelt so, one elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.funding.parties import DENIED
from actions.funding.words import plain
from knowledge import gazetteer
from knowledge.gazetteer import Mention

_IN_PLACE = re.compile(r"\b(?:in|aus|z'|Gemeinde|Stadt) ?([A-ZÄÖÜ][a-zäöüß]{4,})\b|\b(?:aus|in) ([a-zäöüß]{6,})\b")
_FROM = re.compile(r"\b(?:aus|us|Sitz in) ([A-ZÄÖÜ][\w-]{3,}(?: (?:am|an der|im|ob der|in der) [A-ZÄÖÜ]\w+)?)")
_NO_PLACES = frozenset(
    [
        "Deutschland",
        "Baden",
        "Württemberg",
        "Baden-Württemberg",
        "Europa",
        "Mitteln",
        "Eigenmitteln",
        "Spenden",
        "Holz",
        "Viertel",
        "Quartier",
        "Stadtteil",
        "Dorf",
        "Ort",
        "Ortsteil",
        "Nachbarschaft",
        "Haus",
        "Syrien",
        "Ukraine",
    ]
)
NEARLY = 90.0


def place(clause: str, open_key: str | None) -> Iterator[tuple[str, str]]:
    """Yield the place that a clause names; one that is denied ("nicht in Aalen") is none."""
    text = plain(clause)
    mentions = [m for m in gazetteer.find(clause) if not DENIED.search(text[: text.find(m.text)])]
    if mentions:
        yield "place", name_of(mentions[0])
    elif open_key == "place" and gazetteer.named(clause):
        yield "place", gazetteer.named(clause)[0].name


def misspelt(text: str) -> str | None:
    """A name after "in" or "aus" that is no place of ours, but nearly one; people on phones write it without a capital."""
    names = (match.group(1) or match.group(2) for match in _IN_PLACE.finditer(text))
    return next((name for name in names if gazetteer.near(name, NEARLY)), None)


def outside(text: str) -> dict[str, str]:
    """A name after "aus" that is no place of ours and like none: a place elsewhere."""
    names = (match.group(1) for match in _FROM.finditer(text))
    found = next((name for name in names if name not in _NO_PLACES and not gazetteer.named(name)), None)
    return {"place": found} if found else {}


def name_of(mention: Mention) -> str:
    """Return the plain name of a mentioned place; a Landkreis keeps its kind where a municipality has the same name."""
    place = next((p for p in mention.places if not p.is_district), mention.places[0])
    name = place.name.split(",")[0]
    if place.is_district and place.kind == "Landkreis" and any(not p.is_district for p in gazetteer.named(name)):
        return f"Landkreis {name}"
    return name
