"""Whether what was typed can be seen: names and texts of invisible characters only are none."""

from __future__ import annotations

from gateway.contract import INVISIBLE


def is_visible(typed: str) -> bool:
    r"""Say whether there is at least one character to see, and none that steers a printer or screen (line breaks excepted).

    >>> is_visible("Pflege"), is_visible(" \u200b"), is_visible("a\x1bb")
    (True, False, False)
    """
    is_clean = all(sign.isprintable() or sign in f"\n\t{INVISIBLE}" or sign.isspace() for sign in typed)
    return is_clean and any(sign.isprintable() and not sign.isspace() and sign not in INVISIBLE for sign in typed)
