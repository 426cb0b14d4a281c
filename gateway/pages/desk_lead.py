"""The pages for leads (roles lead and admin): the overview with links, and the open callbacks. Each other page has a module."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway import services
from gateway.clockwork import now_ms
from gateway.desk.forms import LeadPage
from gateway.handoff import queues
from gateway.pages import desk_lead_hours, desk_lead_modules, desk_lead_numbers, desk_lead_queues
from gateway.pages.desk_lead_frame import show
from gateway.pages.moments import moment
from gateway.store import callbacks, desk_settings

router = APIRouter(include_in_schema=False)
for part in (desk_lead_hours, desk_lead_queues, desk_lead_modules, desk_lead_numbers):
    router.include_router(part.router)


@router.get("/desk/lead")
async def overview(request: Request, session: LeadPage) -> Response:
    """Link to everything that leads may see and change."""
    at = now_ms()
    rows = await services.of(request).database.read(lambda c: callbacks.open_ones(c, None))
    return await show(request, session, "index", overdue=sum(row.due_at < at for row in rows))


@router.get("/desk/lead/callbacks")
async def open_callbacks(request: Request, session: LeadPage) -> Response:
    """Show all callbacks still to be done, of all queues; the overdue ones come first, as they are due first."""
    at = now_ms()

    def read(connection: Any) -> tuple[list[Any], dict[str, str]]:
        known = queues.read(desk_settings.read(connection, "queues"))
        return callbacks.open_ones(connection, None), {queue.id: queue.name for queue in known}

    rows, names = await services.of(request).database.read(read)
    return await show(request, session, "callbacks", rows=[_callback(row, names, at) for row in rows])


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
