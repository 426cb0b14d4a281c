"""Following a question's reference into the text of an entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.model import Asked, Entry
from knowledge.speech import is_simple

SHORTEST_REFERENCE = 12


def items(entry: Entry) -> Iterator[str]:
    """Yield the texts that a reference may point to by their beginning: list items and notes in lists."""
    for value in entry.document.values():
        if isinstance(value, list):
            for item in value:
                if isinstance(item, str):
                    yield item
                elif isinstance(item, dict) and item.get("note"):
                    yield str(item["note"])


def resolve(entry: Entry, reference: str) -> list[Any]:
    """Return what a reference points to: a field's value, or the items that begin with it.

    Exactly one value is right; `knowledge check` reports every other count.
    """
    if reference in entry.document:
        return [entry.document[reference]]
    return [item for item in items(entry) if item.startswith(reference)]


def texts(entry: Entry, block: Asked) -> list[str]:
    """Return the German texts that a block's references point to, in their order."""
    found: list[str] = []
    for reference in block.facts:
        for value in resolve(entry, reference):
            found.extend(_plain(value))
    return found


def told(entry: Entry, block: Asked) -> list[str]:
    """Return the texts of a block's references in the language spoken."""
    found = texts(entry, block)
    return [entry.simple.get(text, text) for text in found] if is_simple() else found


def _plain(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not value.startswith(("http://", "https://")):  # an address is a link of the answer, never its text
            yield value
    elif isinstance(value, dict):
        yield from (str(value[key]) for key in ("rule", "note", "organisation") if value.get(key))
    elif isinstance(value, list):
        for item in value:
            yield from _plain(item)
