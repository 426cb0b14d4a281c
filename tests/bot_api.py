"""A Bot API of our own that behaves as Telegram's documentation says: limits, refusals, 429 with a time to wait, 403 after a block."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "1234:abcdefghijklmnopqrstuvwxyz"
Answer = tuple[int, Any]


class BotApi:
    """What was sent, and what goes wrong next."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.blocked: set[str] = set()
        self.failures: list[tuple[int, dict[str, Any]]] = []  # answered first, one per call
        self.is_down = False
        self.outage: Callable[[], Answer | None] | None = None  # what a call gets instead; None: the connection ends without a word
        self.taken: Callable[[str, dict[str, Any]], None] = lambda method, body: None  # called before an answer, which it may hold up
        self.url = ""
        self.lock = threading.Lock()

    def sent(self, chat: int | str) -> list[dict[str, Any]]:
        """Return the messages shown in a chat, in order."""
        with self.lock:
            return [body for method, body in self.calls if method == "sendMessage" and str(body["chat_id"]) == str(chat)]

    def texts(self, chat: int | str) -> list[str]:
        """Return the texts shown in a chat."""
        return [body["text"] for body in self.sent(chat)]

    def answer(self, path: str, body: dict[str, Any]) -> Answer | None:
        """Return status and answer to a call."""
        if self.is_down:
            return 502, {}
        if self.outage:
            return self.outage()
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return 401, _refused(401, "Unauthorized")
        with self.lock:
            if self.failures:
                return self.failures.pop(0)
            problem = self._problem(method, body)
            if problem:
                return problem["error_code"], problem
            self.calls.append((method, body))
        self.taken(method, body)
        return 200, {"ok": True, "result": {"message_id": len(self.calls)} if method == "sendMessage" else True}

    def _problem(self, method: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if method == "sendMessage":
            if str(body.get("chat_id")) in self.blocked:
                return _refused(403, "Forbidden: bot was blocked by the user")
            text = body.get("text") or ""
            if not text:
                return _refused(400, "Bad Request: message text is empty")
            if len(text.encode("utf-16-le")) // 2 > 4096:
                return _refused(400, "Bad Request: message is too long")
            for row in (body.get("reply_markup") or {}).get("inline_keyboard", []):
                if any(not 1 <= len(button["callback_data"].encode()) <= 64 for button in row):
                    return _refused(400, "Bad Request: BUTTON_DATA_INVALID")
        elif method not in ("answerCallbackQuery", "leaveChat", "setWebhook"):
            return _refused(404, "Not Found")
        return None


def _refused(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


def too_many(seconds: int) -> tuple[int, dict[str, Any]]:
    """Return the answer to calls that come too fast."""
    return 429, _refused(429, f"Too Many Requests: retry after {seconds}") | {"parameters": {"retry_after": seconds}}


@contextmanager
def serving() -> Iterator[BotApi]:
    """Serve a Bot API on a free port."""
    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = api.answer(self.path, body)
            if answer is None:
                return
            status, told = answer
            packed = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(packed)))
            with suppress(OSError):  # whoever asked may be gone
                self.end_headers()
                self.wfile.write(packed)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        server.shutdown()
