"""Which area somebody wants to look through, by the words of the message."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from actions.funding.words import plain
from knowledge import yaml_file

AROUND = "around"


def area(text: str) -> str | None:
    """Return the area that a message names, None where it names none.

    >>> area("was habt ihr an Seminaren"), area("Hallo")
    ('qualifizierung', None)
    """
    said = plain(text)
    return next((name for name, pattern in _patterns().items() if name != AROUND and pattern.search(said)), None)


def names_nothing_else(text: str, area: str) -> bool:
    """Tell whether a message names an area and nothing beside it: no theme, no programme.

    >>> names_nothing_else("welche Fortbildungen gibt es", "qualifizierung"), names_nothing_else("Fortbildung Demenz", "qualifizierung")
    (True, False)
    """
    rest = _patterns()[AROUND].sub(" ", _patterns()[area].sub(" ", plain(text)))
    return not rest.strip()


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    table = yaml_file.read(Path(__file__).parent.parent / "knowledge" / "words" / "areas.yml")
    return {name: re.compile(pattern) for name, pattern in table.items()}
