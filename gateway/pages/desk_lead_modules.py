"""The page on which leads write the text modules that advisors use."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.desk.forms import LeadForm, LeadPage
from gateway.handoff import modules
from gateway.handoff.modules import Module
from gateway.pages.desk_lead_frame import done, prefixed, show
from gateway.store import conversations, desk_settings
from gateway.store.desk_sessions import Session

PATH, SETTING = "/desk/lead/modules", "text_modules"
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, session: LeadPage) -> Response:
    """Show all text modules and an empty one."""
    return await _show(request, session)


@router.post(PATH)
async def save(request: Request, form: LeadForm) -> Response:
    """Add a text module (without an id) or change one."""
    at, id, typed = now_ms(), form.one("module"), {field: form.one(field) for field in ("title", "text")}

    def write(connection: Connection) -> dict[str, str]:
        known = _known(connection)
        if id and id not in {module.id for module in known}:
            raise errors.not_found()
        changed, wrong = modules.with_module(known, id, typed["title"], typed["text"])
        if not wrong:
            desk_settings.write(connection, SETTING, modules.as_document(changed), at)
            conversations.note(connection, "module_changed", changed[-1].id, at, form.advisor.id)
        return wrong

    wrong = await services.of(request).database.write(write)
    return await _show(request, form.session, prefixed(wrong, f"m-{id or 'new'}"), id or "new", typed) if wrong else done(PATH)


@router.post(f"{PATH}/remove")
async def remove(request: Request, form: LeadForm) -> Response:
    """Take a text module away; one that is gone already is no error."""
    at, id = now_ms(), form.one("module")

    def write(connection: Connection) -> None:
        known = _known(connection)
        if id in {module.id for module in known}:
            desk_settings.write(connection, SETTING, modules.as_document([one for one in known if one.id != id]), at)
            conversations.note(connection, "module_removed", id, at, form.advisor.id)

    await services.of(request).database.write(write)
    return done(PATH)


def _known(connection: Connection) -> list[Module]:
    return modules.read(desk_settings.read(connection, SETTING))


async def _show(
    request: Request, session: Session, wrong: dict[str, str] | None = None, sent: str = "", typed: dict[str, str] | None = None
) -> Response:
    """Show the page; the form that was `sent` keeps what was typed."""
    known = await services.of(request).database.read(_known)
    cards = [asdict(module) | {"heading": module.title} for module in known]
    empty = {"id": "new", "title": "", "text": "", "heading": ""}
    for card in (*cards, empty):
        if typed and card["id"] == sent:
            card |= typed
    return await show(request, session, "modules", wrong, cards=cards, empty=empty)
