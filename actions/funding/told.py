"""What a message tells about a plan: any number of details, in any order, with corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from actions.funding import costs
from actions.funding.words import pattern, patterns, plain, says
from actions.grammar import is_yes_no
from knowledge import gazetteer
from knowledge.funding.profile import MUNICIPAL
from knowledge.gazetteer import Mention
from knowledge.kinds import KindWords

_SENTENCE = re.compile(r"(?<=[?!;])\s*|(?<=[a-zäöüß)€]\.)\s+|\n+", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?]\s+|[,;:.!?]$|\s+(?=(?:sondern|aber|und ja|ond ja|aber)\b)|\s[–-]\s", re.IGNORECASE)
_QUESTION_WORD = re.compile(
    r"^(?:und |ond |aber |ok |gut )?"
    r"(wie|was|wer|wo|wann|warum|wieso|welche\w*|bis wann|bis zu|in welch\w*|an wen|ab wann|wofur|wen|wem|wia)\b"
)
_ADDRESSES = re.compile(
    r"^(?:(?:und|ond|aber|ok|gut|also) )?\w+ "
    r"(ich|i|wir|mir|mer|man|mr|ma|es|er|sie|das|des|der|die|ein\w*|a|en|unser\w*|da|do|dafur|fur|furs|s)\b"
)
_DENIED = re.compile(
    r"\b(kein\w*|koi\w*|nicht|net|ned|weder|statt|ohne)( (der|die|das|ein\w*|als|mehr|vom|von|in|aus|bei|\w+e[rnms]))*\s*$"
)
_INTRODUCES = re.compile(r"\b(wir|mir|mer|ich) (sind|send|sen|bin|vertrete\w*)\b|\bunser\w* (?=\w)")
_REGISTERED = re.compile(r"\be\. ?v\.|\be\.v\b", re.IGNORECASE)
_IN_PLACE = re.compile(r"\b(?:in|aus|z'|Gemeinde|Stadt) ?([A-ZÄÖÜ][a-zäöüß]{4,})\b|\b(?:aus|in) ([a-zäöüß]{6,})\b")
_FROM = re.compile(r"\b(?:aus|us|Sitz in) ([A-ZÄÖÜ][\w-]{3,}(?: (?:am|an der|im|ob der|in der) [A-ZÄÖÜ]\w+)?)")
_NO_PLACES = frozenset(["Deutschland", "Baden", "Württemberg", "Baden-Württemberg", "Europa", "Mitteln", "Eigenmitteln", "Spenden", "Holz"])
NEARLY = 90.0


@dataclass(frozen=True)
class Told:
    """Details of one message: values by profile key, a sum whose cost type was not said, a place that is spelt nearly right."""

    values: Mapping[str, Any] = field(default_factory=dict)
    sum_eur: int | None = None
    replaces: bool = False
    misspelt_place: str | None = None

    def __bool__(self) -> bool:
        return bool(self.values) or self.sum_eur is not None or self.misspelt_place is not None


def read(text: str, open_key: str | None = None, whole: bool = False) -> Told:
    """Return what a message tells; `open_key`: the key asked last; `whole`: questions count too (a message that begins the dialogue)."""
    telling = [s for s in sentences(text) if whole or _tells(s)]
    clauses = [c.strip() for sentence in telling for c in _CLAUSE.split(sentence) if c and c.strip()]
    values: dict[str, Any] = {}
    for clause in clauses:
        for key, value in _details(clause, open_key):
            _add(values, key, value)
    joined = " ".join(telling)
    found, rest = costs.read(joined, open_key == "costs")
    if found:
        values["costs"] = found
    misspelt = None if "place" in values else _misspelt(joined)
    if "place" not in values and not misspelt:
        values.update(_outside(joined))
    return Told(values, rest, says("replaces", plain(text)), misspelt)


def _tells(sentence: str) -> bool:
    """A sentence that asks nothing, speaks of oneself, or names costs without a question mark."""
    if not is_question(sentence) or _INTRODUCES.search(plain(sentence)):
        return True
    return "?" not in sentence and bool(costs.read(sentence, asked=False)[0])


def sentences(text: str) -> list[str]:
    """Split a message into its sentences; at least one."""
    return [s for s in _SENTENCE.split(_REGISTERED.sub("Verein", text)) if s and s.strip()] or [text]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks something.

    >>> is_question("braucht es dafür eine Genehmigung"), is_question("sind gerade am Planen")
    (True, False)
    """
    text = plain(sentence)
    if sentence.rstrip().endswith("?") or _QUESTION_WORD.match(text):
        return True
    return bool(_ADDRESSES.match(text)) and is_yes_no(sentence)


