"""How the service stands: for the public page, for operations, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway import errors, services
from gateway.errors import json_response

router = APIRouter(tags=["status"])


@router.get("/api/v1/status")
async def status(request: Request) -> Response:
    """Return opening hours (null until there is a desk), the notice and whether the bot is on."""
    position = await services.of(request).switches.position()
    bot = "on" if position.bot_on else "off"
    return json_response({"opening_hours": None, "notice": position.notice, "bot": bot})


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
