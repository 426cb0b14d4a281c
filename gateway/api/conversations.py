"""A conversation as a whole: open, change, rate, take home, erase."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway import errors, journal, language, services, transcript
from gateway.addresses import client_address
from gateway.api.access import Own
from gateway.bodies import read_json
from gateway.channels import web
from gateway.clockwork import now_ms
from gateway.contract import Change, Feedback, NewConversation
from gateway.errors import json_response
from gateway.openapi import body
from gateway.store import conversations, corrections, erasure, events
from gateway.store.feedback import About, about, rate

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@router.post("", status_code=201, openapi_extra=body(NewConversation))
async def create(request: Request) -> Response:
    """Open a conversation; the token is shown this once."""
    wanted = await read_json(request, NewConversation)
    language.answer_in(request, wanted.language)
    own = services.of(request)
    opened = await web.open_conversation(own, wanted.language, client_address(request, own.settings.trusted_proxies))
    answer = {"conversation": opened.id, "token": opened.token, "greeting": [opened.greeting.as_json()]}
    return json_response(answer, 201)


@router.patch("/{id}", openapi_extra=body(Change))
async def change(request: Request, conversation: Own) -> Response:
    """Change the language, or details of the funding profile: keys that are named replace, null takes one back."""
    wanted = await read_json(request, Change)
    if not wanted.model_fields_set or (wanted.language is None and wanted.profile is None):
        raise errors.invalid(next(iter(wanted.model_fields_set), "language"), "missing_field")
    database = services.of(request).database
    answer: dict[str, Any] = {"conversation": conversation.id}
    if wanted.profile is not None:
        sent = wanted.profile
        kept = await database.write(lambda connection: corrections.correct(connection, conversation.id, sent))
        answer["profile"] = kept
    if chosen := wanted.language:
        await database.write(lambda connection: conversations.set_language(connection, conversation.id, chosen))
        answer["language"] = chosen
    return json_response(answer)


@router.post("/{id}/feedback", status_code=204, openapi_extra=body(Feedback))
async def feedback(request: Request, conversation: Own) -> Response:
    """Rate one message (up, down, outdated) or the conversation (1-5)."""
    given = await read_json(request, Feedback)
    if not given.fits():
        raise errors.invalid("rating", "wrong_value")
    database = services.of(request).database
    meant = About()
    if given.seq:
        event = await database.read(lambda connection: events.one(connection, conversation.id, given.seq))
        if event is None or event.type != "message" or event.speaker == "citizen":
            raise errors.invalid("seq", "no_such_message")
        if given.sentence not in event.text:
            raise errors.invalid("sentence", "wrong_value")
        meant = about(event, given.sentence)
    rating, at = str(given.rating), now_ms()
    kept = await database.write(lambda c: rate(c, conversation.id, given.seq, rating, given.comment, at, meant))
    if not kept:
        raise errors.not_found()
    return Response(status_code=204)


@router.get("/{id}/transcript")
async def take_home(request: Request, conversation: Own, format: str = "text") -> Response:
    """Return the conversation as text or, with ?format=json, as events."""
    if format not in ("text", "json"):
        raise errors.invalid("format", "wrong_value")
    log = await services.of(request).database.read(lambda connection: events.after(connection, conversation.id, 0))
    if format == "json":
        return json_response(transcript.as_json(conversation, log))
    headers = {"Content-Disposition": 'attachment; filename="gespraech.txt"'}
    return Response(transcript.as_text(log, conversation.language), headers=headers, media_type="text/plain; charset=utf-8")


@router.delete("/{id}", status_code=204)
async def erase(request: Request, conversation: Own) -> Response:
    """Erase everything of this conversation; an answer still under way is dropped."""
    await erase_conversation(services.of(request), conversation.id)
    return Response(status_code=204)


async def erase_conversation(own: services.Services, conversation: str) -> None:
    """Erase, empty the database's journal, and tell those who listen."""
    at = now_ms()
    await own.database.write(lambda connection: erasure.erase(connection, conversation, at))
    await own.database.empty_journal()
    own.signals.wake(conversation)
    journal.note("conversation_erased", conversation=conversation)
