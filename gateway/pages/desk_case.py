"""A hand-off as an advisor may see it just now: whose it is, and therefore what of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from gateway import errors
from gateway.conversation import SHOWN, Event
from gateway.handoff import desk
from gateway.store import events, handoffs, ownership
from gateway.store.advisors import Advisor
from gateway.store.ownership import Locked


@dataclass(frozen=True)
class Case:
    """The newest hand-off of a conversation, seen by one advisor."""

    handoff: Any
    held: Locked
    advisor: Advisor

    @property
    def stand(self) -> str:
        """How it stands for this advisor: `waiting` (masked), `mine`, `others` (read only) or `ended` (in the history)."""
        if self.handoff.ended_at is not None:
            return "ended"
        if self.handoff.claimed_at is None:
            return "waiting"
        return "mine" if SHOWN[self.held.state] == "advisor" and self.held.owner == self.advisor.id else "others"

    @property
    def is_open(self) -> bool:
        """Whether the log may be shown: from the claim on, until the end."""
        return self.stand in ("mine", "others")

    def log(self, connection: Connection, after: int = 0) -> list[Event]:
        """Return the events that may be shown: none before the claim, none of what the citizen says to the bot afterwards."""
        return events.after(connection, self.held.id, after) if self.is_open else []


def look(connection: Connection, advisor: Advisor, conversation: str) -> Case:
    """Return the case; raises `Refused`: 404 no hand-off, 403 another queue's."""
    handoff, held = handoffs.last(connection, conversation), ownership.lock(connection, conversation)
    if handoff is None or held is None:
        raise errors.not_found()
    if not desk.may_see(advisor, handoff):
        raise errors.forbidden()
    return Case(handoff, held, advisor)


def mine(connection: Connection, advisor: Advisor, conversation: str) -> Case:
    """Return a case that this advisor owns; raises `Refused`, 409 where it is not theirs."""
    case = look(connection, advisor, conversation)
    if case.stand != "mine":
        raise errors.Refused(409, "not_owner")
    return case
