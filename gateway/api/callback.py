"""POST …/callback: the citizen's contact details for a callback. They never become part of an event's text."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.api.access import Own
from gateway.bodies import read_json
from gateway.clockwork import now_ms
from gateway.contract import Callback
from gateway.handoff import queues
from gateway.openapi import body
from gateway.signals import DESK
from gateway.store import callbacks, desk_settings, handoffs, ownership
from gateway.store.ownership import Line
from gateway.texts import text

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@router.post("/{id}/callback", status_code=204, openapi_extra=body(Callback))
async def callback(request: Request, conversation: Own) -> Response:
    """Take the wish for a callback; the bot goes on answering."""
    given = await read_json(request, Callback)
    if not given.phone and not given.email:
        raise errors.invalid("phone", "phone_or_email")
    await take(services.of(request), conversation.id, given)
    return Response(status_code=204)


async def take(own: services.Services, conversation: str, given: Callback) -> None:
    """Keep the contact details, and say in the log that a callback was agreed."""
    at, contact = now_ms(), given.model_dump()

    def write(connection: Connection) -> None:
        held = ownership.lock(connection, conversation)
        if held is None:
            raise errors.not_found()
        if held.blocked_until is not None and at < held.blocked_until:
            raise errors.Refused(409, "blocked")
        waiting = handoffs.current(connection, conversation)
        topic, place = (waiting.topic, waiting.place) if waiting else (None, None)
        queue = queues.route(queues.read(desk_settings.read(connection, "queues")), topic, place)
        callbacks.take(connection, conversation, queue, contact, at, at + own.settings.limits.callback_due_ms)
        if waiting is not None and held.state == "queued":
            handoffs.end(connection, waiting, "callback", at)
            held, _ = ownership.step(connection, held, "bot", at, [ownership.state_line("bot")])
        answer = {"outcome": "callback", "entries": [], "sources": [], "data": {"step": "taken"}}
        ownership.say(connection, held, at, [Line(text=text("handoff.callback_taken", held.language), answer=answer)])

    await own.database.write(write)
    own.signals.wake(conversation)
    own.signals.wake(DESK)
