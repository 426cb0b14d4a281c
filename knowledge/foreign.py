"""Recognising a line in another language, by script or by its commonest words."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_file

_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def language_of(text: str) -> str | None:
    """Return en, uk, ru, ar, tr or fr for a text in that language, None for German and all else.

    >>> language_of("Do you speak English?"), language_of("Wie hoch ist der Zuschuss?")
    ('en', None)
    """
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        return "uk" if _UKRAINIAN.search(text) else "ru"
    tokens = re.findall(r"\w+", text.lower())
    shares = {code: sum(t in known for t in tokens) / len(tokens) for code, known in _common().items()} if tokens else {}
    best = max(shares, key=lambda code: shares[code], default=None)
    return best if best and len(tokens) > 1 and shares[best] >= 0.5 else None


@lru_cache(maxsize=1)
def _common() -> dict[str, frozenset[str]]:
    table = yaml_file.read(Path(__file__).parent / "words" / "languages.yml")
    return {code: frozenset(words) for code, words in table.items()}
