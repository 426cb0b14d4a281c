"""The page with the chat, for the conversation of this browser's cookie: who asks, and what the page shows them."""

from __future__ import annotations

import uuid

import orjson
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from gateway import answers, errors, language, services, tokens
from gateway.api import status
from gateway.pages import csrf, view
from gateway.pages.contact import Sent
from gateway.pages.rendering import page
from gateway.store import conversations, events, feedback
from gateway.store.conversations import Conversation
from gateway.texts import text

COOKIE = "gespraech"
THANKS = {"rueckruf": "chat.callback.thanks", "bewertung": "chat.rating.thanks"}


async def current(request: Request) -> Conversation | None:
    """Return the conversation of the cookie, None where there is none or it was erased; the request is answered in its language."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    found = await services.of(request).database.read(lambda c: conversations.by_token(c, tokens.hashed(secret)))
    if not isinstance(found, Conversation):
        return None
    language.answer_in(request, found.language)
    return found


def require_csrf(request: Request, of: Conversation | None, fields: dict[str, str]) -> None:
    """Raise `Refused` unless the form came from this browser's page."""
    secret = request.cookies.get(COOKIE, "") if of else ""
    if not csrf.is_valid(services.of(request).settings.secret_key, secret, fields.get("csrf", "")):
        raise errors.Refused(403, "forbidden", kind="stale_form")


async def show(
    request: Request,
    of: Conversation | None,
    refused: errors.Refused | None = None,
    draft: str = "",
    contact: Sent | None = None,
    rating: Sent | None = None,
) -> Response:
    """Return the page; `refused` with `draft`, or `contact`, or `rating` are what could not be taken and is shown again."""
    if of is None:
        language.answer_in(request, "de")  # a chat begins in German and has a switch of its own
    own, spoken = services.of(request), language.of(request)
    log = await own.database.read(lambda c: events.after(c, of.id, 0)) if of else []
    lines, standing = view.lines(log, spoken)
    if of and (contact or "rueckruf" in request.query_params):
        standing.callback = "asked"
    if of and standing.over:
        standing.over = not await own.database.read(lambda c: feedback.is_rated(c, of.id))
    thanks = THANKS.get(request.query_params.get("danke", "")) if of and not contact else None
    response = await page(
        request,
        "chat.html",
        status=refused.status if refused else 422 if contact or rating else 200,
        conversation=of,
        log=lines,
        standing=standing,
        pending=view.is_pending(log),
        thanks=text(thanks, spoken) if thanks else None,
        hours=await _hours(request),
        topics=[button.title for button in answers.greeting_buttons(spoken)],
        contacts=own.shelf.contacts(),
        emergency=own.shelf.emergency_lines(),
        csrf=csrf.issue(own.settings.secret_key, request.cookies.get(COOKIE, "") if of else ""),
        client_id=str(uuid.uuid4()),
        error=refused.said(spoken) if refused else None,
        draft=draft,
        contact=contact or Sent(),
        rating=rating or Sent(),
    )
    response.headers.update(refused.headers if refused else {})
    return response


def back(anchor: str, forget: bool = False) -> RedirectResponse:
    """Return the way back to the page, so that loading it again sends nothing twice."""
    response = RedirectResponse(f"/{anchor}", 303)
    if forget:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _hours(request: Request) -> str | None:
    """Return the desk's opening hours as the public status tells them."""
    told = orjson.loads(bytes((await status.status(request)).body)).get("opening_hours")
    return str(told["text"]) if isinstance(told, dict) and told.get("text") else None
