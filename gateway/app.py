"""Puts the gateway together. Nothing happens on import; `create_app` is the factory that uvicorn calls."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from gateway import journal, language, services, widget
from gateway.api import callback, cases, conversations, desk, desk_login, entries, funding, matrix, messages, status, telegram
from gateway.errors import Refused, as_response, invalid, not_found
from gateway.guard import Guard
from gateway.metrics import Metrics
from gateway.pages import desk as desk_page
from gateway.pages import desk_lead, documentation, embedding, form, handover, rendering, site
from gateway.pages import funding as funding_page
from gateway.settings import Settings, from_env

WEB = Path(__file__).resolve().parent.parent / "web"
MACHINES = ("/api/", "/health/", "/metrics", "/web/", "/widget/", "/openapi.json")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; raises `SettingError` or `StartError` with one German sentence."""
    settings = settings or from_env(os.environ)
    journal.set_up(settings.log_level)
    lock = services.lock_data_dir(settings)
    database = services.open_database(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(_note_loop_error)
        own = app.state.services = services.build(settings, database, app.state.metrics)
        await own.start()
        try:
            yield
        finally:
            await own.stop()
            if lock:
                lock.close()

    return _assemble(settings, lifespan)


def _assemble(settings: Settings, lifespan: Any) -> FastAPI:
    app = FastAPI(
        title="Quartierslotse",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
    )
    app.state.metrics = Metrics()
    contract = (conversations, callback, cases, messages, desk, desk_login, entries, funding, status, telegram, matrix)
    for part in (*contract, widget, site, embedding, form, handover, funding_page, desk_page, desk_lead):
        app.include_router(part.router)
    if settings.docs:
        app.include_router(documentation.router)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_middleware(Guard, metrics=app.state.metrics)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
        )
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if request.url.path.startswith(matrix.PREFIX):
        return matrix.as_response(error)
    if request.url.path.startswith(MACHINES):
        return as_response(error, language.of(request))
    return await rendering.error_page(request, error)


async def _http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such route, or not with this method."""
    assert isinstance(error, HTTPException)
    refused = Refused(405, "method_not_allowed") if error.status_code == 405 else not_found()
    refused.headers |= dict(error.headers or {})
    return await _refused(request, refused)


async def _not_valid(request: Request, error: Exception) -> Response:
    """A parameter that FastAPI itself could not read; its input is not repeated."""
    assert isinstance(error, RequestValidationError)
    where = error.errors()[0].get("loc", ())
    return await _refused(request, invalid(str(where[-1]) if where else None, "wrong_type"))


def _note_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    journal.note("loop_error", level="ERROR", error=context.get("exception"))
