"""What the bot would answer to the citizen's last message, for the advisor to send, change or drop. Log and memory stay as they are."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.engine import Connection

from gateway import answers, errors, services, tokens
from gateway.conversation import Event
from gateway.rasa import RasaError
from gateway.store import events
from gateway.store.ownership import Locked
from gateway.store.turns import Turn
from knowledge import emergency


async def ask(own: services.Services, held: Locked) -> str:
    """Return the bot's answer; raises `Refused` where the citizen has said nothing yet, or the bot cannot be asked.

    The question goes out under a number of its own: neither Rasa nor the actions can take it for the conversation's next turn.
    """
    last = await own.database.read(lambda c: _last(c, held.id))
    if last is None:
        raise errors.Refused(409, "conflict", kind="no_question")
    if answers.is_emergency(last.text):
        return emergency.words(held.language)
    if not (await own.switches.position()).bot_on:
        raise errors.Refused(503, "unavailable", kind="no_suggestion")
    turn = Turn(tokens.new_id(), last.seq, last.text, None, 1, held.language, memory(held))
    try:
        return (await own.rasa.ask(turn)).text
    except RasaError:
        raise errors.Refused(503, "unavailable", kind="no_suggestion") from None


def memory(held: Locked) -> dict[str, Any]:
    """Return what the bot remembers of a conversation."""
    known: dict[str, Any] = json.loads(held.bot_state)
    return known


def _last(connection: Connection, conversation: str) -> Event | None:
    said = (e for e in reversed(events.after(connection, conversation, 0)) if e.type == "message" and e.speaker == "citizen" and e.text)
    return next(said, None)
