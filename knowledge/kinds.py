"""Everyday words for the closed lists of the funding profile: applicant kinds, themes, phases, cost types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge import yaml_file
from knowledge.language import fold

WORDS = Path(__file__).parent / "words" / "kinds.yml"


class KindWords:
    """Finds values of the closed lists in a text by their everyday words (`knowledge/words/kinds.yml`)."""

    def __init__(self) -> None:
        self._patterns = [
            (kind, value, re.compile(rf"\b(?:{'|'.join(fold(p) for p in patterns)})"))
            for kind, values in yaml_file.read(WORDS).items()
            for value, patterns in values.items()
        ]

    def find(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """Yield (kind, value, start, end); offsets count in the folded text, which is at most as long as the text."""
        folded = fold(text)
        for kind, value, pattern in self._patterns:
            match = pattern.search(folded)
            if match:
                yield kind, value, match.start(), match.end()
