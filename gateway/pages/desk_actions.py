"""What an advisor does on the page of a conversation: write, keep a note, forward, return, end. The rules stand in `handoff.desk`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.bodies import refused_by
from gateway.clockwork import now_ms
from gateway.contract import Body, Closing, DeskMessage, Forward, Note, Promise
from gateway.desk.forms import DeskForm, Form
from gateway.handoff import conduct, desk, promise
from gateway.pages.desk_conversation import PATH, page
from gateway.pages.desk_frame import back, is_live, show
from gateway.pages.moments import moment
from gateway.signals import DESK
from gateway.store import drafts, notes

B = TypeVar("B", bound=Body)
router = APIRouter(include_in_schema=False)


@router.post(f"{PATH}/messages")
async def write(request: Request, id: str, form: DeskForm) -> Response:
    """Send the text in the box to the citizen; the draft goes with it. What could not be sent stays in the box."""
    own, at, advisor = services.of(request), now_ms(), form.advisor
    try:
        message = checked(form, DeskMessage, "client_id", "text")

        def send(connection: Connection) -> desk.Sent:
            sent = desk.write(connection, advisor, id, message.client_id.lower(), message.text, at)
            drafts.sent(connection, id, advisor.id, message.text)
            return sent

        sent = await own.database.write(send)
    except errors.Refused as refused:
        return await _again(request, form, id, refused, form.one("text"))
    if sent.is_new:
        own.signals.typing(id, False)
        own.signals.wake(id)
        own.signals.wake(DESK)
    return Response(status_code=204) if is_live(request) else back(f"/desk/conversations/{id}", anchor=f"n{sent.seq}")


@router.post(f"{PATH}/note")
async def note(request: Request, id: str, form: DeskForm) -> Response:
    """Keep a private note."""
    own, at = services.of(request), now_ms()
    try:
        given = checked(form, Note, "text")
        await own.database.write(lambda c: desk.note(c, form.advisor, id, given.text, at))
    except errors.Refused as refused:
        return await _again(request, form, id, refused)
    own.signals.wake(DESK)
    if not is_live(request):
        return back(f"/desk/conversations/{id}", anchor="notizen")
    kept = await own.database.read(lambda c: notes.of(c, id))
    told = [{"who": row.shown_name or "", "time": moment(row.at), "text": row.text} for row in kept]
    return await show(request, form.session, "notes", id=id, notes=told)


@router.post(f"{PATH}/promise")
async def promised(request: Request, id: str, form: DeskForm) -> Response:
    """Promise an answer until a day and time."""

    def act(connection: Connection, at: int) -> None:
        until = int(checked(form, Promise, "until").until.timestamp() * 1000)
        promise.make(connection, form.advisor, id, until, at)

    return await _stay(request, form, id, "promised", act)


@router.post(f"{PATH}/warn")
async def warn(request: Request, id: str, form: DeskForm) -> Response:
    """Ask the citizen for a decent tone."""
    return await _stay(request, form, id, "warned", lambda c, at: conduct.warn(c, form.advisor, id, at))


@router.post(f"{PATH}/block")
async def block(request: Request, id: str, form: DeskForm) -> Response:
    """End the conversation and let it reach no human for some time."""
    limits = services.of(request).settings.limits
    return await _leave(request, form, id, "blocked", lambda c, at: conduct.block(c, form.advisor, id, at, limits))


@router.post(f"{PATH}/take-over")
async def take_over(request: Request, id: str, form: DeskForm) -> Response:
    """Let a lead answer what a colleague has promised and not kept."""
    return await _stay(request, form, id, "", lambda c, at: promise.take_over(c, form.advisor, id, at))


@router.post(f"{PATH}/forward")
async def forward(request: Request, id: str, form: DeskForm) -> Response:
    """Hand the conversation to a colleague or a queue; where nobody is reachable there, it stays."""
    own = services.of(request)

    def act(connection: Connection, at: int) -> None:
        desk.forward(connection, form.advisor, id, checked(form, Forward, "to").to, at, own.settings.limits)

    return await _leave(request, form, id, "forwarded", act)


@router.post(f"{PATH}/return")
async def give_back(request: Request, id: str, form: DeskForm) -> Response:
    """Return the conversation to the bot."""
    return await _leave(request, form, id, "returned", lambda c, at: desk.give_back(c, form.advisor, id, at))


@router.post(f"{PATH}/close")
async def close(request: Request, id: str, form: DeskForm) -> Response:
    """End the conversation with a typed reason."""

    def act(connection: Connection, at: int) -> None:
        desk.close(connection, form.advisor, id, checked(form, Closing, "reason").reason, at)

    return await _leave(request, form, id, "closed", act)


async def _stay(request: Request, form: Form, id: str, done: str, act: Callable[[Connection, int], None]) -> Response:
    """Do what leaves the conversation with this advisor; everybody is told, and the page says what was done."""
    own, at = services.of(request), now_ms()
    try:
        await own.database.write(lambda c: act(c, at))
    except errors.Refused as refused:
        return await _again(request, form, id, refused)
    own.signals.wake(id)
    own.signals.wake(DESK)
    return back(f"/desk/conversations/{id}", done)


async def _leave(request: Request, form: Form, id: str, done: str, act: Callable[[Connection, int], None]) -> Response:
    """Do what ends this advisor's part: the draft goes, everybody is told, and the overview says what was done."""
    own, at = services.of(request), now_ms()

    def work(connection: Connection) -> None:
        act(connection, at)
        drafts.keep(connection, id, form.advisor.id, "")

    try:
        await own.database.write(work)
    except errors.Refused as refused:
        return await _again(request, form, id, refused)
    own.signals.typing(id, False)
    own.signals.wake(id)
    own.signals.wake(DESK)
    return back("/desk", done)


async def _again(request: Request, form: Form, id: str, refused: errors.Refused, draft: str | None = None) -> Response:
    """Show the page again with the reason; a page that is open gets the sentence only. No conversation, no page: 403 and 404 stay."""
    if is_live(request) or refused.status in (403, 404):
        raise refused
    return await page(request, form.session, id, refused, draft)


def checked(form: Form, model: type[B], *fields: str) -> B:
    """Return fields of a form as the contract's model; raises `Refused`."""
    try:
        return model.model_validate({name: form.one(name) for name in fields})
    except ValidationError as error:
        raise refused_by(error) from None
