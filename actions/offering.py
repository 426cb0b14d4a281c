"""Einfache Sprache is offered once in a conversation: after two messages that show little German, or that were not understood.

One ordinary message may stand between the two. A question about the meaning of a word counts only beside another sign: everybody asks such.
"""

from __future__ import annotations

from dataclasses import replace

from actions import consent, handoff, talk
from actions.little_german import Sign, sign
from actions.reply import Reply
from actions.turn import Turn
from knowledge.speech import SIMPLE

LONGEST = {"answer": 1_000}
LONGEST_OTHER = 1_500  # characters of a reply, all in all
QUIET = ("handoff", "callback", "error")  # outcomes with which nothing else is offered
ASKING = ("form", "clarify")  # outcomes that ask something themselves: a yes answers that


def accepts(turn: Turn) -> bool:
    """Whether a message says yes to the offer that was the last thing asked."""
    return turn.memory.asks_simple and consent.is_yes(turn.text)


def noted(turn: Turn, reply: Reply) -> Reply:
    """Return the reply to a turn with what its message shows kept in the memory, and with the offer where it is time for it."""
    memory = replace(reply.memory, asks_simple=False)
    if turn.clicked:
        return replace(reply, memory=memory)
    before, now = turn.memory.signs, Sign.LITTLE if reply.outcome == "not_understood" else sign(turn.written)
    reply = replace(reply, memory=replace(memory, signs=(before + now.value)[-2:]))
    return _with_offer(reply) if _is_time(before, now) and _may_offer(reply) else reply


def _is_time(before: str, now: Sign) -> bool:
    """Whether a message and the two before it show little German twice.

    >>> _is_time("l-", Sign.LITTLE), _is_time("-m", Sign.MEANING), _is_time("m-", Sign.MEANING), _is_time("--", Sign.LITTLE)
    (True, True, False, False)
    """
    near = before[-1:] if now is Sign.MEANING else before
    return now is not Sign.NONE and bool(set(near) & {Sign.LITTLE.value, Sign.MEANING.value})


def _may_offer(reply: Reply) -> bool:
    memory = reply.memory
    told = memory.offered or memory.language == SIMPLE
    with_human = memory.human == handoff.QUEUED or memory.asked in (handoff.OFFER, handoff.CALL) or reply.outcome in QUIET
    return not (told or with_human or reply.data.get("emergency"))


def _with_offer(reply: Reply) -> Reply:
    """Append the offer, as a question only where nothing else is asked; what has no room for it waits for the next time."""
    asks = reply.outcome not in ASKING and not (reply.memory.finder.active and reply.memory.finder.open)
    offer = talk.texts()["offer_simple"] + (f" {talk.texts()['offer_simple_question']}" if asks else "")
    text = f"{reply.text}\n{offer}"
    if len(text) > LONGEST.get(reply.outcome, LONGEST_OTHER):
        return reply
    memory = replace(reply.memory, offered=True, asks_simple=asks)
    return replace(reply, text=text, memory=memory, buttons=[*reply.buttons, talk.SIMPLE_BUTTON])
