"""Words of the funding dialogue (`knowledge/words/profile.yml`): patterns over folded text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from knowledge import yaml_file
from knowledge.language import fold

MATTER = ("verein", "gemeinde", "initiative", "stiftung", "caritas", "diakonie", "landkreis", "sachkosten", "umsetzung", "genossenschaft")
WORDS = Path(__file__).parent.parent.parent / "knowledge" / "words" / "profile.yml"


def plain(text: str) -> str:
    """Return folded text with nothing but letters, digits and single blanks.

    >>> plain("Für's Café, bitte!")
    'fur s cafe bitte'
    """
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def spelt(text: str) -> str:
    """Return a message with the words that matter most put right where one letter is wrong.

    >>> spelt("wir sin ein Verien")
    'wir sin ein verein'
    """
    return re.sub(r"[^\W\d_]{5,}", lambda word: _right(word.group()), text)


def _right(word: str) -> str:
    low = word.lower()
    return next((right for right in MATTER if low != right and OSA.distance(low, right, score_cutoff=1) == 1), word)


def says(kind: str, text: str) -> bool:
    """Whether folded text contains one of the words of a kind."""
    return pattern(kind).search(text) is not None


def pattern(kind: str) -> re.Pattern[str]:
    """Return the pattern of a kind."""
    found = _patterns()[kind]
    assert isinstance(found, re.Pattern)
    return found


def patterns(kind: str) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a kind with values (phase, cost)."""
    found = _patterns()[kind]
    assert isinstance(found, dict)
    return found


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str] | dict[str, re.Pattern[str]]]:
    return {
        kind: {value: re.compile(p) for value, p in given.items()} if isinstance(given, dict) else re.compile(given)
        for kind, given in yaml_file.read(WORDS).items()
    }
