"""Events as the desk shows them. Texts stay texts: the templates escape them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway import transcript
from gateway.conversation import Event
from gateway.pages import desk_words as words


def log(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return what was said and what became of the conversation, ready for the template."""
    return [shown for shown in map(entry, events) if shown]


def entry(event: Event) -> dict[str, Any] | None:
    """Return one line of the log; None for an event that tells the advisor nothing."""
    head = {"seq": event.seq, "at": event.as_json()["at"], "time": transcript.when(event)}
    if event.type == "state":
        told = words.name_of("states", (event.state or {}).get("state"))
        return head | {"speaker": "state", "who": "", "text": told, "sources": []} if told else None
    return head | {
        "speaker": event.speaker,
        "who": words.name_of("speakers", "corrected" if event.corrects else event.speaker),
        "text": event.text,
        "sources": [transcript.source_line(source) for source in (event.answer or {}).get("sources", [])],
    }
