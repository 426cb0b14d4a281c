"""From templates to responses: what every page shows (notice, navigation), and the page for a refusal."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from gateway import language, services
from gateway.errors import Refused
from gateway.pages import switch
from gateway.texts import all_texts

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dial"] = dial
    return environment


def dial(phone: str) -> str:
    """Return a phone number as it stands in a `tel:` link.

    >>> dial("(07 11) 1 23-0")
    '07111230'
    """
    return re.sub(r"[^\d+]", "", phone)


def part(template: str, **facts: Any) -> str:
    """Render a part of a page, for a page that is open already."""
    return _environment().get_template(template).render(facts)


async def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page in the request's language, with the notice, which is on every page.

    `languages` are the links of its switch, on pages that have one; `kept` makes links to other pages keep the language.
    """
    position, spoken = await services.of(request).switches.position(), language.of(request)
    common = {
        "t": all_texts(spoken),
        "notice": position.notice,
        "path": request.url.path,
        "language": spoken,
        "languages": (),
        "kept": language.address("", spoken),
    }
    return HTMLResponse(part(template, **(common | facts)), status)


async def error_page(request: Request, refused: Refused) -> Response:
    """Return a refusal as a page, with the way back; to the script of an open page as the sentence alone."""
    if request.headers.get("hx-request") == "true":
        return PlainTextResponse(refused.said(language.of(request)), refused.status, refused.headers)
    template = "desk/error.html" if request.url.path.startswith("/desk") else "error.html"
    languages = switch.links(request) if request.method == "GET" else ()
    response = await page(request, template, refused.status, message=refused.said(language.of(request)), languages=languages)
    response.headers.update(refused.headers)
    return response
