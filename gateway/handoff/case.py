"""The case number with its secret: whoever has both may have the conversation, or erase it, later and from another device.

The secret is derived, not stored: no log, table or advisor's page holds it.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.handoff.arranging import case_number
from gateway.tables import HANDOFFS

LENGTH = 12  # 60 bits; attempts are limited per address


def secret(key: bytes, handoff: str) -> str:
    """Return the secret of a hand-off in groups that can be read out."""
    plain = base64.b32encode(hmac.new(key, f"case\0{handoff}".encode(), sha256).digest()).decode().lower()[:LENGTH]
    return "-".join(plain[start : start + 4] for start in range(0, LENGTH, 4))


def find(connection: Connection, key: bytes, case: str, given: str) -> str | None:
    """Return the conversation of a case number and its secret; None where they do not fit, or it was erased."""
    if len(case) != len(case_number("0" * 32)) or not case.isalnum():
        return None
    known = sa.select(HANDOFFS.c.id, HANDOFFS.c.conversation).where(HANDOFFS.c.id.like(f"{case.lower()}%"))
    for row in connection.execute(known):
        if hmac.compare_digest(_plain(secret(key, row.id)), _plain(given)):
            return str(row.conversation)
    return None


def _plain(given: str) -> bytes:
    return "".join(given.lower().split()).replace("-", "").encode()
