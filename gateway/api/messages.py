"""Messages in, events out: by waiting, by long poll, or as a stream."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from gateway import errors, services
from gateway.api import access
from gateway.api.access import Own
from gateway.bodies import read_json
from gateway.channels import web
from gateway.clockwork import now_ms
from gateway.contract import NewMessage
from gateway.conversation import Event, State
from gateway.errors import json_response
from gateway.openapi import body
from gateway.signals import Listener
from gateway.store import conversations, events

LONGEST_WAIT_S = 25.0
HEARTBEAT_S = 15.0
POLL_S = 1.0
router = APIRouter(prefix="/api/v1/conversations/{id}", tags=["messages"])


@router.post("/messages", status_code=202, openapi_extra=body(NewMessage))
async def say(request: Request, conversation: Own) -> Response:
    """Take a message; with ?wait= the answer comes at once. The same client_id twice is one message."""
    seconds = access.number(request, "wait", 0, LONGEST_WAIT_S)
    message = await read_json(request, NewMessage)
    if field := message.wrong_field():
        raise errors.invalid(field, "text_or_payload")
    if "payload" in message.model_fields_set and not message.payload:
        raise errors.invalid("payload", "unknown_payload")
    own = services.of(request)
    recorded = await web.receive(own, conversation.id, message.client_id, message.text, message.payload)
    if not seconds:
        return json_response({"seq": recorded.seq}, 202)
    added: list[Event] | None = []
    if recorded.due:
        added = await own.turns.wait(conversation.id, recorded.seq, seconds)
    elif recorded.answered:
        added = await own.database.read(lambda c: events.of_turn(c, conversation.id, recorded.seq))
    if added is None:
        return json_response({"seq": recorded.seq}, 202)
    return json_response({"seq": recorded.seq, "events": [event.as_json() for event in added]})


@router.post("/typing", status_code=204)
async def typing(request: Request, conversation: Own) -> Response:
    """Note that the citizen is writing to an advisor: a sign of life, so that nobody asks whether they are still there. Never the text."""
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: conversations.seen(c, conversation.id, at))
    return Response(status_code=204)


@router.get("/events")
async def log(request: Request, conversation: Own) -> Response:
    """Return the events after `after`; waits for the first one up to `wait` seconds."""
    after = access.seq("after", request.query_params.get("after"))
    ends = time.monotonic() + access.number(request, "wait", 0, LONGEST_WAIT_S)
    own = services.of(request)
    with own.signals.listen(conversation.id) as listener:
        while True:
            state, new = await _read(own, conversation.id, after)
            left = ends - time.monotonic()
            if state is None:
                raise errors.not_found()
            if new or left <= 0:
                return json_response({"events": [event.as_json() for event in new], "state": state})
            await _wait(own, listener, left)


@router.get("/stream")
async def stream(request: Request, conversation: Own) -> Response:
    """Stream the events (text/event-stream); `Last-Event-ID` resumes. The typing sign has no id: it is not kept."""
    after = access.seq("after", request.query_params.get("after"))
    after = access.seq("Last-Event-ID", request.headers.get("last-event-id"), after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    parts = _stream(services.of(request), conversation.id, after)
    return StreamingResponse(parts, headers=headers, media_type="text/event-stream")


async def _stream(own: services.Services, conversation: str, after: int) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    typing, beat = False, time.monotonic() + HEARTBEAT_S
    with own.signals.listen(conversation) as listener:
        while True:
            state, new = await _read(own, conversation, after)
            if state is None:
                return
            for event in new:
                yield f"id: {event.seq}\ndata: ".encode() + orjson.dumps(event.as_json()) + b"\n\n"
                after = event.seq
            if new:
                beat = time.monotonic() + HEARTBEAT_S
            if typing != listener.typing:
                typing = listener.typing
                yield b"event: typing\ndata: " + orjson.dumps({"typing": typing}) + b"\n\n"
            left = beat - time.monotonic()
            if left <= 0:
                yield b": heartbeat\n\n"
                beat = time.monotonic() + HEARTBEAT_S
            else:
                await _wait(own, listener, left)


async def _wait(own: services.Services, listener: Listener, seconds: float) -> None:
    await listener.wait(seconds if own.database.is_sqlite else min(seconds, POLL_S))


async def _read(own: services.Services, conversation: str, after: int) -> tuple[State | None, list[Event]]:
    def read(connection: Any) -> tuple[State | None, list[Event]]:
        return conversations.state_of(connection, conversation), events.after(connection, conversation, after)

    return await own.database.read(read)
