"""What web editors need to put the widget on their pages, and a page on which they see it at work."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway import services, widget
from gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/einbinden")
async def embed(request: Request) -> HTMLResponse:
    """Return the lines to copy, with this installation's address and contacts in them."""
    own = services.of(request)
    server = own.settings.public_url
    return await page(
        request,
        "embed.html",
        server=server,
        host=urlsplit(server).netloc,
        entry=server + widget.ENTRY,
        policy=widget.content_policy(server),
        contacts=[contact for contact in own.shelf.contacts() if contact.phone or contact.email],
        days=own.settings.retention_bot_days,
    )


@router.get("/einbinden/test")
async def guest(request: Request) -> HTMLResponse:
    """Return a plain page with the widget, as a guest would have it."""
    return await page(request, "embed_test.html", entry=widget.ENTRY, contacts=services.of(request).shelf.contacts())
