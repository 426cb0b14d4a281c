"""»Antwort folgt bis …«: an answer that an advisor promises for later, with an owner and a due date, until it is written.

While it is due later, nobody's silence ends the conversation. Past the due date owner and leads are alarmed, and a lead may take it over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from gateway import errors
from gateway.conversation import BERLIN
from gateway.handoff import desk, hours_words
from gateway.store import conversations, counts, handoffs, ownership
from gateway.store.advisors import Advisor
from gateway.store.ownership import Line
from gateway.texts import text

LONGEST_MS = 14 * 24 * 60 * 60 * 1000  # a hand-off is kept 30 days after its last message: a promise has to end well before


def make(connection: Connection, advisor: Advisor, conversation: str, until: int, at: int) -> None:
    """Promise an answer until an instant; another promise replaces it, and a promise is a first answer.

    Raises `Refused`: 409 not the owner, 422 not within 14 days.
    """
    held, handoff = desk.mine(connection, advisor, conversation)
    if not at < until <= at + LONGEST_MS:
        raise errors.invalid("until", "promise_time")
    handoffs.change(connection, handoff.id, promised_until=until, promise_overdue=False, answered_at=handoff.answered_at or at)
    if handoff.promised_until is None:
        counts.add(connection, at, handoff.queue, "promises")
    conversations.note(connection, "promised", conversation, at, advisor.id)
    due = hours_words.instant_in_words(datetime.fromtimestamp(until / 1000, BERLIN))
    said = text("handoff.promised" if held.channel == "web" else "handoff.promised_chat", held.language, name=advisor.shown_name, until=due)
    ownership.say(connection, held, at, [Line(text=said)])


def take_over(connection: Connection, lead: Advisor, conversation: str, at: int) -> None:
    """Let a lead answer what somebody else has promised and not kept; raises `Refused`: 403 no lead, 409 not overdue."""
    held, handoff = desk.open_handoff(connection, lead, conversation)
    if not lead.is_lead:
        raise errors.forbidden()
    if handoff.promised_until is None or at <= handoff.promised_until or handoffs.held_by(connection, held) is None:
        raise errors.Refused(409, "not_overdue")
    handoffs.change(connection, handoff.id, advisor=lead.id, owner_since=at, answered_at=None)
    conversations.note(connection, "taken_over", conversation, at, lead.id)
    ownership.hand_over(connection, held, lead.id, at, [Line(text=text("handoff.forwarded", held.language, name=lead.shown_name))])
