"""The funding profile in the bot's memory, corrected by hand: what a person says outside a turn counts more than the turn at work."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway import errors
from gateway.funding.question import read_profile
from gateway.tables import CONVERSATIONS

STATE_LIMIT = 8 * 1024
_C = CONVERSATIONS.c


def correct(connection: Connection, conversation: str, sent: dict[str, Any]) -> dict[str, Any]:
    """Put details into the profile (null takes one out, costs are replaced as a whole); return it as answers show it.

    Raises `Refused`: 422 with the field, 413 where the memory would grow too large, 404 where the conversation was erased.
    """
    told = {key: value for key, value in sent.items() if key != "place_ags"}
    read_profile(told)
    row = connection.execute(sa.select(_C.bot_state).where(_C.id == conversation).with_for_update()).one_or_none()
    if row is None:
        raise errors.not_found()
    state = json.loads(row.bot_state)
    merged = (state.get("profile") or {}) | told
    profile = read_profile({key: value for key, value in merged.items() if value is not None and key != "place_ags"})
    state["profile"] = profile.as_dict()
    packed = json.dumps(state, ensure_ascii=False)
    if len(packed.encode()) > STATE_LIMIT:
        raise errors.too_large("profile", "body_too_large", STATE_LIMIT // 1024)
    connection.execute(sa.update(CONVERSATIONS).where(_C.id == conversation).values(bot_state=packed))
    return profile.shown()


def remembered(stored: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return the memory after a turn; a profile that was corrected while the turn was at work stays as it was corrected."""
    corrected = json.loads(stored).get("profile")
    if corrected != before.get("profile"):
        after = after | {"profile": corrected}
    return json.dumps(after, ensure_ascii=False)
