"""A real gateway on a free port with a fake Rasa behind it. Both run in threads of the test process."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
import yaml

from gateway import health, library
from gateway.app import create_app
from gateway.settings import from_env
from knowledge.library import Served
from knowledge.model import Contact, Entry, Knowledge, Source

Message = dict[str, Any]
Answer = tuple[int, bytes, float]  # status, body, delay in seconds

# A plan as the funding tests ask about it.
CLUB = {
    "applicant": "verein",
    "place": "Herrenberg",
    "themes": ["begegnung"],
    "phase": "konzept",
    "costs": {"beratung": 6500, "sachkosten": 3200},
}


def custom(text: str = "Bis zu 85.000 Euro.", **parts: Any) -> dict[str, Any]:
    """Return a reply object as an action sends it."""
    answer = {
        "outcome": "answer",
        "entries": ["quartiersimpulse"],
        "sources": [{"title": "Quartiersimpulse", "url": "https://example.org/q", "as_of": "2026-01"}],
        "data": {},
    }
    buttons = [{"title": "Bis wann?", "intent": "ask_deadline", "entities": {"entry": "quartiersimpulse"}}]
    return {"text": text, "buttons": buttons, "answer": answer, "state": {"v": 1, "knowledge": 12}} | parts


def items(*customs: dict[str, Any]) -> bytes:
    """Return the body of Rasa's REST channel for these reply objects."""
    return json.dumps([{"recipient_id": "r", "custom": one} for one in customs]).encode()


class FakeRasa(ThreadingHTTPServer):
    """Answers as a test wants it: set `answer` to a function of the message."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[Message] = []
        self.calm()

    def calm(self) -> None:
        """Answer every message well, and count the turns in the bot's memory."""
        self.received.clear()
        self.answer: Callable[[Message], Answer] = self.well

    @staticmethod
    def well(message: Message) -> Answer:
        """Answer well, with a growing counter in the state."""
        state = dict(message["metadata"]["state"])
        state |= {"knowledge": 12, "count": state.get("count", 0) + 1}
        return 200, items(custom(f"Antwort {state['count']}", state=state)), 0.0

    def always(self, body: bytes, status: int = 200, delay: float = 0.0) -> None:
        """Answer every message with the same."""
        self.answer = lambda message: (status, body, delay)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(message)
        status, body, delay = self.server.answer(message)
        threading.Event().wait(delay)
        with contextlib.suppress(OSError):
            self._send(status, body)

    def do_GET(self) -> None:
        self._send(200, b'{"model_file": "models/m.tar.gz", "status": "ok"}')

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Gateway:
    """A running gateway, and what a client does with it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.settings = from_env(env)
        self.app = create_app(self.settings)
        config = uvicorn.Config(
            self.app,
            port=self.settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started)
        self.url = f"http://127.0.0.1:{self.settings.port}"
        self.session = requests.Session()
        until(lambda: self.services.shelf.served() is not None)

    @property
    def services(self) -> Any:
        return self.app.state.services

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(15)
        self.session.close()

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
        headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        address = self.url + ("/api/v1/conversations" + path if path == "" or path.startswith("/") else path[1:])
        return self.session.request(method, address, headers=headers, timeout=30, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=30, **options)

    def citizen(self, language: str = "de") -> Citizen:
        return Citizen(self, language)


class Citizen:
    """One conversation as a client holds it."""

    def __init__(self, gateway: Gateway, language: str = "de") -> None:
        self.gateway = gateway
        opened = gateway.call("POST", "", json={"channel": "web", "language": language})
        assert opened.status_code == 201, opened.text
        body = opened.json()
        self.id, self.token, self.greeting = body["conversation"], body["token"], body["greeting"]

    def call(self, method: str, path: str = "", **options: Any) -> requests.Response:
        return self.gateway.call(method, f"/{self.id}{path}", self.token, **options)

    def send(self, wait: float | None = 20, **body: Any) -> requests.Response:
        body.setdefault("client_id", str(uuid.uuid4()))
        return self.call("POST", "/messages", json=body, params={} if wait is None else {"wait": wait})

    def say(self, text: str = "Wie viel Geld gibt es?") -> dict[str, Any]:
        """Send a text, and return the one event that answers it."""
        answered = self.send(text=text)
        assert answered.status_code == 200, answered.text
        [event] = answered.json()["events"]
        return event

    def events(self, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        return self.call("GET", "/events", params={"after": after, "wait": wait}).json()["events"]


def until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """Wait until something holds; a test that has to wait for another process has no other sign."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, "did not happen in time"
        threading.Event().wait(0.01)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CONTACTS = (
    Contact(
        {
            "id": "kontakt-behoerdennummer-115",
            "organisation": "Behördennummer 115",
            "topics": ["behoerden"],
            "phone": "115",
            "hours": "Mo–Fr 8–18 Uhr",
            "confidence": "high",
        }
    ),
    Contact(
        {
            "id": "kontakt-geheim",
            "organisation": "Ungeprüfte Stelle",
            "topics": ["allgemein"],
            "phone": "0000 999",
            "confidence": "low",
        }
    ),
    Contact(
        {
            "id": "kontakt-notruf-112",
            "organisation": "Notruf",
            "topics": ["notfall"],
            "phone": "112",
            "confidence": "high",
            "emergency": True,
        }
    ),
)


