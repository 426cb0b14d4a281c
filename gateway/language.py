"""The language in which a request is answered: that of its conversation, as soon as that is known. German until then."""

from __future__ import annotations

from fastapi import Request

from gateway.conversation import Language


def answer_in(request: Request, language: Language) -> None:
    """Answer this request, a refusal included, in a language."""
    request.state.language = language


def of(request: Request) -> Language:
    """Return the language in which this request is answered."""
    known: Language = getattr(request.state, "language", "de")
    return known
