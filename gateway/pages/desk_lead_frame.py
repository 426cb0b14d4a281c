"""What all pages for leads have in common: who looks, the form's secret, what was wrong, what was saved."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from gateway.pages.rendering import page
from gateway.store.desk_sessions import Session

SAVED = "gespeichert"


async def show(request: Request, session: Session, template: str, errors: dict[str, str] | None = None, **facts: Any) -> HTMLResponse:
    """Render a page. `errors`: the fields (by their id on the page) that cannot be used, and why; the answer is 422 then."""
    saved = not errors and request.query_params.get(SAVED) == "1"
    common = {"advisor": session.advisor, "csrf": session.csrf, "errors": errors or {}, "saved": saved}
    return await page(request, f"desk/lead/{template}.html", 422 if errors else 200, **common, **facts)


def done(path: str) -> RedirectResponse:
    """Lead back to a page that says that it was saved; loading it again posts nothing."""
    return RedirectResponse(f"{path}?{SAVED}=1", 303)


def prefixed(errors: dict[str, str], prefix: str) -> dict[str, str]:
    """Return errors by the ids of their fields on a page where several forms have the same ones."""
    return {f"{prefix}-{field}": message for field, message in errors.items()}