def merged(profile: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Return the profile with what was told: lists grow (a correction replaces them), all else is overwritten."""
    after = dict(profile)
    for key, value in told.values.items():
        if key in ("themes", "partners") and value and not told.replaces:
            after[key] = list(dict.fromkeys([*after.get(key, ()), *value]))
        elif key == "costs":
            after[key] = {**by_type(after.get(key, {})), **value}
        else:
            after[key] = value
    return after


def by_type(costs: Mapping[str, Any]) -> dict[str, int]:
    """Costs per cost type; those per phase (told on the page) are added up, as the chat names none."""
    flat: dict[str, int] = {}
    for key, value in costs.items():
        for cost_type, eur in value.items() if isinstance(value, Mapping) else ((key, value),):
            flat[cost_type] = flat.get(cost_type, 0) + eur
    return flat


def _add(values: dict[str, Any], key: str, value: Any) -> None:
    if isinstance(value, list):
        values[key] = list(dict.fromkeys([*values.get(key, ()), *value]))
    else:
        values.setdefault(key, value)


def _details(clause: str, open_key: str | None) -> Iterator[tuple[str, Any]]:
    text = plain(clause)
    denied = says("negation", text)
    yield from _truths(text, denied)
    yield from _phase(text, denied)
    yield from _parties(text, open_key)
    if not denied:
        yield from _themes(text)
    yield from _place(clause, open_key)
    for number in costs.people(clause):
        yield "population", number
    for eur in costs.own_funds(clause):
        yield "own_funds_eur", eur


def _truths(text: str, denied: bool) -> Iterator[tuple[str, bool]]:
    refused = denied or says("not_yet", text)
    if says("council", text) and (says("decided", text) or refused):
        yield "council_decision", not refused
    if says("involved", text):
        yield "participation", not denied
    if says("begun", text):
        yield "already_started", not refused


def _phase(text: str, denied: bool) -> Iterator[tuple[str, str]]:
    if not denied:
        found = [(m.start(), phase) for phase, p in patterns("phase").items() if (m := p.search(text))]
        if found:
            yield "phase", min(found)[1]


def _parties(text: str, open_key: str | None) -> Iterator[tuple[str, Any]]:
    """Applicant and partners: who speaks of oneself applies, who is named with a partner's words is a partner."""
    if says("no_partner", text) or open_key == "partners" and says("no", text):
        yield "partners", []
        return
    kinds = [(kind, at) for kind, at, _ in _kinds(text) if not _DENIED.search(text[:at])]
    if not kinds or says("council", text) and not says("with_partner", text):
        return
    split = pattern("with_partner").search(text)
    named_later = [kind for kind, at in kinds if split and at >= split.start()]
    if named_later:
        yield "partners", named_later
    elif says("is_partner", text) or open_key == "partners":
        yield "partners", [] if says("negation", text) else [kind for kind, _ in kinds]
        return
    own = [(kind, at) for kind, at in kinds if kind not in named_later]
    applicant = next((kind for kind, at in own if open_key == "applicant" or _speaks_of_oneself(text, kind, at)), None)
    if applicant:
        unregistered = says("unregistered", text) and applicant in ("verein", "initiative")
        yield "applicant", "initiative" if unregistered else applicant


def _speaks_of_oneself(text: str, kind: str, at: int) -> bool:
    before = text[:at]
    if kind in MUNICIPAL and pattern("located").search(before) and not says("works_for", before):
        return False
    return pattern("self").search(before) is not None


def _kinds(text: str) -> list[tuple[str, int, int]]:
    """Applicant kinds in folded text with their offsets, in the order of the text; a word counts once."""
    found = sorted((start, -end, value) for kind, value, start, end in _words().find(text) if kind == "applicant")
    kept: list[tuple[str, int, int]] = []
    for start, end, value in found:
        if not kept or start >= kept[-1][2]:
            kept.append((value, start, -end))
    return kept


def _themes(text: str) -> Iterator[tuple[str, list[str]]]:
    for _, start, end in _kinds(text):  # a Musikverein is no project about music
        stop = text.find(" ", end)
        text = text[:start] + " " * ((stop if stop >= 0 else len(text)) - start) + text[stop if stop >= 0 else len(text) :]
    involved = pattern("involved").search(text)
    if involved:
        text = text[: involved.start()] + text[involved.end() :]
    found = [value for kind, value, _, _ in _words().find(text) if kind == "theme"]
    if found:
        yield "themes", found


def _place(clause: str, open_key: str | None) -> Iterator[tuple[str, str]]:
    text = plain(clause)
    mentions = [m for m in gazetteer.find(clause) if not _DENIED.search(text[: text.find(m.text)])]
    if mentions:
        yield "place", name_of(mentions[0])
    elif open_key == "place" and gazetteer.named(clause):
        yield "place", gazetteer.named(clause)[0].name


def _misspelt(text: str) -> str | None:
    """A name after "in" or "aus" that is no place of ours, but nearly one; people on phones write it without a capital."""
    names = (match.group(1) or match.group(2) for match in _IN_PLACE.finditer(text))
    return next((name for name in names if gazetteer.near(name, NEARLY)), None)


def _outside(text: str) -> dict[str, str]:
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


@lru_cache(maxsize=1)
def _words() -> KindWords:
    return KindWords()


def cost_types(text: str) -> Iterator[str]:
    """Yield the cost types that folded text names."""
    return (kind for kind, p in patterns("cost").items() if p.search(text))
