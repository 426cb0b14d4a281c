"""Signed marks for the form without JavaScript: another site cannot make one for this browser's conversation."""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

VALID_S = 24 * 60 * 60


def issue(key: bytes, secret: str, at: float | None = None) -> str:
    """Return a mark that is good for a day, bound to the cookie's secret ("" before there is one)."""
    issued = str(int(time.time() if at is None else at))
    return f"{issued}.{_sign(key, secret, issued)}"


def is_valid(key: bytes, secret: str, mark: str, at: float | None = None) -> bool:
    """Say whether the mark was made by us for this secret, not more than a day ago."""
    issued, _, signature = mark.partition(".")
    if not (issued.isascii() and issued.isdigit() and len(issued) <= 12):
        return False
    age = (time.time() if at is None else at) - int(issued)
    return -60 <= age <= VALID_S and hmac.compare_digest(signature.encode(), _sign(key, secret, issued).encode())


def _sign(key: bytes, secret: str, issued: str) -> str:
    return hmac.new(key, f"form\0{secret}\0{issued}".encode(), sha256).hexdigest()
