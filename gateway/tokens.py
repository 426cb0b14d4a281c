"""Random ids and secrets, and how secrets are kept: as hashes only."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_id() -> str:
    """Return a random id of 128 bits; it says nothing about anybody."""
    return secrets.token_hex(16)


def new_token() -> str:
    """Return a secret of 256 bits for the citizen's side."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return how a token is stored. A plain hash is enough: the token is random and long, so it cannot be guessed."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def digest(kind: str, content: str) -> str:
    """Return a fingerprint of what was sent, to tell a repetition from another message under the same client_id."""
    return sha256(f"{kind}\0{content}".encode()).hexdigest()
