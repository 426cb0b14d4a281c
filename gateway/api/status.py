"""How the service stands: for the public page, for operations, for Prometheus."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import DatabaseError

from gateway import errors, journal, services
from gateway.clockwork import now_ms
from gateway.errors import json_response
from gateway.handoff import availability

router = APIRouter(tags=["status"])


@router.get("/api/v1/status")
async def status(request: Request) -> Response:
    """Return the desk's opening hours in words and whether somebody is there, the notice, and whether the bot is on.

    Every site may read it: it is what a page needs to say before anybody asks, and the same for all.
    """
    position = await services.of(request).switches.position()
    bot = "on" if position.bot_on else "off"
    told = {"opening_hours": await opening_hours(request), "notice": position.notice, "bot": bot}
    return json_response(told, headers={"Access-Control-Allow-Origin": "*"})


async def opening_hours(request: Request) -> dict[str, Any] | None:
    """Return text, is_open, next (in words) and available; None only while the database is away."""
    own, at = services.of(request), now_ms()
    try:
        return asdict(await own.database.read(lambda c: availability.standing(c, at, own.settings.limits)))
    except DatabaseError as error:
        journal.note("hours_not_read", level="ERROR", error=error)
        return None


@router.get("/health/live")
async def live() -> Response:
    """Say that the process runs."""
    return json_response({"status": "ok"})


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Return every component; 503 while one of them is missing."""
    components = await services.of(request).probe.look()
    ok = all(component["ok"] for component in components.values())
    return json_response({"status": "ok" if ok else "unavailable", "components": components}, 200 if ok else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the counters; 404 where they are switched off."""
    own = services.of(request)
    if not own.settings.metrics:
        raise errors.not_found()
    return Response(own.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
