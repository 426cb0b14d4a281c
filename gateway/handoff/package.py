"""What an advisor gets with a conversation: everything the bot already knows, so that nobody has to tell it twice."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway.conversation import Event, berlin
from gateway.handoff.masking import masked
from gateway.store import events, ownership

LAST = 12


def material(connection: Connection, conversation: str, handoff: Row[Any]) -> dict[str, Any]:
    """Return the package without the funding results, which need the programmes (`results` are added by the caller)."""
    held = ownership.lock(connection, conversation)
    assert held is not None
    claimed = handoff.claimed_at is not None
    log = [event for event in events.after(connection, conversation, 0) if event.type == "message"]
    memory = json.loads(held.bot_state)
    shown = [_turn(event, claimed) for event in log[-LAST:]]
    return {
        "summary": handoff.summary if claimed else masked(handoff.summary),
        "kind": handoff.kind,
        "topic": handoff.topic,
        "place": handoff.place,
        "last_turns": shown,
        "profile": memory.get("profile") or {},
        "entries": _entries(log),
        "language": held.language,
        "channel": held.channel,
        "consent_at": berlin(handoff.consent_at),
    }


def _turn(event: Event, claimed: bool) -> dict[str, Any]:
    said = masked(event.text) if event.speaker == "citizen" and not claimed else event.text
    corrected = {} if event.corrects is None else {"corrects": event.corrects}
    return {"seq": event.seq, "at": berlin(event.at), "from": event.speaker, "text": said} | corrected


def _entries(log: list[Event]) -> list[str]:
    """Return the entries shown, newest first, each once."""
    named = (entry for event in reversed(log) for entry in (event.answer or {}).get("entries", ()))
    return list(dict.fromkeys(named))[:10]
