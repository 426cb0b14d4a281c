"""The texts of the funding finder in the language spoken (`knowledge.speech`), so that its sentences and our texts cannot part."""

from __future__ import annotations

from typing import Any

from gateway.conversation import Language
from gateway.texts import all_texts, text
from knowledge.speech import is_simple


def spoken() -> Language:
    """Return the language spoken."""
    return "de-simple" if is_simple() else "de"


def worded(key: str, **facts: Any) -> str:
    """Return one text by its dotted key, with the facts filled in."""
    return text(key, spoken(), **facts)


def words(part: str) -> Any:
    """Return a part of the funding finder's texts as it stands in the file."""
    return all_texts(spoken())["funding"][part]


def mark() -> str:
    """Return what every text in Einfache Sprache says of itself; "" in German."""
    return worded("service.simple_mark") if is_simple() else ""
