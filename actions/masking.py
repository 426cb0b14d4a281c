"""Taking addresses and telephone numbers out of a citizen's words: what is kept or passed on does not need them."""

from __future__ import annotations

import re

_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"(?<![\d.:-])(?:\+|0)[\d /()-]{5,}\d")


def without_contacts(text: str) -> str:
    """Return a text without e-mail addresses and telephone numbers.

    >>> without_contacts("ab 9 Uhr unter 0711 123456"), without_contacts("09-12 oder 13-15 Uhr")
    ('ab 9 Uhr unter ', '09-12 oder 13-15 Uhr')
    """
    return _NUMBER.sub(lambda match: "" if _is_phone(match.group()) else match.group(), _MAIL.sub("", text))


def _is_phone(digits: str) -> bool:
    """A number to call, not a span of hours ("09-12 13-15"): seven digits or more, three of them in a row."""
    return len(re.findall(r"\d", digits)) >= 7 and re.search(r"\d{3}", digits) is not None
