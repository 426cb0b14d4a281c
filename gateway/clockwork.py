"""The project's clock as the database stores it."""

from __future__ import annotations

from knowledge import clock


def now_ms() -> int:
    """Return now in milliseconds since 1970 (UTC)."""
    return int(clock.now().timestamp() * 1000)
