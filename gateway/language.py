"""The language in which a request is answered: that of its conversation, as soon as that is known, else the one its address asks for."""

from __future__ import annotations

from fastapi import Request

from gateway.conversation import Language

PARAMETER, SIMPLE = "sprache", "einfach"  # ?sprache=einfach; without it German


def answer_in(request: Request, language: Language) -> None:
    """Answer this request, a refusal included, in a language."""
    request.state.language = language


def of(request: Request) -> Language:
    """Return the language in which this request is answered."""
    known: Language | None = getattr(request.state, "language", None)
    return known or ("de-simple" if request.query_params.get(PARAMETER) == SIMPLE else "de")


def address(url: str, language: Language) -> str:
    """Return the address of one of our pages or files in a language.

    >>> address("/datenschutz", "de"), address("/a?b=c", "de-simple")
    ('/datenschutz', '/a?b=c&sprache=einfach')
    """
    return url if language == "de" else f"{url}{'&' if '?' in url else '?'}{PARAMETER}={SIMPLE}"
