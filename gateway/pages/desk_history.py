"""The history: ended hand-offs of one's queues, and one of them with its log, read only. Every look into a log is in the audit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.conversation import BERLIN
from gateway.desk.forms import DeskPage, LeadForm
from gateway.handoff import conduct, desk
from gateway.pages import desk_lists, desk_view
from gateway.pages import desk_words as words
from gateway.pages.desk_frame import back, show
from gateway.pages.moments import moment
from gateway.store import advisors, conversations, events, history, notes, ownership
from gateway.store.advisors import Advisor
from gateway.store.history import PER_PAGE, Wanted
from gateway.texts import all_texts

PATH, LONGEST = "/desk/history", 100
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def search(request: Request, found: DeskPage, q: str = "", day: str = "", reason: str = "", page: str = "1") -> Response:
    """Search ended hand-offs. A day that is none, or a reason that does not exist, counts as not given."""
    own = services.of(request)
    asked = {
        "q": q.strip().replace("\0", "")[:LONGEST],
        "day": day if _between(day) else "",
        "reason": reason if _is_reason(reason) else "",
    }
    wanted = Wanted(found.advisor.id, desk_lists.served(found.advisor), asked["q"].removeprefix("#"), _between(day), asked["reason"])
    number = max(1, int(page[:6])) if page.isascii() and page.isdigit() else 1
    rows, total, names = await own.database.read(lambda c: (*history.search(c, wanted, number), desk_lists.queue_names(c)))
    given = {key: value for key, value in asked.items() if value}
    pages = {
        "before": f"{PATH}?{urlencode(given | {'page': number - 1})}" if number > 1 else None,
        "next": f"{PATH}?{urlencode(given | {'page': number + 1})}" if number * PER_PAGE < total else None,
    }
    shown = [_row(row, names) for row in rows]
    reasons = all_texts()["desk"]["reasons"]
    return await show(request, found, "history", rows=shown, total=total, asked=asked, reasons=reasons, pages=pages)


@router.get(f"{PATH}/{{handoff}}")
async def look(request: Request, handoff: str, found: DeskPage) -> Response:
    """Show one ended hand-off up to its end: what the citizen says to the bot afterwards was never handed over."""
    own, at = services.of(request), now_ms()

    def read(connection: Connection) -> dict[str, Any]:
        facts = _one(connection, found.advisor, handoff)
        conversations.note(connection, "history", facts["conversation"], at, found.advisor.id)
        return facts

    return await show(request, found, "past", **await own.database.write(read))


@router.post(f"{PATH}/{{handoff}}/lift")
async def lift(request: Request, handoff: str, form: LeadForm) -> Response:
    """End a block before its time."""
    at = now_ms()

    def write(connection: Connection) -> None:
        row = history.one(connection, handoff)
        if row is None:
            raise errors.not_found()
        conduct.lift(connection, form.advisor, row.conversation, at)

    await services.of(request).database.write(write)
    return back(f"{PATH}/{handoff}", "lifted")


def _one(connection: Connection, advisor: Advisor, handoff: str) -> dict[str, Any]:
    row = history.one(connection, handoff)
    if row is None:
        raise errors.not_found()
    if not desk.may_see(advisor, row):
        raise errors.forbidden()
    who = advisors.by_id(connection, row.advisor) if row.advisor else None
    said = [event for event in events.after(connection, row.conversation, 0) if event.at <= row.ended_at] if row.claimed_at else []
    kept = notes.of(connection, row.conversation)
    told = [{"who": one.shown_name or "", "time": moment(one.at), "text": one.text} for one in kept if one.at <= row.ended_at]
    head = _row(row, desk_lists.queue_names(connection))
    held = ownership.lock(connection, row.conversation)
    head["blocked"] = moment(held.blocked_until) if held and held.blocked_until is not None and held.blocked_until > now_ms() else None
    return head | {"who": who.shown_name if who else None, "log": desk_view.log(said), "notes": told}


def _row(row: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "handoff": row.id,
        "conversation": row.conversation,
        "number": words.number(row.id),
        "topic": row.topic,
        "place": row.place,
        "queue": names.get(row.queue, row.queue),
        "ended": moment(row.ended_at),
        "reason": words.name_of("reasons", row.end_reason),
    }


def _is_reason(reason: str) -> bool:
    return reason in all_texts()["desk"]["reasons"]


def _between(day: str) -> tuple[int, int] | None:
    """Return the instants between which a day in Berlin lies.

    >>> _between("2026-11-22")
    (1795302000000, 1795388400000)
    """
    try:
        first = date.fromisoformat(day)
        ends = (datetime.combine(one, time(), BERLIN) for one in (first, first + timedelta(days=1)))
        begin, end = (int(instant.timestamp() * 1000) for instant in ends)
    except (ValueError, OverflowError):
        return None
    return begin, end
