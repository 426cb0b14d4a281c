"""The chat as a plain form: every step is a request, nothing needs JavaScript. The page's script goes the API's way.

The conversation's token is in a cookie that no script can read; it is set with the first message, not before.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway import answers, errors, language, payloads, services, transcript
from gateway.addresses import client_address
from gateway.api import callback
from gateway.api.conversations import erase_conversation
from gateway.bodies import read_form
from gateway.channels import web
from gateway.clockwork import now_ms
from gateway.conversation import Language
from gateway.pages import chat, contact, view
from gateway.pages.chat import back, current, show
from gateway.store import conversations, events, feedback
from gateway.store.conversations import Conversation

WAIT_S = 12.0
router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(request: Request) -> Response:
    """Show the chat, with the conversation of this browser's cookie where there is one."""
    return await show(request, await current(request))


@router.post("/chat")
async def act(request: Request) -> Response:
    """Carry out what was pressed, then show the page again."""
    fields, own, mine = await read_form(request), services.of(request), await current(request)
    try:
        chat.require_csrf(request, mine, fields)
        if mine and fields.get("action") == "erase":
            await erase_conversation(own, mine.id)
            return back("", forget=True)
        if mine and fields.get("action") in ("de", "de-simple"):
            chosen: Language = "de-simple" if fields["action"] == "de-simple" else "de"
            await own.database.write(lambda c: conversations.set_language(c, mine.id, chosen))
            return back("#chat")
        return await _say(request, mine, fields)
    except errors.Refused as refused:
        return await show(request, mine, refused, fields.get("text", ""))


@router.post("/chat/rueckruf")
async def call_back(request: Request) -> Response:
    """Take the contact details for a callback; what is wrong with them is said beside the fields."""
    fields, mine = await read_form(request), await current(request)
    try:
        own = _own(request, mine, fields)
        given = contact.read(fields, language.of(request))
        if isinstance(given, contact.Sent):
            return await show(request, mine, contact=given)
        await callback.take(services.of(request), own.id, given)
    except errors.Refused as refused:
        return await show(request, mine, refused)
    return back(f"?danke=rueckruf#n{own.last_seq + 1}")


@router.post("/chat/bewertung")
async def rate(request: Request) -> Response:
    """Take the rating of the whole conversation."""
    fields, mine = await read_form(request), await current(request)
    try:
        own = _own(request, mine, fields)
        given = contact.read_rating(fields, language.of(request))
        if isinstance(given, contact.Sent):
            return await show(request, mine, rating=given)
        rating, comment, at = str(given.rating), given.comment, now_ms()
        await services.of(request).database.write(lambda c: feedback.rate(c, own.id, 0, rating, comment, at))
    except errors.Refused as refused:
        return await show(request, mine, refused)
    return back("?danke=bewertung#danke")


@router.get("/chat/verlauf")
async def take_home(request: Request) -> Response:
    """Return the conversation as a text file."""
    mine = await current(request)
    if mine is None:
        raise errors.not_found()
    log = await services.of(request).database.read(lambda c: events.after(c, mine.id, 0))
    headers = {"Content-Disposition": 'attachment; filename="gespraech.txt"'}
    return Response(transcript.as_text(log, mine.language), headers=headers, media_type="text/plain; charset=utf-8")


def _own(request: Request, mine: Conversation | None, fields: dict[str, str]) -> Conversation:
    """Return the conversation that a form is about. Raises `Refused`: not from our page (403), or it is no more (404)."""
    chat.require_csrf(request, mine, fields)
    if mine is None:
        raise errors.not_found()
    return mine


async def _say(request: Request, mine: Conversation | None, fields: dict[str, str]) -> Response:
    own, token = services.of(request), ""
    message = view.message(fields)
    conversation = mine.id if mine else ""
    if not mine:
        opened = await web.open_conversation(own, "de", client_address(request, own.settings.trusted_proxies))
        conversation, token = opened.id, opened.token
    payload = message.payload
    if fields.get("topic", "").isdigit() and not message.text:
        payload = payloads.issue(conversation, answers.GREETING_SEQ, int(fields["topic"][:3]))
    recorded = await web.receive(own, conversation, message.client_id, message.text, payload)
    if recorded.due:
        await own.turns.wait(conversation, recorded.seq, WAIT_S)
    response = back(f"#n{recorded.seq}")
    if token:
        secure = own.settings.secure_cookie
        response.set_cookie(chat.COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return response
