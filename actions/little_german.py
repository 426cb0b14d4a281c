"""Signs in a message that somebody knows little German: said outright, or an order of words that native speakers do not use.

Dialect, keywords and slips of the pen are none. What counts is in `knowledge/words/little_german.yml`; how often that is right is measured
(`tests/actions/test_offering.py`).
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from pathlib import Path

from actions.funding.words import plain
from knowledge import yaml_file

WORDS = Path(__file__).parent.parent / "knowledge" / "words" / "little_german.yml"
_CLAUSE = re.compile(r"[.,;:!?()\n]+")


class Sign(str, Enum):
    """What a message shows. MEANING: a word's meaning is asked, which everybody does now and then."""

    LITTLE = "l"
    MEANING = "m"
    NONE = "-"


def sign(text: str) -> Sign:
    """Return what a message shows of its writer's German.

    >>> sign("wir wollen kochen zusammen"), sign("Wir wollen zusammen kochen"), sign("Was heißt Kofinanzierung?")
    (<Sign.LITTLE: 'l'>, <Sign.NONE: '-'>, <Sign.MEANING: 'm'>)
    """
    clauses = [plain(clause) for clause in _CLAUSE.split(text)]
    if any(_says("says", clause) or _says("grammar", clause) or _is_bare(clause) for clause in clauses):
        return Sign.LITTLE
    return Sign.MEANING if any(_says("meaning", clause) for clause in clauses) else Sign.NONE


def _is_bare(clause: str) -> bool:
    """Whether an infinitive stands where a finite verb has to be."""
    return _says("bare", clause) and not set(clause.split()) & _finite()


def _says(kind: str, clause: str) -> bool:
    return any(pattern.search(clause) for pattern in _patterns(kind))


@lru_cache(maxsize=1)
def _finite() -> frozenset[str]:
    table = yaml_file.read(WORDS)
    return frozenset([*table["modals"], *table["auxiliaries"]]) - frozenset(table["infinitives"])


@lru_cache(maxsize=4)
def _patterns(kind: str) -> list[re.Pattern[str]]:
    table = yaml_file.read(WORDS)
    lists = {"inf": "infinitives", "modal": "modals", "who": "who", "asks": "asks", "after": "after", "article": "article"}
    named = {place: rf"\b(?:{'|'.join(table[name])})\b" for place, name in lists.items()}
    return [re.compile(re.sub(r"\{(\w+)\}(?!\d)", lambda match: named.get(match[1], match[0]), pattern)) for pattern in table[kind]]
