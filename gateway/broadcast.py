"""News between gateways: a wake-up or typing sign of one reaches the listeners of all, over Redis publish/subscribe.

Only ids travel. The log is the truth: news that get lost while Redis is away only make a listener wait for its next look.
"""

from __future__ import annotations

import asyncio
import contextlib

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway import journal, tokens
from gateway.signals import Signals

CHANNEL = "quartierslotse:news"
AGAIN_AFTER_S = 2.0
WAITING = 10_000  # news not yet sent; beyond that the oldest are dropped


class Broadcast:
    """The connection of one gateway to the others."""

    def __init__(self, url: str, signals: Signals) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=5)
        self._signals, self._me = signals, tokens.new_id()
        self._news: asyncio.Queue[bytes] = asyncio.Queue(WAITING)
        signals.on_news = self._note

    def _note(self, conversation: str, typing: bool | None) -> None:
        news = orjson.dumps([self._me, conversation, typing])
        if self._news.full():
            self._news.get_nowait()
        self._news.put_nowait(news)

    async def keep_sending(self) -> None:
        """Send what happens here, in order; while Redis is away nothing is kept for it."""
        while True:
            news = await self._news.get()
            try:
                await self._redis.publish(CHANNEL, news)
            except (RedisError, OSError) as error:
                journal.note("news_not_sent", level="WARNING", where=type(error).__name__)

    async def keep_receiving(self) -> None:
        """Tell our listeners what happens elsewhere; connects again and again."""
        while True:
            try:
                await self._receive()
            except (RedisError, OSError) as error:
                journal.note("news_not_received", level="WARNING", where=type(error).__name__)
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _receive(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            async for message in subscription.listen():
                if message["type"] == "message":
                    self._hear(message["data"])

    def _hear(self, data: bytes) -> None:
        with contextlib.suppress(orjson.JSONDecodeError, ValueError, TypeError):
            sender, conversation, typing = orjson.loads(data)
            if sender != self._me:
                self._signals.hear(conversation, typing)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
