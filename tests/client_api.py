"""A homeserver's client-server API of our own, for what a real one does not do on demand: refusals, limits, other people's proxies."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

AS_TOKEN, HS_TOKEN = "a" * 40, "h" * 40
SERVER_NAME = "matrix.test"
BOT, ERNA = f"@quartierslotse:{SERVER_NAME}", f"@erna:{SERVER_NAME}"
Answer = tuple[int, Any]


class ClientApi:
    """What was asked of it, and what goes wrong next. Every room has Erna in it, unless a test says otherwise."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.failures: list[tuple[str, Answer]] = []  # part of a path, and what the next call to such a path gets
        self.always: dict[str, Answer] = {}
        self.outage: Callable[[], Answer | None] | None = None  # what a call gets instead; None: the connection ends without a word
        self.taken: Callable[[str, dict[str, Any]], None] = lambda path, body: None  # called before an answer, which it may hold up
        self.others = [ERNA]
        self.events: dict[str, dict[str, Any]] = {}
        self.transactions: set[str] = set()
        self.url = ""
        self.lock = threading.Lock()

    def sent(self, room: str) -> list[dict[str, Any]]:
        """Return the messages shown in a room, each transaction once."""
        with self.lock:
            return [body for _, path, body in self.calls if f"/rooms/{room}/send/" in path]

    def texts(self, room: str) -> list[str]:
        return [body["body"] for body in self.sent(room)]

    def asked(self, part: str) -> list[tuple[str, str, dict[str, Any]]]:
        with self.lock:
            return [call for call in self.calls if part in call[1]]

    def answer(self, method: str, path: str, body: dict[str, Any], token: str) -> Answer | None:
        if self.outage:
            return self.outage()
        answer = self._answer(method, path, body, token)
        self.taken(path, body)
        return answer

    def _answer(self, method: str, path: str, body: dict[str, Any], token: str) -> Answer:
        with self.lock:
            for part, told in self.always.items():
                if part in path:
                    return told
            for number, (part, told) in enumerate(self.failures):
                if part in path:
                    del self.failures[number]
                    return told
            if token != f"Bearer {AS_TOKEN}":
                return 401, {"errcode": "M_UNKNOWN_TOKEN", "error": "no"}
            if path in self.transactions:
                return 200, {"event_id": "$again"}
            if "/send/" in path:
                self.transactions.add(path)
            self.calls.append((method, path, body))
            return self._well(path)

    def _well(self, path: str) -> Answer:
        if path.endswith("/members"):
            there = [BOT, *self.others]
            return 200, {"chunk": [{"state_key": one, "content": {"membership": "join"}} for one in there]}
        if "/state/" in path or path.endswith("/displayname"):
            return 404, {"errcode": "M_NOT_FOUND", "error": "no"}
        if "/event/" in path:
            found = self.events.get(path.rsplit("/", 1)[1])
            return (200, found) if found else (404, {"errcode": "M_NOT_FOUND", "error": "no"})
        return 200, {"event_id": f"$sent{len(self.calls)}"}


@contextmanager
def serving() -> Iterator[ClientApi]:
    """Serve it on a free port."""
    api = ClientApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            path = unquote(urlsplit(self.path).path).removeprefix("/_matrix/client/v3")
            answer = api.answer(self.command, path, body, self.headers.get("Authorization", ""))
            if answer is None:
                self.close_connection = True
                return
            status, told = answer
            packed = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(packed)))
            with suppress(OSError):  # whoever asked may be gone
                self.end_headers()
                self.wfile.write(packed)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        server.shutdown()
