"""Reading request bodies: limited in size, then JSON, then a strict model. Nothing that was sent is ever logged."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway import errors
from gateway.contract import BODY_LIMIT, TEXT_LIMIT, Body

B = TypeVar("B", bound=Body)
KINDS = {"extra_forbidden": "unknown_field", "missing": "missing_field", "literal_error": "wrong_value"}


async def read_json(request: Request, model: type[B]) -> B:
    """Return the body as the model; raises `Refused` with 413 or 422 and the field."""
    body = await read(request)
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise errors.invalid(None, "no_json") from None
    if not isinstance(data, dict):
        raise errors.invalid(None, "no_json")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise refused_by(error) from None


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of the chat form without JavaScript; the last one of a name counts."""
    body = await read(request)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict"))
    except (UnicodeDecodeError, ValueError):
        raise errors.invalid(None) from None


async def read(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return the raw body; raises `Refused` (413) where it is longer than `limit` bytes."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:12]) > limit:
        raise errors.too_large(None, "body_too_large", limit // 1024)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise errors.too_large(None, "body_too_large", limit // 1024)
        chunks.append(chunk)
    return b"".join(chunks)


def refused_by(failed: ValidationError) -> errors.Refused:
    """Return the first thing that a model did not accept, with its field, as a refusal."""
    error: ErrorDetails = failed.errors(include_url=False, include_input=False)[0]
    field = str(error["loc"][0])[:64] if error["loc"] else None
    problem = getattr((error.get("ctx") or {}).get("error"), "kind", None)
    if problem == "text_too_long":
        return errors.too_large(field, "text_too_long", TEXT_LIMIT)
    return errors.invalid(field, problem or KINDS.get(error["type"], "wrong_type"))
