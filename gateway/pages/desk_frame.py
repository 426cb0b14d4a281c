"""What all pages of the desk have in common: how they are rendered, where a form leads back to, and live parts of a page."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from gateway.errors import Refused
from gateway.pages import rendering
from gateway.store.desk_sessions import Session
from gateway.texts import all_texts

DONE = "erledigt"


def is_live(request: Request) -> bool:
    """Say whether the page's script asks: it wants a part of the page, or only the outcome."""
    return request.headers.get("hx-request") == "true"


async def show(
    request: Request, session: Session | None, template: str, status: int = 200, refused: Refused | None = None, **facts: Any
) -> HTMLResponse:
    """Render a page or a part of one. `refused`: why the form just sent was not carried out; the page says so at its top."""
    done = all_texts()["desk"]["done"].get(request.query_params.get(DONE, ""))
    common = {
        "advisor": session.advisor if session else None,
        "csrf": session.csrf if session else "",
        "done": None if refused else done,
        "problem": refused.message if refused else None,
    }
    response = await rendering.page(request, f"desk/{template}.html", refused.status if refused else status, **common, **facts)
    if refused:
        response.headers.update(refused.headers)
    return response


def back(path: str, done: str = "", anchor: str = "") -> RedirectResponse:
    """Lead to a page that says what was done; loading it again posts nothing."""
    return RedirectResponse(path + (f"?{DONE}={done}" if done else "") + (f"#{anchor}" if anchor else ""), 303)
