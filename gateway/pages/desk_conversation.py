"""The page of one conversation: masked until the claim, then with log, package, notes, and all that an advisor writes with."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.desk.forms import DeskForm, DeskPage
from gateway.handoff import availability, modules, package
from gateway.handoff import desk as handing
from gateway.pages import desk_case, desk_funding, desk_lists, desk_search, desk_view
from gateway.pages import desk_words as words
from gateway.pages.desk_case import Case
from gateway.pages.desk_frame import back, show
from gateway.pages.moments import local_input, moment
from gateway.signals import DESK
from gateway.store import conversations, desk_settings, drafts, handoffs, notes
from gateway.store.desk_sessions import Session
from gateway.texts import text
from knowledge.funding.profile import APPLICANTS

PATH = "/desk/conversations/{id}"
Facts = dict[str, Any]
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, id: str, found: DeskPage) -> Response:
    """Show a conversation and note in the audit who saw it; one that has ended is in the history."""
    own, at = services.of(request), now_ms()
    case = await own.database.read(lambda c: desk_case.look(c, found.advisor, id))
    if case.stand == "ended":
        return back(f"/desk/history/{case.handoff.id}")
    await own.database.write(lambda c: conversations.note(c, "package", id, at, found.advisor.id))
    return await page(request, found, id)


@router.get(f"{PATH}/controls")
async def controls(request: Request, id: str, found: DeskPage, stand: str = "") -> Response:
    """Return what stands in place of the box once the conversation is over; any other change loads the page anew."""
    own = services.of(request)
    try:
        case = await own.database.read(lambda c: desk_case.look(c, found.advisor, id))
    except errors.Refused as refused:
        if refused.status != 404:
            raise
        return await show(request, found, "ended", said=refused.message, handoff=None)
    if case.stand == stand:
        return Response(status_code=204)
    if case.stand != "ended":
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return await show(
        request,
        found,
        "ended",
        said=text("desk.conversation.ended", number=words.number(case.handoff.id)),
        handoff=case.handoff.id,
    )


@router.post(f"{PATH}/claim")
async def claim(request: Request, id: str, form: DeskForm) -> Response:
    """Take a waiting conversation; where a colleague was faster, the overview says so."""
    own, at = services.of(request), now_ms()
    try:
        await own.database.write(lambda c: handing.claim(c, form.advisor, id, at))
    except errors.Refused as refused:
        if refused.status != 409:
            raise
        return back("/desk", "claimed_by_other")
    own.signals.wake(id)
    own.signals.wake(DESK)
    return back(f"/desk/conversations/{id}", anchor="text")


async def page(
    request: Request, found: Session, id: str, refused: errors.Refused | None = None, draft: str | None = None, query: str | None = None
) -> Response:
    """Render the page. `refused` and `draft`: what was wrong with a form, and the text that was in it."""
    own, at = services.of(request), now_ms()
    wanted = request.query_params.get("q", "") if query is None else query

    def read(connection: Connection) -> tuple[Case, Facts]:
        case = desk_case.look(connection, found.advisor, id)
        known = package.material(connection, id, case.handoff)
        return case, _head(case, known) | {"package": known} | _inside(connection, case, at, own)

    case, facts = await own.database.read(read)
    facts["funding"] = await desk_funding.told(own.funding, facts["package"]["profile"], own.settings.public_url)
    facts["entries"] = desk_search.titles(own.shelf, facts["package"]["entries"])
    if draft is not None:
        facts["draft"] = draft
    hits = await desk_search.find(own.shelf, wanted) if case.stand == "mine" else []
    return await show(
        request, found, "conversation", refused=refused, query=wanted, hits=hits, live=False, client_id=str(uuid.uuid4()), **facts
    )


def _head(case: Case, known: Facts) -> Facts:
    kind = APPLICANTS.get(str(known["profile"].get("applicant")))
    return {
        "id": case.held.id,
        "stand": case.stand,
        "mine": case.stand == "mine",
        "number": words.number(case.handoff.id),
        "place": case.handoff.place or known["profile"].get("place"),
        "applicant": kind,
        "topic": case.handoff.topic,
        "promised": moment(case.handoff.promised_until) if case.handoff.promised_until is not None else None,
        "overdue": case.handoff.promised_until is not None and case.handoff.promised_until < now_ms(),
        "channel": words.name_of("channels", case.held.channel),
        "language": words.name_of("languages", case.held.language),
        "kind": words.name_of("kinds", case.handoff.kind),
        "last_turns": [
            turn | {"who": words.name_of("speakers", "corrected" if "corrects" in turn else turn["from"])} for turn in known["last_turns"]
        ],
    }


def _inside(connection: Connection, case: Case, at: int, own: services.Services) -> Facts:
    """Return what only the claim opens: log, notes, and what the owner writes with."""
    advisor, conversation = case.advisor, case.held.id
    if not case.is_open:
        return {"log": [], "seq": 0, "notes": []}
    told = [{"who": row.shown_name or "", "time": moment(row.at), "text": row.text} for row in notes.of(connection, conversation)]
    facts: Facts = {"log": desk_view.log(case.log(connection)), "seq": case.held.last_seq, "notes": told}
    if case.stand == "mine":
        reachable = handoffs.online(connection, at - own.settings.limits.heartbeat_ms)
        facts |= {
            "draft": drafts.read(connection, conversation, advisor.id),
            "modules": modules.read(desk_settings.read(connection, "text_modules")),
            "colleagues": [{"name": row.name, "shown": row.shown_name} for row in reachable if row.id != advisor.id],
            "queues": [
                {"name": queue, "shown": name}
                for queue, name in desk_lists.queue_names(connection).items()
                if availability.is_reachable(connection, queue, at, own.settings.limits, but=advisor.id)
            ],
            "warned": case.handoff.warned_at is not None,
            "promise": local_input(case.handoff.promised_until) if case.handoff.promised_until is not None else "",
            "reasons": [(reason, words.name_of("reasons", reason)) for reason in handing.REASONS],
        }
    return facts
