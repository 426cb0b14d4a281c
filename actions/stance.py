"""From which side a yes/no question asks: must or may, with or without, free or not, who. Opposite sides get opposite answers."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_file
from knowledge.kinds import KindWords
from knowledge.language import fold, stems

SIDE, CONTENT = 0.6, 0.4


def likeness(question: str, wording: str) -> float:
    """Return how alike two yes/no questions are, 0 to 1: mostly by their side, the rest by their words."""
    sides = _shared(_side_of(question), _side(wording))
    return SIDE * sides + CONTENT * _shared(frozenset(stems(question)), frozenset(stems(wording)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


@lru_cache(maxsize=20_000)
def _side(wording: str) -> frozenset[str]:
    """The side of a wording of the knowledge base; a citizen's question is never kept."""
    return _side_of(wording)


def _side_of(text: str) -> frozenset[str]:
    plain = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    words = {side for side, pattern in _patterns() if pattern.search(plain)}
    return frozenset(words | {f"{kind}:{value}" for kind, value, *_ in _kinds().find(text) if kind in ("applicant", "cost_type")})


@lru_cache(maxsize=1)
def _kinds() -> KindWords:
    return KindWords()


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    table = yaml_file.read(Path(__file__).parent.parent / "knowledge" / "words" / "stance.yml")
    return [(side, re.compile(pattern)) for side, pattern in table.items()]
