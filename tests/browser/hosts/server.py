"""Another site on another origin, whose pages have the widget on them, each under its own conditions."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}


class Hosts(ThreadingHTTPServer):
    """Serves the files of this folder. `service` is the address that the pages load the widget from, `policy` their CSP."""

    daemon_threads = True

    def __init__(self, port: int, service: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = self.home = service
        self.policy = ""

    def calm(self) -> None:
        """Go back to a service that is there and no policy."""
        self.service, self.policy = self.home, ""


class _Handler(BaseHTTPRequestHandler):
    server: Hosts

    def do_GET(self) -> None:
        file = FOLDER / Path(self.path.partition("?")[0]).name
        known = file.suffix in TYPES and file.is_file()
        body = file.read_text(encoding="utf-8").replace("SERVICE", self.server.service).encode() if known else b""
        self.send_response(200 if known else 204)  # a browser asks for an icon by itself
        if known:
            self.send_header("Content-Type", TYPES[file.suffix])
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
