"""A conversation as pure data: its states, who answers in them, and its events as the outside sees them. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from gateway import payloads

State = Literal["bot", "queued", "advisor", "closed"]
Speaker = Literal["citizen", "bot", "advisor", "system"]
Language = Literal["de", "de-simple"]

BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES: tuple[Language, ...] = ("de", "de-simple")
TRANSITIONS: dict[State, frozenset[State]] = {
    "bot": frozenset({"queued", "advisor", "closed"}),
    "queued": frozenset({"bot", "advisor", "closed"}),
    "advisor": frozenset({"bot", "queued", "closed"}),
    "closed": frozenset({"bot"}),
}


class TransitionError(ValueError):
    """A change of state that the table does not allow."""

    def __init__(self, old: State, new: State) -> None:
        super().__init__(f"{old} -> {new}")
        self.old = old
        self.new = new


def move(old: State, new: State) -> State:
    """Return the new state, or raise `TransitionError` where the table does not allow the change."""
    if new not in TRANSITIONS[old]:
        raise TransitionError(old, new)
    return new


def after_citizen_message(state: State) -> State:
    """Return the state in which a citizen's message is handled: a closed conversation goes back to the bot."""
    return move(state, "bot") if state == "closed" else state


def bot_answers(state: State) -> bool:
    """Say whether the bot owes an answer: everywhere but where a human owns the conversation."""
    return state in ("bot", "queued")


@dataclass(frozen=True)
class Button:
    """Something to press: its title, and what it means to Rasa. Only the title and an opaque id go outside."""

    title: str
    intent: str
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One line of the append-only log. `turn` is the seq of the citizen's message that it answers."""

    conversation: str
    seq: int
    at: int  # milliseconds since 1970, UTC
    speaker: Speaker
    text: str = ""
    type: Literal["message", "state"] = "message"
    turn: int | None = None
    buttons: tuple[Button, ...] = ()
    answer: dict[str, Any] | None = None
    state: dict[str, Any] | None = None
    knowledge: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the event as the contract describes it."""
        head = {"seq": self.seq, "at": berlin(self.at), "from": self.speaker, "type": self.type, "text": self.text}
        if self.type == "state":
            return head | (self.state or {})
        return head | {"buttons": self._offered(), "answer": self.answer}

    def _offered(self) -> list[dict[str, str]]:
        return [
            {"title": button.title, "payload": payloads.issue(self.conversation, self.seq, index)}
            for index, button in enumerate(self.buttons)
        ]


def berlin(at: int) -> str:
    """Return milliseconds since 1970 as an ISO instant in Europe/Berlin, to the second."""
    return datetime.fromtimestamp(at // 1000, BERLIN).isoformat()


def rasa_command(button: Button) -> str:
    """Return what a pressed button says to Rasa, e.g. `/ask_amount{"entry": "quartiersimpulse"}`."""
    return f"/{button.intent}" + (json.dumps(button.entities, ensure_ascii=False) if button.entities else "")
