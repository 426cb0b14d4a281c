"""What somebody wants of the running finder: said in words that are known, or in others that the classifier has learned."""

from __future__ import annotations

from actions.funding.words import plain, says
from actions.turn import Turn

SURE = 0.6  # belief in a move that was said in other words
INTENTS = {
    "restart": "restart_finder",
    "back": "go_back",
    "export": "export_result",
    "result": "show_result",
    "summary": "show_profile",
    "skip": "skip_question",
    "resume": "resume_finder",
    "why": "why_result",
    "what_if": "what_if",
}


def wants(turn: Turn, move: str, text: str | None = None) -> bool:
    """Whether a message asks for a move; `text`: the part of it in which the words must stand."""
    return says(move, plain(turn.text if text is None else text)) or turn.chance(INTENTS[move]) >= SURE
