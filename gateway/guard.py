"""Around every request: safe headers, counters, and an answer even when something of ours breaks.

Plain ASGI, because it runs for every request and must not touch streams.
"""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import errors, journal
from gateway.metrics import Metrics

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


class Guard:
    """The outermost layer of our own; CORS stands before it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *_headers(scope, message)]
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except ClientDisconnect:
            return
        except Exception as error:
            journal.note("request_failed", level="ERROR", error=error, route=_route(scope))
            if not status:
                refused = errors.unavailable() if isinstance(error, DatabaseError) else errors.Refused(500, "internal")
                await errors.as_response(refused)(scope, receive, guarded)
        finally:
            self._metrics.requests.labels(scope["method"][:8], _route(scope), str(status)).inc()


def _headers(scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
    if any(name.lower() == b"cache-control" for name, _ in message.get("headers", [])):
        return HEADERS
    kept = b"no-cache" if scope["path"].startswith("/web/") else b"no-store"
    return [*HEADERS, (b"cache-control", kept)]


def _route(scope: Scope) -> str:
    """Return the route's pattern, never the path: a path may hold what somebody typed."""
    return str(getattr(scope.get("route"), "path", "other"))
