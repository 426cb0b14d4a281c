"""A person's newest turn, taken back: the bot's memory before it, so that an edited message is answered in its place and not beside it.

Kept for messengers only, and only for the newest turn. What became of the conversation itself (it waits for a human) is not taken back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from gateway.conversation import SHOWN, Owner

WEB = "web"  # nothing can be edited there
KEPT = ("human", "wish")  # how far a hand-off is: true whatever the message that led there says now


@dataclass(frozen=True)
class Undo:
    """The memory that the message `seq` was answered with. `counted`: it was counted as a wish that nobody could take over."""

    seq: int
    state: dict[str, Any]
    counted: bool = False


def read(packed: str | None) -> Undo | None:
    """Return what was kept, None where nothing was."""
    return Undo(**json.loads(packed)) if packed else None


def pack(channel: str, undo: Undo) -> str | None:
    """Return what is kept of a turn that has just been answered."""
    return None if channel == WEB else json.dumps(asdict(undo), ensure_ascii=False)


def memory(packed: str | None, bot_state: str, seq: int, state: Owner) -> str:
    """Return the memory to answer a correction of the message `seq` with: the one before it, or the present one where that is not known."""
    undo = read(packed)
    if undo is None or undo.seq != seq:
        return bot_state
    known = json.loads(bot_state)
    kept = {key: known[key] for key in KEPT if key in known} if SHOWN[state] == "queued" else {}
    return json.dumps(undo.state | kept, ensure_ascii=False)
