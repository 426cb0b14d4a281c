"""The whole chain as real processes, once for all tests that ask for it: Rasa, action server and gateway on free ports."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from ops.chain import Chain, is_ready
from ops.ports import free_ports
from ops.settings import current
from ops.train import MODEL

Event = dict[str, Any]


class Service:
    """The running chain, and what a test does to it."""

    def __init__(self, chain: Chain, guest_port: int = 0) -> None:
        self.url = chain.url
        self.guest_port = guest_port  # pages of http://localhost:… may call the API, those of http://127.0.0.1:… may not
        self.logs = chain.logs
        self.data_dir = chain.data_dir
        self._chain = chain
        self._children = {child.name: child for child in chain._children}

    def get(self, path: str, **params: object) -> requests.Response:
        return requests.get(self.url + path, params=params, timeout=30)

    def citizen(self, language: str = "de") -> Speaker:
        return Speaker(self.url, language)

    def kill(self, name: str) -> None:
        """Kill a process as a fault would, and wait until it is gone."""
        os.kill(self._children[name].pid, signal.SIGKILL)
        self._children[name].finish(time.monotonic() + 5)

    def freeze(self, name: str) -> None:
        os.kill(self._children[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self._children[name].pid, signal.SIGCONT)

    def repair(self) -> None:
        """Start again what has ended, wake what is frozen, and wait until all are ready."""
        for name, child in self._children.items():
            if child.ended() is not None:
                child.start()
            else:
                self.thaw(name)
        until(lambda: is_ready(self.url), 60)
        until(lambda: self.citizen().ask("Hallo")["answer"]["outcome"] == "smalltalk", 60)  # /health/ready may be a second old


class Speaker:
    """One conversation over the public contract."""

    def __init__(self, url: str, language: str = "de") -> None:
        opened = requests.post(f"{url}/api/v1/conversations", json={"channel": "web", "language": language}, timeout=30)
        assert opened.status_code == 201, opened.text
        body = opened.json()
        self.id, self.token, self.greeting = body["conversation"], body["token"], body["greeting"]
        self._base = f"{url}/api/v1/conversations/{self.id}"
        self._head = {"Authorization": f"Bearer {self.token}"}

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, self._base + path, headers=self._head | options.pop("headers", {}), timeout=40, **options)

    def send(self, **body: Any) -> requests.Response:
        body.setdefault("client_id", str(uuid.uuid4()))
        return self.call("POST", "/messages", json=body, params={"wait": 20})

    def ask(self, text: str) -> Event:
        """Send a text, and return the last event that answers it."""
        return self._answered(self.send(text=text))

    def press(self, event: Event, number: int = 0) -> Event:
        """Press a button of an event, and return the last event that answers it."""
        return self._answered(self.send(payload=event["buttons"][number]["payload"]))

    @staticmethod
    def _answered(response: requests.Response) -> Event:
        assert response.status_code == 200, response.text
        return response.json()["events"][-1]


def until(holds: Any, seconds: float = 10) -> Any:
    """Wait until something holds in another process; there is no other sign of it."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, f"did not happen within {seconds} s"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="session")
def running_service() -> Iterator[Service]:
    if not (current().models / MODEL).exists():
        pytest.skip("kein trainiertes Modell (make train)")
    [guest_port] = free_ports(1)
    env = {"TESTING": "1", "NOW": "2026-11-22T10:15", "RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}
    env["ALLOWED_ORIGINS"] = f"http://localhost:{guest_port}"
    with ThreadPoolExecutor(1) as keeper:  # the kernel ends the processes with the thread that started them
        chain = Chain(env)
        keeper.submit(chain.__enter__).result()
        yield Service(chain, guest_port)
        keeper.submit(chain.close).result()


@pytest.fixture
def service(running_service: Service) -> Service:
    """The whole chain, the same for all tests."""
    return running_service


@pytest.fixture
def citizen(service: Service) -> Speaker:
    return service.citizen()


@pytest.fixture
def broken(running_service: Service) -> Iterator[Service]:
    """The whole chain for tests that break it; it is repaired afterwards."""
    yield running_service
    running_service.repair()


@pytest.fixture
def wait_until() -> Any:
    return until
