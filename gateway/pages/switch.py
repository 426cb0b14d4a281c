"""The switch of a page between the usual language and Einfache Sprache: two links, the present one marked. No script, no cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request

from gateway import language
from gateway.conversation import Language
from gateway.texts import text

NAMES: dict[Language, str] = {"de": "chat.standard", "de-simple": "chat.simple"}


def links(request: Request, here: str | None = None) -> list[dict[str, Any]]:
    """Return both links; `here` is the page's address in German, by default its path."""
    spoken = language.of(request)
    german = here or quote("/" + request.url.path.lstrip("/"))  # "//x" would lead to another site
    return [{"title": text(name, spoken), "url": language.address(german, one), "chosen": one == spoken} for one, name in NAMES.items()]
