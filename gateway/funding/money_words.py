"""Amounts and numbers in form fields, as Germans write them; anything else is said in words, never guessed."""

from __future__ import annotations

import re

from knowledge import amounts

LONGEST = 30


class BadAmount(ValueError):
    """Not an amount; `kind` names the German sentence."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def euros(value: str) -> int:
    """Read one amount in whole euros; raises `BadAmount`.

    >>> euros("15.000"), euros("15 Tsd"), euros("0"), euros("1,5 Mio. €"), euros("4000,50")
    (15000, 15000, 0, 1500000, 4000)
    """
    plain = value.strip()
    if re.match(r"[-−–]\s*\S*\d", plain):
        raise BadAmount("negative")
    written = plain if re.search(r"€|eur", plain, re.IGNORECASE) else f"{plain} €"
    found = amounts.find(written) if len(plain) <= LONGEST else []
    if len(found) != 1 or written[: found[0].start].strip() or written[found[0].end :].strip(" .,-€"):
        raise BadAmount("no_amount")
    return found[0].eur


def people(value: str) -> int:
    """Read a number of inhabitants; raises `BadAmount`.

    >>> people("32.000")
    32000
    """
    try:
        return euros(value)
    except BadAmount as error:
        raise BadAmount("negative" if error.kind == "negative" else "no_number") from None
