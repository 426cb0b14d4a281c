"""Cases: the citizen's later access by case number and secret, without the conversation's token. Guessing is limited per address."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway import errors, services, transcript
from gateway.addresses import client_address
from gateway.api.access import Own
from gateway.api.conversations import erase_conversation
from gateway.bodies import read_json
from gateway.contract import CaseKey
from gateway.errors import json_response
from gateway.handoff import case
from gateway.handoff.arranging import case_number
from gateway.openapi import body
from gateway.store import conversations, events, handoffs

router = APIRouter(prefix="/api/v1", tags=["cases"])


@router.get("/conversations/{id}/case")
async def show(request: Request, conversation: Own) -> Response:
    """Return case number and secret to whoever has the token; 404 where nothing was ever handed over."""
    own = services.of(request)
    found = await own.database.read(lambda c: handoffs.last(c, conversation.id))
    if found is None:
        raise errors.not_found()
    return json_response({"case": case_number(found.id), "secret": case.secret(own.settings.secret_key, found.id)})


@router.post("/cases/transcript", openapi_extra=body(CaseKey))
async def take_home(request: Request) -> Response:
    """Return the conversation of a case as text."""
    own = services.of(request)
    conversation = await find(request, await read_json(request, CaseKey))
    log = await own.database.read(lambda c: events.after(c, conversation, 0))
    language = await own.database.read(lambda c: conversations.language_of(c, conversation))
    headers = {"Content-Disposition": 'attachment; filename="gespraech.txt"'}
    return Response(transcript.as_text(log, language), headers=headers, media_type="text/plain; charset=utf-8")


@router.post("/cases/erase", status_code=204, openapi_extra=body(CaseKey))
async def erase(request: Request) -> Response:
    """Erase the conversation of a case with everything that belongs to it."""
    conversation = await find(request, await read_json(request, CaseKey))
    await erase_conversation(services.of(request), conversation)
    return Response(status_code=204)


async def find(request: Request, given: CaseKey) -> str:
    """Return the conversation of a case; raises `Refused`: 404 wrong or erased, which look alike, 429 for guessing."""
    own = services.of(request)
    own.cases.take(client_address(request, own.settings.trusted_proxies))
    found = await own.database.read(lambda c: case.find(c, own.settings.secret_key, given.case.strip(), given.secret))
    if found is None:
        raise errors.not_found("no_such_case")
    return found
