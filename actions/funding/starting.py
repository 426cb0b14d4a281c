"""Which messages begin the funding finder: a plan with its costs, somebody who says who they are, a search for money."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.cues import sharpened, wants_money, wants_offer
from actions.funding import parties, told
from actions.funding.words import plain, says
from actions.turn import Turn
from knowledge import gazetteer
from knowledge.amounts import number_in_words

_SUM = re.compile(r"\d|€|euro|tausend|hundert", re.IGNORECASE)
NOTED = 0.5  # belief in a search for money at which details of the person are kept
LIKELY = 0.05  # belief in a search for money that plain words must meet
MOST_WORDS = 7  # of a message that is a detail and nothing else
SPECIFIC = frozenset({"deadline", "how_to_apply", "contact", "own_share", "combination"})  # topics asked of a programme, not of all
OWN_ENTRY = "foerderbaukasten"  # the entry about the finder: a question near to it may be for the finder itself


def describes_plan(text: str) -> bool:
    """Whether a message asks for the finder, or tells who plans something, and what it costs or no more than that.

    >>> describes_plan("Wir sind ein Verein in Herrenberg und wollen für 15.000 € ein Begegnungscafé aufbauen")
    True
    """
    if says("start", plain(text)) and not told.is_question(text):
        return True
    introduces = any(says("introduces", plain(clause)) for clause in told.clauses(text))
    if not introduces and not _SUM.search(text):  # most messages: nothing more is looked at
        return False
    found = told.read(text)
    if wants_offer(text):
        return False
    if "applicant" not in found.values:
        return "costs" in found.values and len(found.values) > 1
    return introduces or "costs" in found.values or found.sum_eur is not None


def starts(turn: Turn) -> bool:
    """Whether a message that names no programme speaks of oneself and looks for money."""
    text = plain(turn.text)
    if not wants_money(turn.text) or says("council", text) or SPECIFIC & set(sharpened({}, turn.text)):
        return False
    return "applicant" in told.read(turn.text, whole=True).values or turn.chance("find_funding") >= LIKELY and says("looks_for", text)


def is_detail(turn: Turn, alone: bool) -> bool:
    """Whether a message says who, where or how much, and nothing else. `alone`: there is nothing it could answer or go on with.

    People who know the finder, or think that it asks already, write "Verein", "in Horb", "5.000 Euro".
    """
    if len(turn.text.split()) > MOST_WORDS or told.is_question(turn.text) or wants_offer(turn.text):
        return False  # most messages: nothing more is looked at
    found = told.read(turn.text, "applicant" if alone else None, whole=True)
    if not (found.values or found.sum_eur) or not found.values.keys() <= {"applicant", "place", "costs"}:
        return False
    return not says("beside_detail", _rest(turn.text))


def _rest(text: str) -> str:
    """What a message says beside places, applicants, and sums."""
    said = plain(text)
    for named in [mention.text for mention in gazetteer.find(text)] + [said[start:end] for _, start, end in parties.kinds(said)]:
        said = said.replace(named, " ")
    return " ".join(word for word in said.split() if not word.isdigit() and number_in_words(word) is None)


def noting(turn: Turn) -> Turn:
    """Note who somebody is and where, from a search for money that is answered from an entry: the finder will not ask again."""
    if turn.memory.finder.active or turn.chance("find_funding") < NOTED:
        return turn
    found = told.read(turn.text, whole=True).values
    noted = {key: found[key] for key in ("applicant", "place") if key in found} if "applicant" in found else {}
    return replace(turn, memory=replace(turn.memory, profile={**noted, **turn.memory.profile}))
