"""How often is too often: a sliding minute per key, in memory. Works from any thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from gateway import errors

WINDOW_S = 60.0
KEYS_BEFORE_CLEANING = 10_000


class Rate:
    """At most `per_minute` calls of `take` per key and minute; 0 switches the limit off."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one; raises `Refused` (429, with Retry-After) beyond the limit."""
        if not self._per_minute:
            return
        with self._lock:
            now = self._clock()
            taken = self._taken.setdefault(key, deque())
            while taken and taken[0] <= now - WINDOW_S:
                taken.popleft()
            if len(taken) >= self._per_minute:
                raise errors.too_many(max(1, round(taken[0] + WINDOW_S - now)))
            taken.append(now)
            if len(self._taken) > KEYS_BEFORE_CLEANING:
                self._clean(now)

    def _clean(self, now: float) -> None:
        self._taken = {key: taken for key, taken in self._taken.items() if taken and taken[-1] > now - WINDOW_S}
