"""Choosing what of an entry answers a question: a block somebody wrote for such questions, a fact, or a field."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.grammar import is_negated
from actions.stance import likeness
from knowledge.model import Asked, Entry
from knowledge.search import Hit, Passage

# A wording this near to the question is taken for the same question; a fact must be nearer to outweigh the fields.
NEAR, NEAR_FACT = 0.07, 0.12
TOPIC_BONUS = 0.7  # a block about the topic that the classifier believes in counts this much more
NEGATION_MALUS = 0.8  # "geht es ohne …" and "brauchen wir …" have opposite answers
NO_FIGURE_MALUS = 0.6  # who asks how much or how many wants a figure
PAST_MALUS = 0.6  # what was once so answers only who asks about the past
_PAST = re.compile(r"^(Früher|Damals|Im Jahr 20\d\d (war|gab))")
_ASKS_FIGURE = re.compile(r"\b(wie ?(hoch|viele?)|wia? ?viel|wieviele?|welche[rn]? (höhe|summe|betrag))\b", re.IGNORECASE)
_FIGURE = re.compile(r"(?<!\d)(?!(?:19|20)\d\d\b)\d")  # a number that is no year
_ASKS_PAST = re.compile(r"\b(früher\w*|damals|war|waren|wars|gab|gabs|bisher\w*|20[012]\d)\b", re.IGNORECASE)
ANSWERING = ("ja", "nein", "offen", "frage", "unbekannt")
POLAR = ("ja", "nein", "offen", "unbekannt")


@dataclass(frozen=True)
class Choice:
    """What answers: a block with the kind of its nearest wording, or a fact's text, or only a topic (a field)."""

    topic: str
    score: float
    block: Asked | None = None
    kind: str = "frage"
    fact: str | None = None


def choose(hit: Hit, question: str, topics: dict[str, float], polar: bool) -> Choice:
    """Choose within an entry. `topics` is the classifier's belief (topic → 0-1), `polar`: a yes/no question."""
    negated = is_negated(question)
    weighed = [
        (_weigh(score, passage, topics, polar, negated) * _in_time(passage, question) * _with_figure(passage, question), score, passage)
        for score, passage in hit.passages
    ]
    ranked = sorted(weighed, key=lambda item: -item[0])
    likely = max(topics, key=lambda topic: topics[topic], default="overview")
    for weight, score, passage in ranked:
        if passage.block and passage.kind in ANSWERING and weight >= NEAR:
            return Choice(passage.block.topic, score, passage.block, _kind(passage, question, polar))
        if passage.kind == "fact" and weight >= NEAR_FACT and passage.field not in ("summary", "provider", "funder"):
            return Choice(likely, score, fact=passage.text)
        if passage.kind == "frage" and hit.entry.area == "faq":
            return Choice("overview", score)
    return Choice(likely, 0.0)


def _weigh(score: float, passage: Passage, topics: dict[str, float], polar: bool, negated: bool) -> float:
    if passage.block is None:
        return score * (0.85 if passage.kind == "fact" else 1.0)
    fits = TOPIC_BONUS * topics.get(passage.block.topic, 0.0)
    same_form = 1.08 if polar == (passage.kind in POLAR) else 1.0
    opposite = NEGATION_MALUS if polar and is_negated(passage.text) != negated else 1.0
    return score * (1 + fits) * same_form * opposite


def _in_time(passage: Passage, question: str) -> float:
    is_past = passage.block is not None and passage.block.say and _PAST.match(passage.block.say)
    return PAST_MALUS if is_past and not _ASKS_PAST.search(question) else 1.0


def _with_figure(passage: Passage, question: str) -> float:
    say = passage.block.say if passage.block else None
    return NO_FIGURE_MALUS if say and not _FIGURE.search(say) and _ASKS_FIGURE.search(question) else 1.0


def _kind(passage: Passage, question: str, polar: bool) -> str:
    """Return how the answer begins: as the block's yes/no wording that asks from the same side as the question."""
    if passage.kind == "unbekannt" or not polar:
        return passage.kind if passage.kind == "unbekannt" else "frage"
    asked = [(kind, text) for kind, text in passage.block.wordings if kind in POLAR] if passage.block else []
    if not asked:
        return "frage"
    kind, nearest = max(asked, key=lambda wording: likeness(question, wording[1]))
    if len({k for k, _ in asked}) == 1 and kind != "unbekannt" and is_negated(nearest) != is_negated(question):
        return "offen"
    return kind


def of_entry(entry: Entry, topic: str) -> Asked | None:
    """Return the entry's first block about a topic: what a button for that topic shows."""
    return next((b for b in entry.asked if b.topic == topic and any(k != "unbekannt" for k, _ in b.wordings)), None)
