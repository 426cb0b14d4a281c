"""The knowledge base over HTTP: ranked search, and one entry with its sources."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway import errors, services
from gateway.errors import json_response

AREAS = (
    "beratung",
    "vernetzung",
    "qualifizierung",
    "foerderung",
    "partner",
    "veranstaltung",
    "material",
    "faq",
    "glossar",
)
LONGEST_QUERY, MOST = 500, 50
router = APIRouter(prefix="/api/v1/entries", tags=["knowledge"])


@router.get("")
async def search(request: Request, q: str = "", area: str | None = None, limit: str = "10") -> Response:
    """Return the entries that fit best; without `q` those of the area by title."""
    if area is not None and area not in AREAS:
        raise errors.invalid("area", "wrong_value")
    if len(q) > LONGEST_QUERY or "\0" in q:
        raise errors.invalid("q", "wrong_value")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= MOST):
        raise errors.invalid("limit", "no_number")
    shelf = services.of(request).shelf
    found = await shelf.search(q, area, int(limit)) if q.strip() else shelf.browse(area, int(limit))
    return json_response({"entries": found})


@router.get("/{id}")
async def entry(request: Request, id: str) -> Response:
    """Return one entry; 404 where there is none, or where it was taken out of service."""
    return json_response(services.of(request).shelf.entry(id))
