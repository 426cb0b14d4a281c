"""What a message tells about a plan: any number of details, in any order, with corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.funding import costs, parties, whereabouts
from actions.funding.words import pattern, patterns, plain, says, spelt
from actions.grammar import is_yes_no

_SENTENCE = re.compile(r"(?<=[?!;])\s*|(?<=[a-zäöüß)€]\.)\s+|\n+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[,;:.!?]\s+|[,;:.!?]$|\s+(?=(?:sondern|und ja|ond ja|aber (?:wir|mir|mer|ich|der|die|das|unser\w*|es))\b)|\s[–-]\s", re.IGNORECASE
)
_QUESTION_WORD = re.compile(
    r"^(?:und |ond |aber |ok |gut )?"
    r"(wie|was|wer|wo|wann|warum|wieso|welche\w*|bis wann|bis zu|in welch\w*|an wen|ab wann|wofur|wen|wem|wia)\b"
)
_ADDRESSES = re.compile(
    r"^(?:(?:und|ond|aber|ok|gut|also) )?\w+ "
    r"(ich|i|wir|mir|mer|man|mr|ma|es|er|sie|das|des|der|die|ein\w*|a|en|unser\w*|da|do|dafur|fur|furs|s)\b"
)
_WE_ARE = re.compile(r"(?:also |ja |na |hallo )?(?:sind|send|sen|sin|bin) (?:halt |bloss |nur )?(?:die|der|das|ein\w*|a|en|vom|von)\b")
_INTRODUCES = re.compile(r"\b(wir|mir|mer|ich) (sind|send|sen|bin|vertrete\w*)\b")
_OURS = re.compile(r"\bunser\w* (?:\w+ )?(?=\w)")
_REGISTERED = re.compile(r"\be\. ?v\.|\be\.v\b", re.IGNORECASE)


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
    telling = [spelt(s) for s in sentences(text) if whole or tells(s)]
    values: dict[str, Any] = {}
    for clause in (clause for sentence in telling for clause in clauses(sentence)):
        for key, value in _details(clause, open_key, whole):
            _add(values, key, value)
    joined = " ".join(telling)
    found, rest = costs.read(joined, open_key == "costs" or open_key != "population" and costs.is_only_a_number(text))
    if found:
        values["costs"] = found
    misspelt = None if "place" in values else whereabouts.misspelt(joined)
    if "place" not in values and not misspelt and says("of_us", plain(joined)):
        values.update(whereabouts.outside(joined))
    return Told(values, rest, says("replaces", plain(text)), misspelt)


def tells(sentence: str) -> bool:
    """A sentence that asks nothing, speaks of oneself, or names costs without a question mark."""
    if not is_question(sentence) or introduces(sentence):
        return True
    return "?" not in sentence and bool(costs.read(sentence, asked=False)[0])


def sentences(text: str) -> list[str]:
    """Split a message into its sentences; at least one."""
    return [s for s in _SENTENCE.split(_REGISTERED.sub("Verein", text)) if s and s.strip()] or [text]


def clauses(sentence: str) -> list[str]:
    """Split a sentence where another detail may begin."""
    return [c.strip() for c in _CLAUSE.split(sentence) if c and c.strip()]


def introduces(text: str) -> bool:
    """Whether somebody says who they are."""
    said = plain(text)
    ours = {match.end() for match in _OURS.finditer(said)}
    return _INTRODUCES.search(said) is not None or any(start in ours for _, start, _ in parties.kinds(said))


def is_question(sentence: str) -> bool:
    """Whether a sentence asks something.

    >>> is_question("braucht es dafür eine Genehmigung"), is_question("sind gerade am Planen")
    (True, False)
    """
    text = plain(sentence)
    if _WE_ARE.match(text) and "?" not in sentence:
        return False
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


def _details(clause: str, open_key: str | None, begins: bool) -> Iterator[tuple[str, Any]]:
    text = plain(clause)
    denied = says("negation", text)
    named = dict(parties.parties(text, open_key, begins))
    yield from _truths(text, denied)
    yield from _phase(text, denied)
    yield from named.items()
    if says("lives", text):
        return
    if not denied:
        yield from _themes(text)
    if "applicant" in named or not named.get("partners"):  # a partner's town is not the place of the plan
        yield from whereabouts.place(clause, open_key)
    for number in costs.people(clause):
        yield "population", number
    for eur in costs.own_funds(clause):
        yield "own_funds_eur", eur


def _truths(text: str, denied: bool) -> Iterator[tuple[str, bool]]:
    if says("unsure", text):
        return
    refused = denied or says("not_yet", text)
    if says("council", text) and (says("decided", text) or refused):
        yield "council_decision", not refused
    if says("involved", text):
        yield "participation", not refused
    if says("begun", text):
        yield "already_started", not refused


def _phase(text: str, denied: bool) -> Iterator[tuple[str, str]]:
    if not denied:
        found = [(m.start(), phase) for phase, p in patterns("phase").items() if (m := p.search(text))]
        if found:
            yield "phase", min(found)[1]


def _themes(text: str) -> Iterator[tuple[str, list[str]]]:
    for _, start, end in parties.kinds(text):  # a Musikverein is no project about music
        stop = text.find(" ", end)
        text = text[:start] + " " * ((stop if stop >= 0 else len(text)) - start) + text[stop if stop >= 0 else len(text) :]
    involved = pattern("involved").search(text)
    if involved:
        text = text[: involved.start()] + text[involved.end() :]
    found = [value for kind, value, _, _ in parties.vocabulary().find(text) if kind == "theme"]
    if found:
        yield "themes", found


def cost_types(text: str) -> Iterator[str]:
    """Yield the cost types that folded text names."""
    return (kind for kind, p in patterns("cost").items() if p.search(text))
