"""What an action needs to know of a turn: the text, what Rasa understood, and the dialogue's memory from the gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actions.funding.finder import Finder

OF_THE_FINDER = frozenset(  # what people say only while the funding finder asks
    [
        "restart_finder",
        "go_back",
        "export_result",
        "show_result",
        "show_profile",
        "skip_question",
        "resume_finder",
        "why_result",
        "what_if",
        "aside",
    ]
)


LARGEST = 7_900  # bytes of a state; the gateway takes 8 KB


@dataclass(frozen=True)
class Memory:
    """`bot_state` of DESIGN 2, as far as answers use it. It travels with every message and comes back in the reply."""

    topic: str | None = None  # id of the entry last answered about
    entries: tuple[str, ...] = ()  # ids offered in the last list, in the order of the buttons
    asked: str | None = None  # what was asked of the topic (ask_amount …)
    text: str | None = None  # not the citizen's words: the last answer, to give it again in the other language
    simple: str | None = None  # the same answer in Einfache Sprache
    offered: bool = False  # Einfache Sprache was offered; that happens once
    asks_simple: bool = False  # that offer is the last thing asked: a yes accepts it
    signs: str = ""  # what the last two messages show of their writer's German (little_german.Sign), newest last
    explained: tuple[str, ...] = ()  # ids of the terms explained in place, newest last
    misses: int = 0
    profile: Mapping[str, Any] = field(default_factory=dict)
    language: str = "de"
    finder: Finder = Finder()
    human: str | None = None  # how far a hand-off to a human is: "offered", "queued"; `asked` is "human" directly after the offer
    wish: str | None = None  # why a human was wanted: request_human, complaint …

    @classmethod
    def from_dict(cls, state: Mapping[str, Any], language: str) -> Memory:
        """Read a stored state; unknown keys of other versions are ignored."""
        return cls(
            topic=state.get("topic"),
            entries=tuple(state.get("entries") or ()),
            asked=state.get("asked"),
            text=state.get("text"),
            simple=state.get("simple"),
            offered=bool(state.get("offered")),
            asks_simple=bool(state.get("asks_simple")),
            signs=str(state.get("signs") or ""),
            explained=tuple(state.get("explained") or ()),
            misses=int(state.get("misses") or 0),
            profile=dict(state.get("profile") or {}),
            language=str(state.get("language") or language or "de"),
            finder=Finder.from_dict(state.get("finder") or {}),
            human=state.get("human"),
            wish=state.get("wish"),
        )

    def as_dict(self, version: int) -> dict[str, Any]:
        """Return the JSON form, with the knowledge version the turn was answered from; the last answer only where there is room."""
        state = {
            "v": 1,
            "knowledge": version,
            "topic": self.topic,
            "entries": list(self.entries),
            "asked": self.asked,
            "text": self.text,
            "simple": self.simple,
            "offered": self.offered,
            "asks_simple": self.asks_simple,
            "signs": self.signs,
            "explained": list(self.explained),
            "misses": self.misses,
            "profile": dict(self.profile),
            "language": self.language,
            "finder": self.finder.as_dict(),
            "human": self.human,
            "wish": self.wish,
        }
        if len(json.dumps(state, ensure_ascii=False).encode()) > LARGEST:
            return state | {"text": None, "simple": None}
        return state


@dataclass(frozen=True)
class Turn:
    """One message of a citizen as Rasa parsed it. `clicked`: a button, whose intent and entities are certain.

    `text` has slips of the pen put right (nlu/spelling.py), `written` is what the citizen wrote: it shows which language they speak.
    """

    text: str
    written: str
    intent: str
    ranking: Mapping[str, float]
    entities: tuple[Mapping[str, Any], ...] = ()
    memory: Memory = Memory()
    clicked: bool = False

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Turn:
        """Read Rasa's `latest_message`."""
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        ranking = {r["name"]: float(r["confidence"]) for r in message.get("intent_ranking") or [intent] if r.get("name")}
        written = str(message.get("text") or "").lstrip("\u2060")
        return cls(
            text=str(message.get("spelt") or written).lstrip("\u2060"),
            written=written,
            intent=str(intent.get("name") or ""),
            ranking=ranking,
            entities=tuple(message.get("entities") or ()),
            memory=Memory.from_dict(metadata.get("state") or {}, str(metadata.get("language") or "")),
            clicked=str(message.get("text") or "").startswith("/"),
        )

    def outside_finder(self) -> Turn:
        """Return the turn as it looks to all but the finder: the belief in its moves goes to the others, but not to an emergency."""
        others = {name: chance for name, chance in self.ranking.items() if name not in OF_THE_FINDER}
        total = sum(others.values())
        if not total:
            return self
        shared = {name: chance if name == "emergency" else chance / total for name, chance in others.items()}
        return replace(self, intent=max(shared, key=lambda name: shared[name]), ranking=shared)

    def values(self, entity: str) -> list[Any]:
        """Return the values of an entity, in the order found."""
        return [e["value"] for e in self.entities if e.get("entity") == entity]

    def chance(self, *intents: str) -> float:
        """Return the classifier's confidence that the intent is one of these."""
        return sum(self.ranking.get(intent, 0.0) for intent in intents)
