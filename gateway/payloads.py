"""Opaque ids of buttons: they name an event and a position in it, and hold for one conversation only.

What a button means to Rasa is stored with its event; nothing of it goes outside, and nothing from outside is passed on.
"""

from __future__ import annotations

from hashlib import blake2b

LONGEST = 32  # bytes; messengers allow 64


def issue(conversation: str, seq: int, index: int) -> str:
    """Return the id of the button at `index` in event `seq`.

    >>> len(issue("abc", 123456, 12)) <= LONGEST
    True
    """
    return f"{seq}.{index}.{_mark(conversation, seq, index)}"


def find(conversation: str, payload: str) -> tuple[int, int] | None:
    """Return (seq, index) of a payload of this conversation; None for anything else."""
    seq, _, rest = payload.partition(".")
    index, _, _ = rest.partition(".")
    if not (_is_number(seq) and _is_number(index)):
        return None
    place = int(seq), int(index)
    return place if issue(conversation, *place) == payload else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _mark(conversation: str, seq: int, index: int) -> str:
    return blake2b(f"{conversation}/{seq}/{index}".encode(), digest_size=6).hexdigest()
