"""The numbers in a text, so that two texts can be compared by them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers(text: str) -> Iterator[str]:
    """Yield the numbers in a text without leading zeros: 20.000 as 20000, a date or a decimal in its parts.

    >>> list(numbers("20.000 € bis 14.08.2026"))
    ['20000', '14', '8', '2026']
    """
    for number in _NUMBER.findall(text):
        parts = [number.replace(".", "")] if _THOUSANDS.fullmatch(number) else re.split(r"[.,]", number)
        yield from (part.lstrip("0") or "0" for part in parts)
