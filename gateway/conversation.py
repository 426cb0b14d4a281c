"""A conversation as pure data: its states, who answers in them, and its events as the outside sees them. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from gateway import payloads

Owner = Literal["bot", "offered", "queued", "advisor", "waiting", "returning", "closed", "abandoned"]
State = Literal["bot", "queued", "advisor", "closed"]
Speaker = Literal["citizen", "bot", "advisor", "system"]
Language = Literal["de", "de-simple"]

BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES: tuple[Language, ...] = ("de", "de-simple")
# The inner states and the steps that are allowed, as data. offered: consent is asked; waiting: the advisor waits for the citizen, who was
# asked whether they are still there; returning: the advisor is done, the bot has to say so; abandoned: the citizen left the queue for good.
TRANSITIONS: dict[Owner, frozenset[Owner]] = {
    "bot": frozenset({"offered", "queued", "closed"}),
    "offered": frozenset({"bot", "queued", "closed"}),
    "queued": frozenset({"bot", "advisor", "closed", "abandoned"}),
    "advisor": frozenset({"queued", "waiting", "returning", "closed"}),
    "waiting": frozenset({"advisor", "queued", "returning", "closed"}),
    "returning": frozenset({"bot"}),
    "closed": frozenset({"bot"}),
    "abandoned": frozenset({"bot"}),
}
SHOWN: dict[Owner, State] = {
    "bot": "bot", "offered": "bot", "returning": "bot", "queued": "queued", "advisor": "advisor", "waiting": "advisor",
    "closed": "closed", "abandoned": "closed",
}  # fmt: skip


class TransitionError(ValueError):
    """A change of state that the table does not allow."""

    def __init__(self, old: Owner, new: Owner) -> None:
        super().__init__(f"{old} -> {new}")
        self.old = old
        self.new = new


def move(old: Owner, new: Owner) -> Owner:
    """Return the new state, or raise `TransitionError` where the table does not allow the change."""
    if new not in TRANSITIONS[old]:
        raise TransitionError(old, new)
    return new


def after_citizen_message(state: Owner) -> Owner:
    """Return the state in which a citizen's message is handled: a closed conversation goes back to the bot, a silent one goes on."""
    wanted: dict[Owner, Owner] = {"closed": "bot", "abandoned": "bot", "waiting": "advisor"}
    return move(state, wanted[state]) if state in wanted else state


def bot_answers(state: Owner) -> bool:
    """Say whether the bot owes an answer: everywhere but where a human owns the conversation."""
    return SHOWN[state] in ("bot", "queued")


@dataclass(frozen=True)
class Button:
    """Something to press: its title, and what it means to Rasa. Only the title and an opaque id go outside."""

    title: str
    intent: str
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One line of the append-only log. `turn`: the citizen's message that it answers, or, where it is theirs, the one that it corrects."""

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

    @property
    def corrects(self) -> int | None:
        """The citizen's earlier message that this one takes the place of; None for everything else."""
        return self.turn if self.speaker == "citizen" else None

    def as_json(self) -> dict[str, Any]:
        """Return the event as the contract describes it; a message that corrects another one names it."""
        head = {"seq": self.seq, "at": berlin(self.at), "from": self.speaker, "type": self.type, "text": self.text}
        if self.type == "state":
            return head | (self.state or {})
        corrected = {} if self.corrects is None else {"corrects": self.corrects}
        return head | {"buttons": self._offered(), "answer": self.answer} | corrected

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
