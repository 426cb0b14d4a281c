"""One kept connection to the action server, with the action's time limit; before Rasa serves.

Rasa 3.6 opens a client session and a connection for each action call and waits up to 300 s for its answer; an action has 5 s (DESIGN 3).
"""

from __future__ import annotations

from typing import Any

ACTION_TIMEOUT_S = 5.0


class _Kept:
    """A client session that outlives the `async with` of one call; made at the first call, inside the running loop."""

    def __init__(self) -> None:
        self._session: Any = None

    async def __aenter__(self) -> Any:
        import aiohttp

        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACTION_TIMEOUT_S))
        return self._session

    async def __aexit__(self, *_: object) -> None:
        """Keep the session: the next call uses its connection."""


def keep_connection() -> None:
    """Let all calls to the action server share one session."""
    from rasa.utils.endpoints import EndpointConfig

    kept = _Kept()
    EndpointConfig.session = lambda _endpoint: kept
