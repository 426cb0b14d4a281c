"""The way from a messenger to the web: a link that holds once and for a quarter of an hour. Looking changes nothing."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.engine import Connection

from gateway import errors, language, services, tokens
from gateway.clockwork import now_ms
from gateway.conversation import Language
from gateway.errors import json_response
from gateway.pages.chat import COOKIE
from gateway.pages.rendering import page
from gateway.store import chats, conversations, ownership

router = APIRouter(include_in_schema=False)


@router.get("/weiter/{secret}")
async def look(request: Request, secret: str) -> Response:
    """Ask whether to go on here."""
    at = now_ms()

    def find(connection: Connection) -> Language | None:
        chat = chats.by_link(connection, tokens.hashed(secret), at)
        return conversations.language_of(connection, chat.conversation) if chat else None

    found = await services.of(request).database.write(find)
    if found is None:
        raise errors.not_found("no_such_link")
    language.answer_in(request, found)
    return await page(request, "handover.html", secret=secret)


@router.post("/weiter/{secret}")
async def go_on(request: Request, secret: str) -> Response:
    """Take the conversation over into this browser: as JSON for the widget, else as a form with a cookie.

    The messenger begins anew with its next message.
    """
    own, at, token = services.of(request), now_ms(), tokens.new_token()

    def move(connection: Connection) -> Any:
        chat = chats.by_link(connection, tokens.hashed(secret), at)
        if chat is None:
            raise errors.not_found("no_such_link")
        conversations.give(connection, chat.conversation, tokens.hashed(token), "web")
        chats.end(connection, chat.id)
        return ownership.lock(connection, chat.conversation)

    moved = await own.database.write(move)
    if "application/json" in request.headers.get("accept", ""):
        return json_response({"conversation": moved.id, "token": token, "language": moved.language})
    response = RedirectResponse("/#chat", 303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=own.settings.secure_cookie, path="/")
    return response
