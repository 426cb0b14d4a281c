"""Citizens and advisors as a process of its own: `python -m bench.desk_load` reads a job from standard input and prints its result.

Every citizen of a claimed conversation writes every ten seconds, every advisor every five; advisors follow each of their conversations by
long poll, as the desk's pages do by stream. Measured is the time from sending to the message's arrival at the advisor's side.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

CITIZEN_EVERY_S, ADVISOR_EVERY_S = 10.0, 5.0
WAIT_S = 20


@dataclass(frozen=True)
class Job:
    """Who writes where, for so many seconds. `talks`: conversation → (token, number of its advisor); `advisors`: (session, csrf) each."""

    url: str
    seconds: float
    talks: dict[str, tuple[str, int]]
    advisors: list[tuple[str, str]]


@dataclass
class Found:
    """Milliseconds from a citizen's sending to the advisor's sight, and what failed."""

    seen_ms: list[float] = field(default_factory=list)
    sent: int = 0
    errors: int = 0
    lost: int = 0


class Load:
    """One run."""

    def __init__(self, job: Job, session: aiohttp.ClientSession) -> None:
        self._job, self._session, self._found = job, session, Found()
        self._api = f"{job.url}/api/v1"
        self._ends = time.monotonic() + job.seconds
        self._on_the_way: dict[str, float] = {}

    async def run(self) -> Found:
        """Let everybody write and read until the time is over, then wait for what is on the way."""
        readers = [asyncio.create_task(self._follow(one, who)) for one, (_, who) in self._job.talks.items()]
        writers = [self._citizen(one, token) for one, (token, _) in self._job.talks.items()]
        writers += [self._advisor(who) for who in range(len(self._job.advisors))]
        await asyncio.gather(*writers)
        await asyncio.sleep(2)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        self._found.lost = len(self._on_the_way)
        return self._found

    async def _citizen(self, conversation: str, token: str) -> None:
        await asyncio.sleep(random.uniform(0, CITIZEN_EVERY_S))
        while time.monotonic() < self._ends:
            text = f"Nachricht {uuid.uuid4()}"
            self._on_the_way[text] = time.monotonic()
            head = {"Authorization": f"Bearer {token}"}
            await self._post(f"{self._api}/conversations/{conversation}/messages", text, headers=head)
            await asyncio.sleep(CITIZEN_EVERY_S)

    async def _advisor(self, who: int) -> None:
        session, csrf = self._job.advisors[who]
        mine = [one for one, (_, owner) in self._job.talks.items() if owner == who]
        await asyncio.sleep(random.uniform(0, ADVISOR_EVERY_S))
        while time.monotonic() < self._ends and mine:
            address = f"{self._api}/desk/conversations/{random.choice(mine)}/messages"
            head = {"X-CSRF-Token": csrf, "Cookie": f"session={session}; csrf={csrf}"}
            await self._post(address, "Antwort der Beratung", headers=head)
            await asyncio.sleep(ADVISOR_EVERY_S)

    async def _post(self, address: str, text: str, headers: dict[str, str]) -> None:
        self._found.sent += 1
        async with self._session.post(address, json={"client_id": str(uuid.uuid4()), "text": text}, headers=headers) as answer:
            self._found.errors += answer.status != 202

    async def _follow(self, conversation: str, who: int) -> None:
        session, csrf = self._job.advisors[who]
        head, after = {"Cookie": f"session={session}; csrf={csrf}"}, 0
        address = f"{self._api}/desk/conversations/{conversation}/events"
        while True:
            async with self._session.get(address, params={"after": after, "wait": WAIT_S}, headers=head) as answer:
                if answer.status != 200:
                    self._found.errors += 1
                    await asyncio.sleep(1)
                    continue
                events: list[dict[str, Any]] = (await answer.json())["events"]
            now = time.monotonic()
            for event in events:
                after = event["seq"]
                if event["from"] == "citizen" and event["text"] in self._on_the_way:
                    self._found.seen_ms.append((now - self._on_the_way.pop(event["text"])) * 1000)


async def _run(job: Job) -> Found:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        return await Load(job, session).run()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_run(Job(**json.load(sys.stdin)))))))
