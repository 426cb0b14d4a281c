"""Failed log-ins within a quarter of an hour, per key, in memory. Keys are kept as hashes: people type passwords into the wrong field."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from gateway import errors, tokens

WINDOW_S = 900.0
KEYS_BEFORE_CLEANING = 10_000


class Attempts:
    """At most `limit` failures per key; then nothing is tried any more until the oldest one is a quarter of an hour old."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._failed: dict[str, deque[float]] = {}

    def require_free(self, key: str) -> None:
        """Raise `Refused` (429, with Retry-After) where too much has failed."""
        failed, now = self._failed.get(_hashed(key), deque()), self._clock()
        while failed and failed[0] <= now - WINDOW_S:
            failed.popleft()
        if len(failed) >= self._limit:
            raise errors.too_many(max(1, round(failed[0] + WINDOW_S - now)), "login_locked")

    def add(self, key: str) -> None:
        """Count a failure."""
        now = self._clock()
        self._failed.setdefault(_hashed(key), deque(maxlen=self._limit)).append(now)
        if len(self._failed) > KEYS_BEFORE_CLEANING:
            self._failed = {one: failed for one, failed in self._failed.items() if failed and failed[-1] > now - WINDOW_S}

    def forget(self, key: str) -> None:
        """Forget the failures: somebody has just shown that it is them."""
        self._failed.pop(_hashed(key), None)


def _hashed(key: str) -> str:
    return tokens.digest("login", key)
