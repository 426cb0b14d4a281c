"""The shorter answer in plainer words, until the texts in Einfache Sprache exist."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_file

SENTENCES = 3
_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„•])|\n")


def shorten(text: str) -> str:
    """Return the first sentences of a text, one per line, with administrative words replaced by everyday ones."""
    sentences = [s.strip() for s in _END.split(_plain(text)) if s.strip()]
    kept = sentences[:SENTENCES] if len(sentences[0]) > 5 else sentences[: SENTENCES + 1]
    return "\n".join(kept)


def _plain(text: str) -> str:
    text = re.sub(r"\s*\([^()]*\)", "", text)
    for pattern, plain in _words():
        text = pattern.sub(plain, text)
    return text


@lru_cache(maxsize=1)
def _words() -> list[tuple[re.Pattern[str], str]]:
    table = yaml_file.read(Path(__file__).parent.parent / "knowledge" / "words" / "simple.yml")
    return [(re.compile(rf"\b{official}\b"), plain) for official, plain in table.items()]
