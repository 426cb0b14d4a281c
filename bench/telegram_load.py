"""People with Telegram, and a Bot API, as a process of its own: `python -m bench.telegram_load` reads a job from standard input.

Every chat writes again before its last answer may be there; its answers have to come in the order of its questions. Seconds are counted
from the end of the window in which texts of one chat are joined: nothing can be answered before that.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

JOIN_S = 2.0
TOKEN, SECRET = "1234:bench", "ein-geheimnis-fuer-die-messung"


@dataclass(frozen=True)
class Job:
    """Where to write, how much, and how the answers to the questions begin."""

    url: str
    port: int
    chats: int
    per_second: int
    seconds: float
    answers: dict[str, str]


@dataclass
class Found:
    """Seconds of the answers, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    sent: int = 0
    refused: int = 0
    out_of_order: int = 0
    missing: int = 0


class Load:
    """One run."""

    def __init__(self, job: Job, session: aiohttp.ClientSession) -> None:
        self._job, self._session, self.found = job, session, Found()
        self._waiting: dict[int, list[tuple[str, float]]] = defaultdict(list)
        self._numbers = itertools.count(1)

    async def shown(self, request: web.Request) -> web.Response:
        """Take a message as the Bot API does, and see whether it answers the chat's oldest open question."""
        body: dict[str, Any] = await request.json()
        text, waiting = str(body.get("text", "")), self._waiting[int(body.get("chat_id", 0))]
        for place, (question, due) in enumerate(waiting):
            if text.startswith(self._job.answers[question]):
                self.found.out_of_order += place > 0
                self.found.seconds.append(max(0.0, time.monotonic() - due))
                del waiting[: place + 1]
                break
        return web.json_response({"ok": True, "result": {"message_id": next(self._numbers)}})

    async def run(self) -> Found:
        """Write at the wanted rate until the time is over, then wait for what is on the way."""
        ends, questions = time.monotonic() + self._job.seconds, list(self._job.answers)
        chats = itertools.cycle(random.sample(range(1, self._job.chats + 1), self._job.chats))
        tasks = []
        while time.monotonic() < ends:
            tasks.append(asyncio.create_task(self._write(next(chats), random.choice(questions))))
            await asyncio.sleep(1 / self._job.per_second)
        await asyncio.gather(*tasks)
        for _ in range(100):
            if not any(self._waiting.values()):
                break
            await asyncio.sleep(0.1)
        self.found.missing = sum(len(waiting) for waiting in self._waiting.values())
        return self.found

    async def _write(self, chat: int, question: str) -> None:
        number = next(self._numbers)
        message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": question}
        self._waiting[chat].append((question, time.monotonic() + JOIN_S))
        self.found.sent += 1
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
