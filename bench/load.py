"""The load generator, a process of its own: `python -m bench.load` reads a job from standard input and prints its result.

Closed loop: each of the parallel conversations sends its next message when the answer to the last one is there. Threads with
`http.client` and one kept connection each cost far less than what they measure.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from ops.settings import GATEWAY_PYTHON, ROOT

TIMEOUT_S = 60.0
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Job:
    """What to send where: `conversations` holds the messages of each, `parallel` of them are held at a time."""

    system: str  # "ours" or "stock"
    url: str
    parallel: int
    conversations: list[list[str]]


@dataclass(frozen=True)
class Load:
    """What a job took. `latencies_ms` has one list per conversation; `failed` counts answers that were none."""

    seconds: float
    generator_cpu_s: float
    failed: int
    latencies_ms: list[list[float]]

    @property
    def messages(self) -> int:
        """How many messages were sent."""
        return sum(len(one) for one in self.latencies_ms)

    @property
    def per_second(self) -> float:
        """Messages a second over all conversations."""
        return self.messages / self.seconds

    @property
    def all_ms(self) -> list[float]:
        """The latencies of all messages."""
        return [ms for one in self.latencies_ms for ms in one]


def run(job: Job) -> Load:
    """Do a job in a process of its own."""
    command = [str(GATEWAY_PYTHON), "-m", "bench.load"]
    done = subprocess.run(command, input=json.dumps(asdict(job)), capture_output=True, text=True, cwd=ROOT, check=True)
    return Load(**json.loads(done.stdout))


class Talk(Protocol):
    """One conversation with one of the systems."""

    def send(self, connection: http.client.HTTPConnection, text: str) -> bool:
        """Send a message and wait for its answer; returns whether there was one."""


class OurTalk:
    """A conversation over our public contract; opened before anything is measured."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        status, opened = _post(connection, "/api/v1/conversations", {"channel": "web", "language": "de"}, JSON)
        if status != 201:
            raise SystemExit(f"Das Gespräch wurde nicht eröffnet: {status}")
        self._path = f"/api/v1/conversations/{opened['conversation']}/messages?wait=20"
        self._headers = {**JSON, "Authorization": f"Bearer {opened['token']}"}

    def send(self, connection: http.client.HTTPConnection, text: str) -> bool:
        """Send a message and wait for the events of the bot's turn."""
        status, answer = _post(connection, self._path, {"client_id": str(uuid.uuid4()), "text": text}, self._headers)
        outcomes = [event.get("answer", {}).get("outcome", "error") for event in answer.get("events", ())]
        return status == 200 and bool(outcomes) and "error" not in outcomes


class StockTalk:
    """A conversation over Rasa's REST channel."""

    def __init__(self, _connection: http.client.HTTPConnection) -> None:
        self._sender = uuid.uuid4().hex

    def send(self, connection: http.client.HTTPConnection, text: str) -> bool:
        """Send a message; stock Rasa may rightly answer with nothing."""
        status, answer = _post(connection, "/webhooks/rest/webhook", {"sender": self._sender, "message": text}, JSON)
        return status == 200 and isinstance(answer, list)


TALKS: dict[str, type[OurTalk] | type[StockTalk]] = {"ours": OurTalk, "stock": StockTalk}


def _post(connection: http.client.HTTPConnection, path: str, body: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
    connection.request("POST", path, json.dumps(body).encode(), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null")


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)


def perform(job: Job) -> Load:
    """Open all conversations, then hold them in parallel threads and measure each message."""
    opener = _connection(job.url)
    talks = [TALKS[job.system](opener) for _ in job.conversations]
    opener.close()
    latencies: list[list[float]] = [[] for _ in talks]
    failed = [0] * len(talks)
    todo = iter(range(len(talks)))
    lock = threading.Lock()
    threads = [threading.Thread(target=_work, args=(job, talks, latencies, failed, todo, lock)) for _ in range(job.parallel)]
    begun, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(time.perf_counter() - begun, time.process_time() - cpu, sum(failed), latencies)


def _work(
    job: Job, talks: list[OurTalk | StockTalk], latencies: list[list[float]], failed: list[int], todo: Iterator[int], lock: threading.Lock
) -> None:
    connection = _connection(job.url)
    while True:
        with lock:
            number = next(todo, None)
        if number is None:
            break
        for text in job.conversations[number]:
            begun = time.perf_counter()
            good = _sent(talks[number], connection, text)
            latencies[number].append((time.perf_counter() - begun) * 1000)
            failed[number] += not good
    connection.close()


def _sent(talk: Talk, connection: http.client.HTTPConnection, text: str) -> bool:
    try:
        return talk.send(connection, text)
    except (OSError, http.client.HTTPException, ValueError):
        connection.close()
        return False


if __name__ == "__main__":
    print(json.dumps(asdict(perform(Job(**json.load(sys.stdin))))))
