"""The pages for leads (roles lead and admin): the overview with links, and the open callbacks. Each other page has a module."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway import services
from gateway.clockwork import now_ms
from gateway.desk.forms import LeadPage
from gateway.handoff import queues
from gateway.pages import desk_lead_accounts, desk_lead_hours, desk_lead_modules, desk_lead_numbers, desk_lead_queues
from gateway.pages import desk_words as words
from gateway.pages.desk_lead_frame import show
from gateway.pages.moments import moment
from gateway.store import advisors, callbacks, desk_settings, handoffs

router = APIRouter(include_in_schema=False)
for part in (desk_lead_hours, desk_lead_queues, desk_lead_modules, desk_lead_numbers, desk_lead_accounts):
    router.include_router(part.router)


@router.get("/desk/lead")
async def overview(request: Request, session: LeadPage) -> Response:
    """Link to everything that leads may see and change."""
    at = now_ms()
    rows, late = await services.of(request).database.read(lambda c: (callbacks.open_ones(c, None), handoffs.promised(c, at)))
    return await show(request, session, "index", overdue=sum(row.due_at < at for row in rows) + len(late))


@router.get("/desk/lead/callbacks")
async def open_callbacks(request: Request, session: LeadPage) -> Response:
    """Show all callbacks and promised answers still to be done, of all queues; the overdue ones come first, as they are due first."""
    at = now_ms()

    def read(connection: Any) -> dict[str, Any]:
        names = {queue.id: queue.name for queue in queues.read(desk_settings.read(connection, "queues"))}
        people = {advisor.id: advisor.shown_name for advisor in advisors.all(connection)}
        return {
            "rows": [_callback(row, names, at) for row in callbacks.open_ones(connection, None)],
            "promises": [_promise(row, names, people, at) for row in handoffs.promised(connection)],
        }

    return await show(request, session, "callbacks", **await services.of(request).database.read(read))


def _promise(row: Any, names: dict[str, str], people: dict[str, str], at: int) -> dict[str, Any]:
    return {
        "conversation": row.conversation,
        "number": words.number(row.id),
        "due": moment(row.promised_until),
        "overdue": row.promised_until < at,
        "who": people.get(row.advisor, ""),
        "topic": row.topic or row.summary,
        "queue": names.get(row.queue, row.queue),
    }


def _callback(row: Any, names: dict[str, str], at: int) -> dict[str, Any]:
    return {
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "when": row.when,
        "queue": names.get(row.queue, row.queue),
        "requested": moment(row.requested_at),
        "due": moment(row.due_at),
        "overdue": row.due_at < at,
    }
