"""Waiting times in words."""

from __future__ import annotations


def minutes(seconds: int) -> str:
    """Return a wait in words, rounded up: a promise kept early annoys nobody.

    >>> minutes(20), minutes(61), minutes(600)
    ('1 Minute', '2 Minuten', '10 Minuten')
    """
    whole = max(1, -(-seconds // 60))
    return f"{whole} Minute" if whole == 1 else f"{whole} Minuten"
