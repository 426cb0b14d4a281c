"""Choosing what of an entry answers a question: a block somebody wrote for such questions, a fact, or a field."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.model import Asked, Entry
from knowledge.search import Hit, Passage

# A wording this near to the question is taken for the same question; a fact must be nearer to outweigh the fields.
NEAR, NEAR_FACT = 0.42, 0.5
TOPIC_BONUS = 0.22
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


def choose(hit: Hit, topics: dict[str, float], polar: bool) -> Choice:
    """Choose within an entry. `topics` is the classifier's belief (topic → 0-1), `polar`: a yes/no question."""
    ranked = sorted(
        ((_weigh(score, passage, topics, polar), score, passage) for score, passage in hit.passages),
        key=lambda item: -item[0],
    )
    likely = max(topics, key=lambda topic: topics[topic], default="overview")
    for weight, score, passage in ranked:
        if passage.block and passage.kind in ANSWERING and weight >= NEAR:
            return Choice(passage.block.topic, score, passage.block, _kind(passage, hit, polar))
        if passage.kind == "fact" and weight >= NEAR_FACT and passage.field not in ("summary", "provider", "funder"):
            return Choice(likely, score, fact=passage.text)
        if passage.kind == "frage" and hit.entry.area == "faq":
            return Choice("overview", score)
    return Choice(likely, 0.0)


def _weigh(score: float, passage: Passage, topics: dict[str, float], polar: bool) -> float:
    if passage.block is None:
        return score * (0.85 if passage.kind == "fact" else 1.0)
    fits = TOPIC_BONUS * topics.get(passage.block.topic, 0.0)
    same_form = 0.04 if polar == (passage.kind in POLAR) else 0.0
    return score * (1 + fits) + same_form


def _kind(passage: Passage, hit: Hit, polar: bool) -> str:
    """For a yes/no question the nearest yes/no wording of the same block decides, though a W-question was nearer."""
    if not polar or passage.kind in POLAR:
        return passage.kind
    for _, other in hit.passages:
        if other.block is passage.block and other.kind in POLAR:
            return other.kind
    kinds = {kind for kind, _ in passage.block.wordings if kind in POLAR} if passage.block else set()
    return kinds.pop() if len(kinds) == 1 else "frage"


def of_entry(entry: Entry, topic: str) -> Asked | None:
    """Return the entry's first block about a topic: what a button for that topic shows."""
    return next((b for b in entry.asked if b.topic == topic and any(k != "unbekannt" for k, _ in b.wordings)), None)
