"""Which area somebody wants to look through, by the words of the message."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_file
from knowledge.language import fold

AROUND = "around"


def area(text: str) -> str | None:
    """Return the area that a message names, None where it names none.

    >>> area("was habt ihr an Seminaren"), area("Hallo")
    ('qualifizierung', None)
    """
    plain = _plain(text)
    return next((name for name, pattern in _patterns().items() if name != AROUND and pattern.search(plain)), None)


def names_nothing_else(text: str) -> bool:
    """Tell whether a message names an area and nothing beside it: no theme, no programme.

    >>> names_nothing_else("welche Fortbildungen gibt es"), names_nothing_else("Fortbildung Demenz")
    (True, False)
    """
    name, rest = area(text), _plain(text)
    if not name:
        return False
    for pattern in (_patterns()[name], _patterns()[AROUND]):
        rest = pattern.sub(" ", rest)
    return not rest.strip()


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    table = yaml_file.read(Path(__file__).parent.parent / "knowledge" / "words" / "areas.yml")
    return {name: re.compile(pattern) for name, pattern in table.items()}
