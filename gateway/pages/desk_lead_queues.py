"""The page on which leads set queues, the topics and places that lead to them, and who serves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.desk.forms import LeadForm, LeadPage
from gateway.handoff import queue_edit, queues
from gateway.handoff.queues import Queue
from gateway.pages.desk_lead_frame import done, prefixed, show
from gateway.signals import DESK
from gateway.store import advisors, conversations, desk_settings, members
from gateway.store.advisors import Advisor
from gateway.store.desk_sessions import Session
from gateway.store.handoffs import GENERAL

PATH = "/desk/lead/queues"
FIELDS = ("name", "topics", "places")
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, session: LeadPage) -> Response:
    """Show all queues, the general one last."""
    return await _show(request, session)


@router.post(PATH)
async def save(request: Request, form: LeadForm) -> Response:
    """Add a queue (without an id) or change one, together with who serves it; of the general one only the latter."""
    at, own, id = now_ms(), services.of(request), form.one("queue")
    typed, chosen, shown = {field: form.one(field) for field in FIELDS}, form.all("member"), form.all("shown")

    def write(connection: Connection) -> dict[str, str]:
        known = _known(connection)
        if id and id not in {queue.id for queue in known}:
            raise errors.not_found()
        changed, wrong = known, dict[str, str]()
        if id != GENERAL:
            changed, wrong = queue_edit.with_queue(known, id, typed, {one.name for one in advisors.all(connection)})
        if not wrong:
            made = id or next(queue.id for queue in changed if queue not in known)
            desk_settings.write(connection, "queues", queue_edit.as_document(changed), at)
            members.set_members(connection, made, chosen, shown)
            conversations.note(connection, "queue_changed", made, at, form.advisor.id)
        return wrong

    wrong = await own.database.write(write)
    if wrong:
        return await _show(request, form.session, prefixed(wrong, f"q-{id or 'new'}"), id or "new", typed, chosen)
    own.signals.wake(DESK)
    return done(PATH)


@router.post(f"{PATH}/remove")
async def remove(request: Request, form: LeadForm) -> Response:
    """Take a queue away; who waits in it waits in the general one. One that is gone already is no error."""
    at, own, id = now_ms(), services.of(request), form.one("queue")

    def write(connection: Connection) -> None:
        known = _known(connection)
        if id == GENERAL or id not in {queue.id for queue in known}:
            return
        desk_settings.write(connection, "queues", queue_edit.as_document(queue for queue in known if queue.id != id), at)
        members.dissolve(connection, id)
        conversations.note(connection, "queue_removed", id, at, form.advisor.id)

    await own.database.write(write)
    own.signals.wake(DESK)
    return done(PATH)


def _known(connection: Connection) -> list[Queue]:
    return queues.read(desk_settings.read(connection, "queues"))


async def _show(
    request: Request,
    session: Session,
    wrong: dict[str, str] | None = None,
    sent: str = "",
    typed: dict[str, str] | None = None,
    chosen: Sequence[str] = (),
) -> Response:
    """Show the page; the form that was `sent` keeps what was typed and chosen in it."""
    known, people = await services.of(request).database.read(lambda c: (_known(c), advisors.all(c)))
    cards = [_card(queue, people) for queue in known]
    empty = _card(Queue("new", ""), people)
    for card in (*cards, empty):
        if typed and card["id"] == sent:
            card |= typed | {"members": [one | {"chosen": one["id"] in chosen} for one in card["members"]]}
    unserved = [queue.name for queue in known if not any(queue.id in one.queues for one in people)]
    return await show(request, session, "queues", wrong, cards=cards, empty=empty, general=GENERAL, unserved=unserved)


def _card(queue: Queue, people: list[Advisor]) -> dict[str, Any]:
    serves = [{"id": one.id, "name": one.shown_name, "chosen": queue.id in one.queues} for one in people]
    lines = {"topics": ", ".join(queue.topics), "places": ", ".join(queue.places)}
    return {"id": queue.id, "title": queue.name, "name": queue.name, "members": serves} | lines
