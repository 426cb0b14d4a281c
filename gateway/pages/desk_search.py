"""The knowledge base at the advisor's hand: search beside the conversation, and an entry as a text for the citizen."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway import errors, services
from gateway.api.entries import LONGEST_QUERY
from gateway.desk.forms import DeskPage
from gateway.library import Shelf
from gateway.pages.desk_frame import show
from gateway.texts import text
from knowledge.dates import in_words

MOST = 8
router = APIRouter(include_in_schema=False)


@router.get("/desk/conversations/{id}/search")
async def search(request: Request, id: str, found: DeskPage, q: str = "") -> Response:
    """Return the entries that fit, for the page that is open."""
    return await show(request, found, "hits", id=id, query=q, live=True, hits=await find(services.of(request).shelf, q))


async def find(shelf: Shelf, query: str) -> list[dict[str, Any]]:
    """Return the entries that fit, with their Stand in words; none for an empty query or while nothing is loaded."""
    if not query.strip() or "\0" in query:
        return []
    try:
        found = await shelf.search(query[:LONGEST_QUERY], None, MOST)
    except errors.Refused:
        return []
    return [dict(one) | {"stand": stand(one)} for one in found]


def titles(shelf: Shelf, ids: list[str]) -> list[dict[str, Any]]:
    """Return title and address of entries; one that was taken out of service keeps its id as a title."""
    served = shelf.served()
    known = served.entries if served else {}
    return [{"title": getattr(known.get(one), "title", one), "url": getattr(known.get(one), "url", None)} for one in ids]


def as_message(shelf: Shelf, entry: str) -> str:
    """Return an entry as a text for the citizen: title, what it says, link and Stand; raises `Refused` where there is none."""
    served = shelf.served()
    found = served.entries.get(entry) if served else None
    if found is None:
        raise errors.not_found("no_such_entry")
    facts = {name: getattr(found, name) for name in ("title", "summary", "url", "as_of")}
    return "\n".join(line for line in (facts["title"], facts["summary"], facts["url"], stand(facts)) if line)


def stand(entry: dict[str, Any]) -> str:
    """Return when an entry was last checked, in words."""
    as_of = entry.get("as_of")
    return text("chat.as_of", as_of=in_words(str(as_of))) if as_of else text("chat.as_of_unknown")
