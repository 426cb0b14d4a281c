"""People with Telegram, and a Bot API, as a process of its own: `python -m bench.telegram_load` reads a job from standard input.

A chat writes in bursts: some messages within the window in which texts are joined, the next burst when that window may just be over, or
not yet, and so three times before it rests. What was sent and what the Bot API was given comes back with its times; `telegram_order`
judges it beside the log.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

JOIN_S = 2.0
BURSTS, WITHIN_S, BETWEEN_S = 3, (0.05, 0.4), (1.9, 3.0)  # from message to message of a burst; from a burst's first to the next one's
QUIET_S, PATIENCE_S = 3.0, 20.0
TOKEN, SECRET = "1234:bench", "ein-geheimnis-fuer-die-messung"


@dataclass(frozen=True)
class Job:
    """Where to write and how much. `questions`: of each, the ways to write it, and of each way the messages of one burst."""

    url: str
    port: int
    chats: int
    per_second: int
    seconds: float
    questions: list[list[list[str]]]


@dataclass
class Found:
    """Per chat: the texts that were sent and those that were shown, with their times. `refused`: deliveries that were not taken."""

    sent: dict[int, list[tuple[str, float]]] = field(default_factory=dict)
    shown: dict[int, list[tuple[str, float]]] = field(default_factory=dict)
    refused: int = 0


class Load:
    """One run."""

    def __init__(self, job: Job, session: aiohttp.ClientSession) -> None:
        self._job, self._session, self.found = job, session, Found()
        self._numbers, self._news_at = itertools.count(1), 0.0

    async def shown(self, request: web.Request) -> web.Response:
        """Take a message as the Bot API does."""
        body: dict[str, Any] = await request.json()
        self._news_at = time.monotonic()
        self.found.shown.setdefault(int(body.get("chat_id", 0)), []).append((str(body.get("text", "")), self._news_at))
        return web.json_response({"ok": True, "result": {"message_id": next(self._numbers)}})

    async def run(self) -> Found:
        """Begin as many chats a second as the wanted rate needs until the time is over, then wait for what is on the way."""
        ends = time.monotonic() + self._job.seconds
        chats = itertools.cycle(random.sample(range(1, self._job.chats + 1), self._job.chats))
        ways = [way for question in self._job.questions for way in question]
        a_visit = BURSTS * sum(map(len, ways)) / len(ways)  # messages
        visits = []
        while time.monotonic() < ends:
            visits.append(asyncio.create_task(self._visit(next(chats))))
            await asyncio.sleep(a_visit / self._job.per_second)
        await asyncio.gather(*visits)
        over = time.monotonic()
        while time.monotonic() < min(max(over, self._news_at) + QUIET_S, over + PATIENCE_S):
            await asyncio.sleep(0.1)
        return self.found

    async def _visit(self, chat: int) -> None:
        """Write some bursts: never the same question twice, so that its answer tells which one it belongs to."""
        for question in random.sample(self._job.questions, BURSTS):
            next_at = time.monotonic() + random.uniform(*BETWEEN_S)
            for text in random.choice(question):
                await self._write(chat, text)
                await asyncio.sleep(random.uniform(*WITHIN_S))
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    async def _write(self, chat: int, text: str) -> None:
        number = next(self._numbers)
        message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": text}
        self.found.sent.setdefault(chat, []).append((text, time.monotonic()))
        url, headers = f"{self._job.url}/api/v1/channels/telegram/webhook", {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self._session.post(url, json={"update_id": number, "message": message}, headers=headers) as answer:
            self.found.refused += answer.status != 200


async def _run(job: Job) -> Found:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        load = Load(job, session)
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", load.shown)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", job.port).start()
        found = await load.run()
        await runner.cleanup()
        return found


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_run(Job(**json.load(sys.stdin)))))))
