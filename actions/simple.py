"""What of a text in Einfache Sprache is shown: whole parts only, so that no figure, condition or negation is cut off from its sentence."""

from __future__ import annotations

import re

from knowledge import plain

_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„0-9])")


def fitted(text: str, most: int) -> str:
    """Return the parts (lines) of a text that fit into `most` characters, in their order; the first one in any case.

    A name's own full stop and the sentence's are one ("Allianz für Beteiligung e. V.").
    """
    kept: list[str] = []
    for line in text.replace("..", ".").split("\n"):
        if not kept or sum(map(len, kept)) + len(kept) + len(line) <= most:
            kept.append(line)
    return "\n".join(kept)


def beginning(original: str, simple: str) -> str:
    """Return as few first sentences of a simple text as say what the original's beginning says, and as much."""
    parts = sentences(simple)
    for number in range(1, len(parts)):
        told = " ".join(parts[:number])
        if len(told) >= len(original) and not any(plain.differences(original, told)):
            return told
    return simple


def sentences(text: str) -> list[str]:
    """Split a text in Einfache Sprache into its sentences."""
    return _END.split(text)
