"""The citizen's widget as pages of other sites load it: public, static modules and their texts, compressed once and kept in memory.

The modules themselves live in `web/widget/`. They carry no cookie and no secret, so every page may read them; who may talk to
the API is another question (`ALLOWED_ORIGINS`).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import orjson
from fastapi import APIRouter, Request, Response

from gateway import errors
from gateway.conversation import Language
from gateway.texts import all_texts

PREFIX = "/widget/1"
ENTRY = f"{PREFIX}/quartierslotse.js"
FOLDER = Path(__file__).resolve().parent.parent / "web" / "widget"
TYPES = {"js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "json": "application/json"}
NAME = re.compile(r"(?:[a-z0-9_-]+/)*[a-z0-9_-]+\.(js|svg)")
# What of our texts the widget shows by itself; all else it shows comes with the events.
TEXTS = (
    "service.name",
    "speakers",
    "bot.greeting",
    "bot.topics",
    "chat",
    "errors.phone_or_email",
    "pages.datenschutz.title",
)
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "Vary": "Accept-Encoding",
}

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@dataclass(frozen=True)
class Kept:
    """A file ready to be sent, plain and compressed; `digest` names this very content."""

    plain: bytes
    packed: bytes
    digest: str
    media_type: str

    @staticmethod
    def of(plain: bytes, kind: str) -> Kept:
        """Compress as far as it goes: it happens once."""
        return Kept(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:20], TYPES[kind])


@router.api_route("/texts.{language}.json", methods=["GET", "HEAD"])
async def texts(request: Request, language: str) -> Response:
    """Return the texts that the widget shows by itself; 404 for a language that there is not."""
    for known in get_args(Language):
        if language == known:
            return _sent(request, _texts(known))
    raise errors.not_found()


@router.api_route("/{name:path}", methods=["GET", "HEAD"])
async def module(request: Request, name: str) -> Response:
    """Return one module or picture of the widget; 404 for whatever else there may be in the folder."""
    found = NAME.fullmatch(name)
    try:
        changed = (FOLDER / name).stat().st_mtime_ns if found else None
    except OSError:
        changed = None
    if not found or changed is None:
        raise errors.not_found()
    return _sent(request, _module(name, found[1], changed))


def content_policy(server: str) -> tuple[str, ...]:
    """Return what a page with a strict Content-Security-Policy has to allow for the widget of this server.

    >>> content_policy("https://chat.example.de")
    ('script-src https://chat.example.de', 'connect-src https://chat.example.de')
    """
    return f"script-src {server}", f"connect-src {server}"


@lru_cache(maxsize=128)
def _module(name: str, kind: str, changed: int) -> Kept:
    """Read a file; `changed` is part of the key, so that a new version is seen without a restart."""
    return Kept.of((FOLDER / name).read_bytes(), kind)


@lru_cache(maxsize=2)
def _texts(language: Language) -> Kept:
    return Kept.of(orjson.dumps(picked(all_texts(language))), "json")


def picked(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the parts named in `TEXTS`, in the same nesting."""
    parts: dict[str, Any] = {}
    for key in TEXTS:
        *way, last = key.split(".")
        source, target = whole, parts
        for step in way:
            source, target = source[step], target.setdefault(step, {})
        target[last] = source[last]
    return parts


def _sent(request: Request, kept: Kept) -> Response:
    """Return the file in the form that this client reads, or 304 where it has it already."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{kept.digest}{"-gz" if packs else ""}"'
    headers = HEADERS | {"ETag": tag} | ({"Content-Encoding": "gzip"} if packs else {})
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=HEADERS | {"ETag": tag})
    return Response(kept.packed if packs else kept.plain, headers=headers, media_type=kept.media_type)
