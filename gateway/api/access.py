"""Who may see a conversation: whoever holds its token."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from gateway import errors, language, services, tokens
from gateway.store import conversations
from gateway.store.conversations import Conversation, Erased


async def by_token(request: Request, conversation: Annotated[str, Path(alias="id")]) -> Conversation:
    """Return the conversation of this request; raises `Refused`: 401 no or wrong token, 404 another's, or erased."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise errors.unauthorized()
    secret = tokens.hashed(token.strip())
    found = await services.of(request).database.read(lambda connection: conversations.by_token(connection, secret))
    if found is None:
        raise errors.unauthorized()
    if isinstance(found, Erased) or found.id != conversation:
        raise errors.not_found()
    language.answer_in(request, found.language)
    return found


Own = Annotated[Conversation, Depends(by_token)]


def number(request: Request, name: str, default: float, highest: float) -> float:
    """Return a number from the query, at most `highest`; raises `Refused` (422) for anything but a number from 0 on."""
    given = request.query_params.get(name)
    try:
        value = default if given is None else float(given)
    except ValueError:
        raise errors.invalid(name, "no_number") from None
    if not value >= 0 or value == float("inf"):
        raise errors.invalid(name, "no_number")
    return min(value, highest)


def seq(name: str, given: str | None, default: int = 0) -> int:
    """Return a place in the log, 0 = before the first event; raises `Refused` (422)."""
    if given is None or given == "":
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise errors.invalid(name, "no_number")
    return int(given)
