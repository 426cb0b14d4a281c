"""The chat as a plain form: every step is a request, nothing needs JavaScript. The page's script goes the API's way.

The conversation's token is in a cookie that no script can read; it is set with the first message, not before.
"""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway import answers, errors, payloads, services, tokens, transcript
from gateway.addresses import client_address
from gateway.api.conversations import erase_conversation
from gateway.bodies import read_form
from gateway.channels import web
from gateway.conversation import Language
from gateway.pages import csrf, view
from gateway.pages.rendering import page
from gateway.store import conversations, events
from gateway.store.conversations import Conversation

COOKIE = "gespraech"
WAIT_S = 12.0
router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(request: Request) -> Response:
    """Show the chat, with the conversation of this browser's cookie where there is one."""
    return await _show(request, await _current(request))


@router.post("/chat")
async def act(request: Request) -> Response:
    """Carry out what was pressed, then show the page again."""
    fields, own = await read_form(request), services.of(request)
    secret = request.cookies.get(COOKIE, "")
    current = await _current(request)
    if not csrf.is_valid(own.settings.secret_key, secret if current else "", fields.get("csrf", "")):
        stale = errors.Refused(403, "forbidden", kind="stale_form")
        return await _show(request, current, stale, fields.get("text", ""))
    try:
        if current and fields.get("action") == "erase":
            await erase_conversation(own, current.id)
            return _back("", forget=True)
        if current and fields.get("action") in ("de", "de-simple"):
            language: Language = "de-simple" if fields["action"] == "de-simple" else "de"
            await own.database.write(lambda c: conversations.set_language(c, current.id, language))
            return _back("#chat")
        return await _say(request, current, fields)
    except errors.Refused as refused:
        return await _show(request, current, refused, fields.get("text", ""))


@router.get("/chat/verlauf")
async def take_home(request: Request) -> Response:
    """Return the conversation as a text file."""
    current = await _current(request)
    if current is None:
        raise errors.not_found()
    log = await services.of(request).database.read(lambda c: events.after(c, current.id, 0))
    headers = {"Content-Disposition": 'attachment; filename="gespraech.txt"'}
    return Response(transcript.as_text(log), headers=headers, media_type="text/plain; charset=utf-8")


async def _say(request: Request, current: Conversation | None, fields: dict[str, str]) -> Response:
    own, token = services.of(request), ""
    message = view.message(fields)
    conversation = current.id if current else ""
    if not current:
        opened = await web.open_conversation(own, "de", client_address(request, own.settings.trusted_proxies))
        conversation, token = opened.id, opened.token
    payload = message.payload
    if fields.get("topic", "").isdigit() and not message.text:
        payload = payloads.issue(conversation, answers.GREETING_SEQ, int(fields["topic"][:3]))
    recorded = await web.receive(own, conversation, message.client_id, message.text, payload)
    if recorded.due:
        await own.turns.wait(conversation, recorded.seq, WAIT_S)
    response = _back(f"#n{recorded.seq}")
    if token:
        secure = own.settings.secure_cookie
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return response


async def _current(request: Request) -> Conversation | None:
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    found = await services.of(request).database.read(lambda c: conversations.by_token(c, tokens.hashed(secret)))
    return found if isinstance(found, Conversation) else None


async def _show(request: Request, current: Conversation | None, refused: errors.Refused | None = None, draft: str = "") -> Response:
    own = services.of(request)
    log = await own.database.read(lambda c: events.after(c, current.id, 0)) if current else []
    response = await page(
        request,
        "chat.html",
        status=refused.status if refused else 200,
        conversation=current,
        log=view.messages(log),
        pending=bool(log) and log[-1].speaker == "citizen",
        topics=[button.title for button in answers.greeting_buttons()],
        contacts=own.shelf.contacts(),
        emergency=own.shelf.emergency_lines(),
        csrf=csrf.issue(own.settings.secret_key, request.cookies.get(COOKIE, "") if current else ""),
        client_id=str(uuid.uuid4()),
        error=refused.message if refused else None,
        draft=draft,
    )
    response.headers.update(refused.headers if refused else {})
    return response


def _back(anchor: str, forget: bool = False) -> RedirectResponse:
    response = RedirectResponse(f"/{anchor}", 303)
    if forget:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response
