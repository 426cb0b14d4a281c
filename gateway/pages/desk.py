"""The desk's overview: the log-in where nobody is logged in, else queue, own conversations and callbacks. Each other page has a module."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.desk import session
from gateway.desk.forms import DeskForm, DeskPage
from gateway.pages import (
    desk_actions,
    desk_box,
    desk_conversation,
    desk_correction,
    desk_door,
    desk_history,
    desk_lists,
    desk_oidc,
    desk_remarks,
    desk_stream,
)
from gateway.pages.desk_frame import back, is_live, show
from gateway.signals import DESK
from gateway.store import callbacks, conversations
from gateway.store.advisors import Advisor

router = APIRouter(include_in_schema=False)
for part in (desk_door, desk_oidc, desk_stream, desk_conversation, desk_actions, desk_correction, desk_box, desk_history, desk_remarks):
    router.include_router(part.router)


@router.get("/desk")
async def overview(request: Request) -> Response:
    """Show the overview, or the log-in form to whoever is not logged in."""
    found = await session.find(request)
    if found is None and is_live(request):
        return Response(status_code=204, headers={"HX-Redirect": "/desk"})
    if found is None:
        return await desk_door.closed(request)
    await session.touch(request, found.advisor)
    return await show(request, found, "overview", **await _lists(request, found.advisor))


@router.get("/desk/lists")
async def lists(request: Request, found: DeskPage) -> Response:
    """Return the lists anew, for the overview that is open."""
    return await show(request, found, "lists", **await _lists(request, found.advisor))


@router.post("/desk/callbacks/{conversation}/done")
async def call_back_done(request: Request, conversation: str, form: DeskForm) -> Response:
    """Note that somebody has called back."""
    at, own, advisor = now_ms(), services.of(request), form.advisor

    def write(connection: Connection) -> None:
        row = callbacks.of(connection, conversation)
        if row is None:
            raise errors.not_found()
        if not advisor.is_lead and row.queue not in advisor.queues:
            raise errors.forbidden()
        if callbacks.done(connection, conversation, advisor.id, at):
            conversations.note(connection, "callback_done", conversation, at, advisor.id)

    await own.database.write(write)
    own.signals.wake(DESK)
    return back("/desk", "called_back", "rueckrufe")


async def _lists(request: Request, advisor: Advisor) -> dict[str, Any]:
    own, at = services.of(request), now_ms()
    rows, names = await own.database.read(lambda c: (desk_lists.read(c, advisor), desk_lists.queue_names(c)))
    return desk_lists.in_words(rows, names, at)
