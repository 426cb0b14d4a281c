"""The box an advisor writes in: its draft, what is put into it, and the typing sign. Nothing here reaches the citizen but that sign."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway import errors, services
from gateway.contract import TEXT_LIMIT
from gateway.desk.forms import DeskForm, Form
from gateway.handoff import modules
from gateway.pages import desk_case, desk_funding, desk_search, desk_suggestion, desk_typing
from gateway.pages.desk_conversation import PATH, page
from gateway.pages.desk_frame import back, is_live, show
from gateway.store import desk_settings, drafts
from gateway.store.ownership import Locked

router = APIRouter(include_in_schema=False)
router.include_router(desk_search.router)


@router.post(f"{PATH}/draft")
async def keep(request: Request, id: str, form: DeskForm) -> Response:
    """Keep what is in the box, for when the advisor comes back."""
    await _mine(request, form, id)
    await _keep(request, form, id, form.one("text"))
    return Response(status_code=204) if is_live(request) else back(f"/desk/conversations/{id}", "draft", "text")


@router.post(f"{PATH}/insert")
async def insert(request: Request, id: str, form: DeskForm) -> Response:
    """Put a text below what is in the box: `insert` names a module, an entry, the funding plan or the bot's suggestion."""
    held = await _mine(request, form, id)
    typed = form.one("text")
    try:
        added = await _wanted(request, held, *form.one("insert").split(":", 1))
    except errors.Refused as refused:
        if is_live(request):
            raise
        return await page(request, form.session, id, refused, typed)
    together = "\n\n".join(part for part in (typed.rstrip(), added) if part)
    await _keep(request, form, id, together)
    if is_live(request):
        return await show(request, form.session, "text", id=id, draft=together)
    return back(f"/desk/conversations/{id}", anchor="text")


@router.post(f"{PATH}/typing")
async def typing(request: Request, id: str, form: DeskForm) -> Response:
    """Show the citizen that an answer is being written, for a few seconds; what is written stays here."""
    await _mine(request, form, id)
    desk_typing.show_briefly(services.of(request).signals, request.app.state, id)
    return Response(status_code=204)


async def _wanted(request: Request, held: Locked, kind: str, which: str = "") -> str:
    own = services.of(request)
    if kind == "entry":
        return desk_search.as_message(own.shelf, which)
    if kind == "suggestion":
        return await desk_suggestion.ask(own, held)
    if kind == "plan":
        profile = desk_suggestion.memory(held).get("profile") or {}
        found = await desk_funding.told(own.funding, profile, own.settings.public_url, held.language)
        if found is None:
            raise errors.not_found("no_such_plan")
        return desk_funding.as_message(found)
    known = await own.database.read(lambda c: modules.read(desk_settings.read(c, "text_modules")))
    chosen = next((module.text for module in known if kind == "module" and module.id == which), None)
    if chosen is None:
        raise errors.not_found()
    return chosen


async def _mine(request: Request, form: Form, id: str) -> Locked:
    case = await services.of(request).database.read(lambda c: desk_case.mine(c, form.advisor, id))
    return case.held


async def _keep(request: Request, form: Form, id: str, text: str) -> None:
    """Keep a draft; one that is longer than two messages is cut, so that the box cannot fill the disk."""
    kept = text[: 2 * TEXT_LIMIT]
    await services.of(request).database.write(lambda c: drafts.keep(c, id, form.advisor.id, kept))
