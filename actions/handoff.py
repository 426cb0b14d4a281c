"""The bot's side of the hand-off to a human: which step a message takes. The gateway decides who is there and what is said then.

A step travels as `data.handoff` {step, kind, topic, when}, what is not known left out; the text counts where the desk cannot be reached.
"""

from __future__ import annotations

from dataclasses import replace

from actions import consent, talk
from actions.reply import LONGEST_TITLE, Reply, short_title
from actions.turn import Turn
from knowledge.funding.profile import THEMES
from knowledge.library import Served
from knowledge.model import Entry

STANDING = "ask_standing"
STEPS = {
    STANDING: "wish",
    "accept_handoff": "accept",
    "decline_handoff": "decline",
    "cancel_handoff": "cancel",
    "want_callback": "callback",
}
OFFERED, QUEUED = "offered", "queued"
OFFER, CALL = "human", "callback"  # what the bot asked last (`Memory.asked`): whether to hand over, when to call
EMERGENCY, SURE = 0.4, 0.6  # belief at which danger outranks all but a plain "ich warte nicht mehr"; belief in a yes or no in other words


def wish(turn: Turn, kind: str, served: Served, named: Entry | None = None) -> Reply:
    """Pass on a wish for a human, a formal request, a complaint or an individual case. `named`: the entry that the message names."""
    memory = replace(turn.memory, asked=OFFER, human=turn.memory.human or OFFERED, wish=kind, misses=0)
    data = _data(step="wish", kind=kind, topic=_topic(turn, served, named))
    return Reply("callback", talk.with_contacts(kind, served, talk.GENERAL), memory, buttons=talk.TOPICS, data=data)


def move(turn: Turn, served: Served, named: bool) -> Reply | None:
    """Return the reply to a message that answers the offer, or that changes the mind of somebody who waits; None for all else.

    `named`: the message names an entry, so a yes that only the classifier sees is none. Comes before the funding finder, which
    would take a yes for its own.
    """
    danger = turn.chance("emergency") >= EMERGENCY
    intent = _changed(turn, danger, named) or (None if danger else _answered(turn, named))
    return step(turn, intent, served) if intent else None


def step(turn: Turn, intent: str, served: Served) -> Reply:
    """Take the step of one of the gateway's buttons, or of words that say the same."""
    if intent in ("decline_handoff", "cancel_handoff"):
        return _ended(turn, intent)
    when = None if turn.clicked else consent.when(turn.text)
    asked = CALL if intent == "want_callback" and when is None else None
    memory = replace(turn.memory, asked=asked, human=QUEUED, misses=0)
    data = _data(step=STEPS[intent], kind=turn.memory.wish, topic=_topic(turn, served), when=when)
    said = "accept_handoff" if intent == STANDING else intent  # said only where the gateway has nothing better to say
    return Reply("callback", talk.with_contacts(said, served, talk.GENERAL), memory, data=data)


def passed_by(turn: Turn) -> Turn:
    """Return the turn with the offer no longer the last thing asked: from now on a bare yes is none to it."""
    if turn.memory.asked not in (OFFER, CALL):
        return turn
    return replace(turn, memory=replace(turn.memory, asked=None))


def _answered(turn: Turn, named: bool) -> str | None:
    """The step of an answer to the offer: to the last message, or later on in words that name the matter."""
    direct = turn.memory.asked == OFFER
    if turn.memory.human != OFFERED and not direct:
        return None
    short = direct and not named and consent.is_short_and_new(turn.text)
    if consent.agrees(turn.text, direct) or short and turn.intent == "affirm" and turn.chance("affirm") >= SURE:
        return "accept_handoff"
    if direct and (consent.wants_callback(turn.text) or consent.is_time(turn.text)):
        return "want_callback"
    refused = consent.refuses(turn.text, direct) or short and turn.intent == "deny" and turn.chance("deny") >= SURE
    return "decline_handoff" if refused else None


def _changed(turn: Turn, danger: bool, named: bool) -> str | None:
    """The step of somebody who waits: how it stands, rather a call, when to call, or no human any more."""
    if turn.memory.human != QUEUED:
        return None
    if danger:
        return "cancel_handoff" if consent.cancels(turn.text, cautious=True) else None
    if not named and consent.asks_standing(turn.text):
        return STANDING
    if consent.wants_callback(turn.text) or turn.memory.asked == CALL and consent.is_time(turn.text):
        return "want_callback"
    return "cancel_handoff" if consent.cancels(turn.text) or consent.refuses(turn.text, direct=False) else None


def _ended(turn: Turn, intent: str) -> Reply:
    memory = replace(turn.memory, asked=None, human=None, wish=None, misses=0)
    buttons = () if memory.finder.active else talk.TOPICS
    return Reply("smalltalk", talk.texts()[intent], memory, buttons=buttons, data=_data(step=STEPS[intent]))


def _topic(turn: Turn, served: Served, named: Entry | None = None) -> str | None:
    """What the conversation is about, so that an advisor sees it in the queue: an entry, the plan's themes, or that it is about funding."""
    entry = named or served.entries.get(turn.memory.topic or "")
    if entry:
        return short_title(entry)[:LONGEST_TITLE]
    themes = [THEMES[theme] for theme in turn.memory.profile.get("themes") or () if theme in THEMES]
    while len(" und ".join(themes)) > LONGEST_TITLE:
        themes.pop()
    return " und ".join(themes) or ("Förderung" if turn.memory.profile else None)


def _data(**facts: str | None) -> dict[str, dict[str, str]]:
    return {"handoff": {key: value for key, value in facts.items() if value is not None}}
