"""Ja, Nein or Kommt darauf an for a yes/no question that no written wording decides: from lists and plain rules only."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.kinds import KindWords
from knowledge.language import fold
from knowledge.model import Entry

YES, NO, DEPENDS = "Ja.", "Nein.", "Kommt darauf an."
_MUST = re.compile(
    r"\b(muss|mussen|braucht?|brauchen|brucht?|benotig\w*|notig|notwendig|pflicht|verpflichtend|vorgeschrieben|zwingend|erforderlich)\w*"
)
_MAY = re.compile(r"\b(darf|durfen|kann|konnen|kennat|geht|moglich|erlaubt|zulassig|bekomm\w*|krieg\w*|zahlt|zahlen|fordert|gefordert)\b")
_REQUIRED = re.compile(
    r"\b(erforderlich|verpflichtend|pflicht|muss|mussen|notig|notwendig|zwingend\w*|gehort zum|nachzuweisen|vorzulegen)\b"
)
_FORBIDDEN = re.compile(r"\b(nicht|kein\w*|ausgeschlossen|erst nach|nie)\b")
_NEEDLESS = re.compile(r"\b(nicht|kein\w*) (\w+ )?(zwingend|notig|notwendig|erforderlich|verpflichtend|pflicht|vorausgesetzt)\b")
_NEGATED = re.compile(r"\b(ohne|nicht|kein\w*|auch so)\b")


def of_lists(entry: Entry, question: str, topic: str) -> str | None:
    """Decide by the entry's closed lists who may apply or which costs are paid; None where the lists do not decide."""
    key, kind = {"applicants": ("applicants", "applicant"), "costs": ("cost_types", "cost_type")}.get(topic, ("", ""))
    listed = set(entry.get(key) or ()) if key else set()
    asked = {value for found, value, *_ in _kinds().find(question) if found == kind}
    if not listed or not asked:
        return None
    if asked <= listed:
        return YES
    return NO if not asked & listed else DEPENDS


def of_fact(question: str, fact: str) -> str:
    """Decide by the words of a fact: required or forbidden, against what the question asks; else it depends."""
    asked, told = fold(question), fold(fact)
    negated = bool(_NEGATED.search(asked))
    if _MUST.search(asked) and _NEEDLESS.search(told):
        return YES if negated else NO
    if _MUST.search(asked) and _REQUIRED.search(told) and not _FORBIDDEN.search(told):
        return NO if negated else YES
    if _MAY.search(asked) and _FORBIDDEN.search(told) and not negated:
        return NO
    return DEPENDS


@lru_cache(maxsize=1)
def _kinds() -> KindWords:
    return KindWords()
