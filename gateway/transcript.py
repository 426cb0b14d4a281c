"""A conversation to take home, as text or as data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gateway.conversation import Event, Language, berlin
from gateway.store.conversations import Conversation
from gateway.texts import text
from knowledge.dates import in_words


def as_json(conversation: Conversation, log: Iterable[Event]) -> dict[str, Any]:
    """Return all events with the head of the conversation."""
    return {
        "conversation": conversation.id,
        "language": conversation.language,
        "state": conversation.state,
        "events": [event.as_json() for event in log],
    }


def as_text(log: Iterable[Event], language: Language) -> str:
    """Return what was said as plain text: who, when, what, and on which sources it rests."""
    parts = [text("transcript.head", language)]
    parts += [_said(event, language) for event in log if event.type == "message"]
    return "\n\n".join(parts) + "\n"


def when(event: Event) -> str:
    """Return the instant as people in Germany write it."""
    return datetime.fromisoformat(berlin(event.at)).strftime("%d.%m.%Y, %H:%M Uhr")


def source_line(source: dict[str, Any], language: Language = "de") -> str:
    """Return title and Stand of a source, without its address."""
    as_of = source.get("as_of")
    stand = text("chat.as_of", language, as_of=in_words(as_of)) if as_of else text("chat.as_of_unknown", language)
    return f"{source['title']}, {stand}"


def _said(event: Event, language: Language) -> str:
    who = text(f"speakers.{'corrected' if event.corrects else event.speaker}", language)
    lines = [f"{who}, {when(event)}:", event.text]
    for source in (event.answer or {}).get("sources", []):
        lines.append(f"  {text('chat.source', language)}: {source_line(source, language)} {source.get('url') or ''}".rstrip())
    return "\n".join(lines)
