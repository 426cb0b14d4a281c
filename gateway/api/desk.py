"""The desk's contract: queue, claim, package, log, messages, notes, forward, return, close. Log-in stands in `desk_login`."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.api import access
from gateway.api.messages import LONGEST_WAIT_S
from gateway.bodies import read_json
from gateway.clockwork import now_ms
from gateway.contract import Closing, DeskMessage, Forward, Note
from gateway.conversation import SHOWN, berlin
from gateway.desk.session import Desk
from gateway.errors import json_response
from gateway.handoff import desk, package
from gateway.handoff.arranging import shown_summary
from gateway.openapi import body
from gateway.signals import DESK
from gateway.store import conversations, events, handoffs, ownership
from gateway.store.advisors import Advisor

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


@router.get("/queue")
async def queue(request: Request, advisor: Desk) -> Response:
    """Return the waiting conversations of the advisor's queues, oldest first; contact details in summaries are masked."""
    queues = None if advisor.is_lead else advisor.queues
    rows = await services.of(request).database.read(lambda c: handoffs.queue(c, queues))
    return json_response([_waiting(row) for row in rows])


def _waiting(row: Any) -> dict[str, Any]:
    return {
        "conversation": row.conversation,
        "queue": row.queue,
        "since": berlin(row.queued_at),
        "topic": row.topic,
        "place": row.place,
        "summary": shown_summary(row.summary, claimed=False),
        "channel": row.channel,
    }


@router.post("/conversations/{id}/claim")
async def claim(request: Request, id: str, advisor: Desk) -> Response:
    """Take a waiting conversation; 409 where a colleague was faster."""
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: desk.claim(c, advisor, id, at))
    _tell(own, id)
    return json_response(await _package(own, advisor, id))


@router.get("/conversations/{id}/package")
async def show_package(request: Request, id: str, advisor: Desk) -> Response:
    """Return what is known of a conversation; masked until it is claimed."""
    own, at = services.of(request), now_ms()
    found = await _package(own, advisor, id)
    await own.database.write(lambda c: conversations.note(c, "package", id, at, advisor.id))
    return json_response(found)


async def _package(own: services.Services, advisor: Advisor, conversation: str) -> dict[str, Any]:
    def read(connection: Connection) -> dict[str, Any]:
        return package.material(connection, conversation, _visible(connection, advisor, conversation))

    found = await own.database.write(read)
    return found | {"results": await own.funding.results(found["profile"]) if found["profile"] else []}


@router.get("/conversations/{id}/events")
async def log(request: Request, id: str, advisor: Desk) -> Response:
    """Return the events after `after`, once the conversation is claimed; waits for the first one up to `wait` seconds.

    What is said to the bot after the hand-off has ended is not the desk's.
    """
    after = access.seq("after", request.query_params.get("after"))
    ends = time.monotonic() + access.number(request, "wait", 0, LONGEST_WAIT_S)
    own = services.of(request)

    def read(connection: Connection) -> tuple[str, list[Any]]:
        handoff = _visible(connection, advisor, id)
        if handoff.claimed_at is None:
            raise errors.Refused(409, "not_claimed")
        held = ownership.lock(connection, id)
        assert held is not None
        seen = [e for e in events.after(connection, id, after) if handoff.ended_at is None or e.at <= handoff.ended_at]
        return SHOWN[held.state], seen

    with own.signals.listen(id) as listener:
        while True:
            state, new = await own.database.read(read)
            left = ends - time.monotonic()
            if new or left <= 0:
                return json_response({"events": [event.as_json() for event in new], "state": state})
            await listener.wait(left if own.database.is_sqlite else min(left, 1.0))


def _visible(connection: Connection, advisor: Advisor, conversation: str) -> Any:
    handoff = handoffs.last(connection, conversation)
    if handoff is None:
        raise errors.not_found()
    if not desk.may_see(advisor, handoff):
        raise errors.forbidden()
    return handoff


@router.post("/conversations/{id}/messages", status_code=202, openapi_extra=body(DeskMessage))
async def write(request: Request, id: str, advisor: Desk) -> Response:
    """Write to the citizen. The same client_id twice is one message."""
    message = await read_json(request, DeskMessage)
    own, at = services.of(request), now_ms()
    sent = await own.database.write(lambda c: desk.write(c, advisor, id, message.client_id.lower(), message.text, at))
    if sent.is_new:
        own.signals.typing(id, False)
        own.signals.wake(id)
    return json_response({"seq": sent.seq}, 202)


@router.post("/conversations/{id}/note", status_code=204, openapi_extra=body(Note))
async def note(request: Request, id: str, advisor: Desk) -> Response:
    """Keep a private note."""
    given = await read_json(request, Note)
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: desk.note(c, advisor, id, given.text, at))
    own.signals.wake(DESK)
    return Response(status_code=204)


@router.post("/conversations/{id}/forward", status_code=204, openapi_extra=body(Forward))
async def forward(request: Request, id: str, advisor: Desk) -> Response:
    """Hand a conversation to a colleague or a queue; 409 where nobody is reachable there."""
    given = await read_json(request, Forward)
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: desk.forward(c, advisor, id, given.to, at, own.settings.limits))
    _tell(own, id)
    return Response(status_code=204)


@router.post("/conversations/{id}/return", status_code=204)
async def give_back(request: Request, id: str, advisor: Desk) -> Response:
    """Return a conversation to the bot; the profile stays."""
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: desk.give_back(c, advisor, id, at))
    _tell(own, id)
    return Response(status_code=204)


@router.post("/conversations/{id}/close", status_code=204, openapi_extra=body(Closing))
async def close(request: Request, id: str, advisor: Desk) -> Response:
    """End a conversation with a typed reason."""
    given = await read_json(request, Closing)
    own, at = services.of(request), now_ms()
    await own.database.write(lambda c: desk.close(c, advisor, id, given.reason, at))
    _tell(own, id)
    return Response(status_code=204)


def _tell(own: services.Services, conversation: str) -> None:
    own.signals.wake(conversation)
    own.signals.wake(DESK)
