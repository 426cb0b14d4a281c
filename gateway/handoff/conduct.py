"""What an advisor may do about abuse: warn, then end and block. A block holds for the conversation, for a time, and never for the bot."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from gateway import errors
from gateway.handoff import desk
from gateway.handoff.limits import Limits
from gateway.store import conversations, handoffs, ownership
from gateway.store.advisors import Advisor
from gateway.store.ownership import Line, state_line
from gateway.texts import text

REASON, HOUR_MS = "abuse", 60 * 60 * 1000


def warn(connection: Connection, advisor: Advisor, conversation: str, at: int) -> None:
    """Ask for a decent tone, once per hand-off; raises `Refused` (409) where that was done already."""
    held, handoff = desk.mine(connection, advisor, conversation)
    if handoff.warned_at is not None:
        raise errors.Refused(409, "warned_already")
    handoffs.change(connection, handoff.id, warned_at=at)
    conversations.note(connection, "warned", conversation, at, advisor.id)
    ownership.say(connection, held, at, [Line(text=text("handoff.warned", held.language, name=advisor.shown_name))])


def block(connection: Connection, advisor: Advisor, conversation: str, at: int, limits: Limits) -> None:
    """End a hand-off after a warning; until the block is over this conversation reaches no human.

    Raises `Refused` (409) without a warning.
    """
    held, handoff = desk.mine(connection, advisor, conversation)
    if handoff.warned_at is None:
        raise errors.Refused(409, "not_warned")
    handoffs.end(connection, handoff, REASON, at)
    conversations.block(connection, conversation, at + limits.block_ms)
    conversations.note(connection, "blocked", conversation, at, advisor.id)
    hours = -(-limits.block_ms // HOUR_MS)
    said = Line(text=text("handoff.blocked_by", held.language, name=advisor.shown_name, hours=hours))
    ownership.step(connection, held, "closed", at, [said, state_line("closed")])


def lift(connection: Connection, lead: Advisor, conversation: str, at: int) -> None:
    """End a block before its time."""
    conversations.block(connection, conversation, None)
    conversations.note(connection, "block_lifted", conversation, at, lead.id)
