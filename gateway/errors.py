"""Refusals as the contract describes them: `{"error", "field", "message"}` with a friendly sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from fastapi.responses import Response

from gateway.conversation import Language
from gateway.texts import text


class Refused(Exception):
    """A request that is not carried out. `kind` names both the error code and the text; `worded` replaces it."""

    def __init__(self, status: int, error: str, field: str | None = None, kind: str | None = None, **facts: Any) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.field = field
        self.headers: dict[str, str] = {}
        self.worded: Callable[[Language], str] | None = None
        self._key = f"errors.{kind or error}"
        self._facts = facts

    @property
    def message(self) -> str:
        """The sentence in German."""
        return self.said("de")

    def said(self, language: Language) -> str:
        """Return the sentence for people."""
        return self.worded(language) if self.worded else text(self._key, language, **self._facts)


def unauthorized() -> Refused:
    """No token, or one that was never issued."""
    refused = Refused(401, "unauthorized")
    refused.headers["WWW-Authenticate"] = "Bearer"
    return refused


def forbidden(kind: str = "forbidden") -> Refused:
    """Logged in, but not allowed to: another role, another queue, or a request that the desk's own page did not send (`csrf`)."""
    return Refused(403, "forbidden", kind=kind)


def not_found(kind: str = "not_found", field: str | None = None) -> Refused:
    """Not there, erased, or somebody else's: the three look alike on purpose."""
    return Refused(404, "not_found", field, kind)


def conflict() -> Refused:
    """The same client_id with other content."""
    return Refused(409, "conflict", "client_id")


def too_large(field: str | None, kind: str, limit: int) -> Refused:
    """A body or text beyond its limit."""
    return Refused(413, "too_large", field, kind, limit=f"{limit:,}".replace(",", "."))


def invalid(field: str | None, kind: str = "invalid", **facts: Any) -> Refused:
    """A body or parameter that does not have the form of the contract."""
    return Refused(422, "invalid", field, kind, **facts)


def too_many(retry_after: int, kind: str | None = None) -> Refused:
    """More requests than a person makes; says when to come back."""
    refused = Refused(429, "too_many", kind=kind, seconds=retry_after)
    refused.headers["Retry-After"] = str(retry_after)
    return refused


def unavailable() -> Refused:
    """A component that this request needs is not there just now."""
    refused = Refused(503, "unavailable")
    refused.headers["Retry-After"] = "5"
    return refused


def as_response(refused: Refused, language: Language = "de") -> Response:
    """Return the refusal as JSON."""
    said = {"error": refused.error, "field": refused.field, "message": refused.said(language)}
    return json_response(said, refused.status, refused.headers)


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return any JSON answer; orjson is several times faster than FastAPI's own encoder."""
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
