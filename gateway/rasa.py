"""The one client of the bot: Rasa's REST channel over a kept-alive connection, with a time limit and a strict reply."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import orjson

from gateway.contract import INVISIBLE
from gateway.reply import BadReply, parse
from gateway.store.turns import Reply, Turn

TIMEOUT_S = 8.0
REPLY_LIMIT = 256 * 1024
WORD_JOINER = "\u2060"
_LEADING = re.compile(f"[\\s{INVISIBLE}]*/")


class RasaError(Exception):
    """Rasa gave no usable answer; `reason` is a short word for log and metrics."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


def neutralise(text: str) -> str:
    """Return a citizen's text so that Rasa never takes it for a command.

    Rasa strips blanks and then looks for a slash. A word joiner in front is neither a blank nor a slash.

    >>> neutralise(" /restart").strip().startswith("/"), neutralise("1/2 Stelle")
    (False, '1/2 Stelle')
    """
    return WORD_JOINER + text if _LEADING.match(text) else text


class Rasa:
    """Asks Rasa one turn at a time per conversation; the connections are shared."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/rest/webhook"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=4.0),
            headers={"Content-Type": "application/json"},
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def ask(self, turn: Turn, timeout_s: float = TIMEOUT_S) -> Reply:
        """Return the bot's reply to a turn; raises `RasaError`. A reply after the time limit is never read."""
        try:
            body = await self._post(_request(turn), timeout_s)
        except TimeoutError:
            raise RasaError("timeout") from None
        except (aiohttp.ClientError, OSError) as error:
            raise RasaError("unreachable", type(error).__name__) from None
        try:
            return parse(body, turn.language)
        except BadReply as error:
            raise RasaError("bad_reply", str(error)) from None

    async def _post(self, body: bytes, timeout_s: float) -> bytes:
        limit = aiohttp.ClientTimeout(total=timeout_s)
        async with self._session.post(self._url, data=body, timeout=limit, allow_redirects=False) as response:
            if response.status != 200:
                raise RasaError("status", str(response.status))
            received = await response.content.read(REPLY_LIMIT + 1)
            while len(received) <= REPLY_LIMIT and (more := await response.content.read(REPLY_LIMIT)):
                received += more
        if len(received) > REPLY_LIMIT:
            raise RasaError("bad_reply", "too large")
        return received

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def _request(turn: Turn) -> bytes:
    state: dict[str, Any] = turn.bot_state
    if state:
        state = state | {"language": turn.language}
    return orjson.dumps(
        {
            "sender": f"{turn.conversation}.{turn.number}",
            "message": turn.command or neutralise(turn.text),
            "metadata": {"state": state, "turn": f"{turn.conversation}.{turn.seq}", "language": turn.language},
        }
    )