class FakeEntry:
    id, area, title, summary = "quartiersimpulse", "foerderung", "Quartiersimpulse", "Zuschuss"
    url, as_of = "https://example.org/q", "2026-01"

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "area": self.area, "title": self.title, "sources": [{"url": self.url}]}


class FakeServed:
    version, contacts, programmes = 12, CONTACTS, ()
    entries = {"quartiersimpulse": FakeEntry()}

    class search:
        @staticmethod
        def find(query: str, area: str | None = None, limit: int = 10) -> list[Any]:
            hit = type("Hit", (), {"entry": FakeEntry(), "score": 1.5})()
            return [hit] if area in (None, "foerderung") else []


class FakeLibrary:
    def __init__(self, url: str) -> None:
        pass

    def current(self) -> FakeServed:
        return FakeServed()


@pytest.fixture(scope="session")
def rasa_server() -> Iterator[FakeRasa]:
    server = FakeRasa()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def rasa(rasa_server: FakeRasa) -> FakeRasa:
    """The bot's place, answering well until a test wants otherwise."""
    rasa_server.calm()
    return rasa_server


@pytest.fixture(scope="session", autouse=True)
def fake_knowledge() -> Iterator[None]:
    """The gateway's tests need no loaded knowledge base; tests/e2e have the real one."""
    patch = pytest.MonkeyPatch()
    patch.setattr(library, "Library", FakeLibrary)
    patch.setattr(health, "FRESH_S", 0.0)
    yield
    patch.undo()


def environment(data_dir: Path, rasa: FakeRasa, **more: str) -> dict[str, str]:
    return {
        "DATA_DIR": str(data_dir),
        "PORT": str(free_port()),
        "RASA_PORT": str(rasa.server_address[1]),
        "ACTIONS_PORT": str(rasa.server_address[1]),
        "RATE_CONVERSATIONS": "0",
        "RATE_MESSAGES": "0",
    } | more


@pytest.fixture(scope="session")
def shared_gateway(tmp_path_factory: pytest.TempPathFactory, rasa_server: FakeRasa) -> Iterator[Gateway]:
    gateway = Gateway(environment(tmp_path_factory.mktemp("data"), rasa_server))
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(shared_gateway: Gateway, rasa: FakeRasa) -> Gateway:
    """A gateway without rate limits, the same for all tests."""
    return shared_gateway


@pytest.fixture
def start(tmp_path: Path, rasa: FakeRasa) -> Iterator[Callable[..., Gateway]]:
    """Start gateways with settings of a test's own."""
    started: list[Gateway] = []

    def begin(**env: str) -> Gateway:
        started.append(Gateway(environment(tmp_path, rasa) | env))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


@pytest.fixture
def env(tmp_path: Path, rasa: FakeRasa) -> dict[str, str]:
    return environment(tmp_path, rasa)


@pytest.fixture
def citizen(gateway: Gateway) -> Citizen:
    return gateway.citizen()


@pytest.fixture(scope="session")
def served_programmes() -> Served:
    """The invented programmes of tests/data/programmes.yml, one of them withdrawn."""
    file = Path(__file__).parents[1] / "data" / "programmes.yml"
    documents = yaml.safe_load(file.read_text(encoding="utf-8"))
    entries = {one["id"]: Entry(one, (Source(one["provider"], one["url"], "2026-01"),)) for one in documents}
    return Served(Knowledge(entries, CONTACTS, 12, frozenset({"beispiel-zurueckgezogen"})), FakeServed.search)  # type: ignore[arg-type]


@pytest.fixture
def funding(gateway: Gateway, served_programmes: Served, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The gateway with the invented programmes in service."""
    monkeypatch.setattr(gateway.services.shelf, "_library", type("Library", (), {"current": lambda self: served_programmes})())
    return gateway


@pytest.fixture
def make_custom() -> Callable[..., dict[str, Any]]:
    return custom


@pytest.fixture
def make_items() -> Callable[..., bytes]:
    return items


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    return until
