"""What people read in the gateway and on its pages, by key and language: `web/shared/texts.<language>.json`.

Einfache Sprache has a file of its own with the same keys. What it does not hold is said in German (docs/adr/0013-simple-language.md).
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from gateway.conversation import Language

FOLDER = Path(__file__).resolve().parent.parent / "web" / "shared"


@lru_cache(maxsize=4)
def all_texts(language: Language = "de") -> dict[str, Any]:
    """Return all texts in a language; templates use them as they are."""
    german: dict[str, Any] = read("de")
    return german if language == "de" else _over(german, read(language))


def read(language: Language) -> dict[str, Any]:
    """Return the file of a language, without what falls back to German."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"texts.{language}.json").read_text(encoding="utf-8"))
    return loaded


def text(key: str, language: Language = "de", **facts: Any) -> str:
    """Return one text by its dotted key, with the facts filled in. A missing key is a mistake of ours: `KeyError`."""
    value: Any = all_texts(language)
    for part in key.split("."):
        value = value[part]
    return str(value).format(**facts) if facts else str(value)


def _over(german: Any, simple: Any) -> Any:
    """Return the German texts with the simple ones in their places, lists item by item.

    >>> _over({"a": "lang", "b": [{"title": "x", "intent": "i"}, "y"]}, {"b": [{"title": "kurz"}]})
    {'a': 'lang', 'b': [{'title': 'kurz', 'intent': 'i'}, 'y']}
    """
    if isinstance(german, dict):
        return german | {key: _over(german[key], value) for key, value in simple.items() if key in german}
    if isinstance(german, list):
        return [_over(*pair) for pair in zip(german, simple, strict=False)] + german[len(simple) :]
    return simple
