"""The one reply object of a turn (DESIGN 3) and how a text and its sources become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.turn import Memory
from knowledge.model import Entry, Source

SHOWN_SOURCES = 3
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Button:
    """A useful next step: the gateway turns intent and entities into an opaque payload."""

    title: str
    intent: str
    entities: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the form the gateway expects."""
        return {"title": self.title, "intent": self.intent, "entities": self.entities}


@dataclass(frozen=True)
class Reply:
    """Text, buttons and outcome of a turn, and the memory it leaves."""

    outcome: str
    text: str
    memory: Memory
    entries: Sequence[str] = ()
    sources: Sequence[dict[str, Any]] = ()
    buttons: Sequence[Button] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self, version: int) -> dict[str, Any]:
        """Return the `custom` object for Rasa's REST channel."""
        answer = {
            "outcome": self.outcome,
            "entries": list(self.entries),
            "sources": list(self.sources),
            "data": self.data,
        }
        return {
            "text": self.text,
            "buttons": [button.as_dict() for button in self.buttons],
            "answer": answer,
            "state": self.memory.as_dict(version),
        }


def sources_of(entries: Iterable[Entry], most: int = SHOWN_SOURCES) -> list[dict[str, Any]]:
    """Return the sources of entries in API form: official before secondary, the newest dated one always among them."""
    shown: list[Source] = []
    for entry in entries:
        ranked = sorted(entry.sources, key=lambda s: (s.secondary, s.as_of is None, _newest_first(s)))
        newest = [s for s in entry.sources if s.as_of == entry.as_of and s.as_of]
        for source in (newest[:1] + ranked)[: max(1, most - len(shown))]:
            if source not in shown:
                shown.append(source)
    return [{"title": s.title, "url": s.url, "as_of": s.as_of} for s in shown]


def _newest_first(source: Source) -> str:
    return "".join(chr(255 - ord(c)) for c in source.as_of or "")


def short_title(entry: Entry) -> str:
    """Return a title that fits a button or a line: without what follows a dash, cut at a word."""
    title = entry.title
    for mark in (" – ", " (", ": "):
        head = title.split(mark)[0]
        if len(title) > LONGEST_TITLE and len(head) >= 8 and head.count("„") == head.count("“"):
            title = head
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + " …"
