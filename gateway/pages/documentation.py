"""The contract as a page, made from the OpenAPI description; no script and no server of anybody else."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """List all routes with what they do."""
    described: dict[str, Any] = request.app.openapi()
    routes = [
        {"method": method.upper(), "path": path, "text": route.get("description", "")}
        for path, methods in described["paths"].items()
        for method, route in methods.items()
    ]
    return await page(request, "docs.html", routes=routes)
