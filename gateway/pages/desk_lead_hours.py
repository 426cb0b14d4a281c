"""The page on which leads set the opening hours: the week, and days that differ. What is saved counts at once, for citizens too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import services
from gateway.clockwork import now_ms
from gateway.desk.forms import Form, LeadForm, LeadPage
from gateway.handoff import availability, holiday_names, hours, hours_form, hours_words
from gateway.handoff.hours import KEYS, WEEKDAYS, Hours
from gateway.pages.desk_lead_frame import done, prefixed, show
from gateway.store import conversations, desk_settings
from gateway.store.desk_sessions import Session
from knowledge import clock, dates

PATH = "/desk/lead/hours"
Change = Callable[[Hours], tuple[Hours, dict[str, str]]]
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, session: LeadPage) -> Response:
    """Show week, days that differ and the next holidays, and how it all reads for citizens."""
    return await _show(request, session)


@router.post(PATH)
async def set_week(request: Request, form: LeadForm) -> Response:
    """Set the regular week."""
    lines = {key: form.one(key) for key in KEYS}
    errors = await _change(request, form, lambda known: hours_form.with_week(known, lines))
    return await _show(request, form.session, prefixed(errors, "week"), week=lines) if errors else done(PATH)


@router.post(f"{PATH}/days")
async def set_days(request: Request, form: LeadForm) -> Response:
    """Set other times for a day, or for all days of an absence; a day set before gets the new ones."""
    typed = {name: form.one(name) for name in ("first", "last", "times")}
    errors = await _change(request, form, lambda known: hours_form.with_days(known, clock.today(), **typed))
    return await _show(request, form.session, prefixed(errors, "days"), days=typed) if errors else done(PATH)


@router.post(f"{PATH}/days/remove")
async def remove_day(request: Request, form: LeadForm) -> Response:
    """Let a day be as its weekday is; one that is gone already is no error."""
    gone = hours_form.day(form.one("day"))
    if gone is not None:
        await _change(request, form, lambda known: (hours_form.without_day(known, gone), {}))
    return done(PATH)


async def _change(request: Request, form: Form, change: Change) -> dict[str, str]:
    """Change the hours in one transaction with its line in the audit; returns what was wrong."""
    at = now_ms()

    def write(connection: Connection) -> dict[str, str]:
        changed, errors = change(availability.hours_of(connection))
        if not errors:
            desk_settings.write(connection, "hours", changed.as_dict(), at)
            conversations.note(connection, "hours_changed", "", at, form.advisor.id)
        return errors

    return await services.of(request).database.write(write)


async def _show(
    request: Request,
    session: Session,
    errors: dict[str, str] | None = None,
    week: dict[str, str] | None = None,
    days: dict[str, str] | None = None,
) -> Response:
    known = await services.of(request).database.read(availability.hours_of)
    lines = week or {key: hours_form.typed(known.week.get(number, ())) for number, key in enumerate(KEYS)}
    return await show(
        request,
        session,
        "hours",
        errors,
        week=[{"key": key, "title": WEEKDAYS[number], "line": lines[key]} for number, key in enumerate(KEYS)],
        days=days or {"first": "", "last": "", "times": ""},
        **_facts(known, clock.now()),
    )


def _facts(known: Hours, now: datetime) -> dict[str, Any]:
    opens = hours.next_opening(known, now)
    coming = holiday_names.coming(now.date())
    return {
        "in_words": hours_words.in_words(known),
        "is_open": hours.is_open(known, now),
        "next": hours_words.opening_in_words(now, opens) if opens else None,
        "exceptions": [_day(known, one) for one in sorted(known.exceptions) if one >= now.date()],
        "holidays": [_day(known, one) | {"name": name} for one, name in coming],
    }


def _day(known: Hours, day: date) -> dict[str, str]:
    in_words = f"{WEEKDAYS[day.weekday()]}, {dates.in_words(day)}"
    return {"iso": day.isoformat(), "title": in_words, "times": hours_form.typed(known.on(day))}
