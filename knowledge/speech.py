"""The language of a turn: German, or Einfache Sprache. Sentences of the code have their simple form in `words/simple_sentences.yml`.

The sentence itself is the key, as in gettext, so that the code reads as what it says. Texts of entries have theirs in `knowledge/simple`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge import yaml_file
from knowledge.model import Entry

GERMAN, SIMPLE = "de", "de-simple"
WORDS = Path(__file__).parent / "words" / "simple_sentences.yml"
_language: ContextVar[str] = ContextVar("language", default=GERMAN)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within a block; an unknown one is German."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def is_simple() -> bool:
    """Whether Einfache Sprache is spoken."""
    return _language.get() == SIMPLE


def say(sentence: str, **facts: object) -> str:
    """Return a sentence in the language spoken, its places filled with facts.

    >>> say("Frist {day}", day="14. August 2026")
    'Frist 14. August 2026'
    """
    told = sentences().get(sentence, sentence) if is_simple() else sentence
    return told.format(**facts) if facts else told


def spoken(entry: Entry) -> Entry:
    """Return an entry with its texts in the language spoken: to tell them, never to decide by them."""
    return entry.in_simple if is_simple() else entry


def read(file: Path) -> dict[str, Any]:
    """Return fixed sentences by name, in the language spoken; the simple ones stand beside the file (`texts.simple.yml`)."""
    return _read(file) | (_read(file.with_suffix(".simple.yml")) if is_simple() else {})


@lru_cache(maxsize=1)
def sentences() -> dict[str, str]:
    """Return the simple form of each sentence and word of the code."""
    return dict(yaml_file.read(WORDS))


@lru_cache(maxsize=8)
def _read(file: Path) -> dict[str, Any]:
    return dict(yaml_file.read(file))
