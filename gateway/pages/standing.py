"""How a conversation stands between machine and human, read from its log: the calm lines, and what the page offers beside it.

`web/widget/standing.js` is the same for the page's script; both take event by event, and neither knows more than the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from gateway.conversation import Event, Language, State
from gateway.handoff.wording import minutes
from gateway.texts import text


@dataclass
class Standing:
    """Who answers now, and what is offered.

    `waiting`: the newest place in the queue, in words; `cancel`: the payload that gives it up. `callback`: the form for the contact
    details, offered (closed) or asked for (open). `over`: a talk with a human has ended and may be rated.
    """

    language: Language = "de"
    state: State = "bot"
    waiting: str = ""
    cancel: str = ""
    callback: Literal["", "offered", "asked"] = ""
    over: bool = False

    def take(self, event: Event) -> str:
        """Take up the next event; returns the line that tells of a new state, "" where nothing changed for the citizen."""
        if event.type == "message":
            self._hear(event)
            return ""
        before, facts = self.state, event.state or {}
        self.state = facts.get("state", "bot")
        self.over = self.state in ("bot", "closed") and (self.over or before == "advisor")
        self.waiting = _place(facts, self.language) if self.state == "queued" else ""
        if self.state == "advisor":
            self.callback = ""
        return self._line(before)

    def _hear(self, event: Event) -> None:
        said = step(event)
        if said == "queued":
            self.cancel = _payload(event, "cancel_handoff") or self.cancel
        elif said in ("contact", "offer"):
            self.callback = "asked" if said == "contact" else self.callback or "offered"
        elif said == "taken":
            self.callback = ""

    def _line(self, before: State) -> str:
        if before == self.state:
            return ""
        if self.state == "queued":
            return self.waiting
        key = "waited" if before == "queued" and self.state != "advisor" else self.state
        return text(f"chat.states.{key}", self.language)


def step(event: Event) -> str:
    """Return the step of the hand-off that a message tells of, "" for any other message."""
    return str(((event.answer or {}).get("data") or {}).get("step", ""))


def case(event: Event) -> str:
    """Return the number under which the desk knows the matter, "" where the message names none."""
    return str(((event.answer or {}).get("data") or {}).get("case") or "")[:8]


def _place(facts: dict[str, Any], language: Language) -> str:
    """Return the place in the queue, and the measured wait where there is one.

    >>> _place({"position": 2, "wait_s": 170}, "de"), _place({"position": 1, "wait_s": None}, "de")
    ('Sie warten auf einen Menschen: Platz 2, ungefähr 3 Minuten', 'Sie warten auf einen Menschen: Platz 1')
    """
    position, wait_s = facts.get("position"), facts.get("wait_s")
    if position is None:
        return text("chat.states.queued", language)
    if wait_s is None:
        return text("chat.states.queued_place", language, position=position)
    return text("chat.states.queued_wait", language, position=position, minutes=minutes(wait_s))


def _payload(event: Event, intent: str) -> str:
    offered = zip(event.buttons, event.as_json()["buttons"], strict=True)
    return next((str(shown["payload"]) for button, shown in offered if button.intent == intent), "")
