"""Who applies and who is a partner, as a message names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from actions.funding.words import pattern, says
from knowledge.funding.profile import MUNICIPAL
from knowledge.kinds import KindWords

DENIED = re.compile(r"\b(kein\w*|koi\w*|nicht|net|ned|weder|statt|ohne)( (der|die|das|ein\w*|als|mehr|vom|von|in|aus|bei|\w+e[rnms]))*\s*$")


def parties(text: str, open_key: str | None, begins: bool) -> Iterator[tuple[str, Any]]:
    """Applicant and partners: who speaks of oneself applies, who is named with a partner's words is a partner.

    `begins`: the message begins the dialogue; whom money is sought for applies.
    """
    if says("no_partner", text) or open_key == "partners" and says("no", text):
        yield "partners", []
        return
    found = kinds(text)
    refused = [end for _, at, end in found if DENIED.search(text[:at]) or pattern("denied_after").match(text[end:])]
    named = [(kind, at, end) for kind, at, end in found if end not in refused]
    if not named or says("council", text) and not says("with_partner", text):
        return
    split = pattern("with_partner").search(text)
    named_later = [kind for kind, at, _ in named if split and at >= split.start()]
    applies = [kind for kind, at, end in named if _applies(text, at, end)]
    if named_later:
        yield "partners", named_later
    elif not applies and (says("is_partner", text) or open_key == "partners"):
        yield "partners", [] if says("negation", text) else [kind for kind, _, _ in named]
        return
    own = [(kind, at) for kind, at, _ in named if kind not in named_later]
    last = max(refused, default=0)  # "kein Verein, nur so eine Gruppe": what comes after speaks of oneself
    spoken = (kind for kind, at in own if open_key == "applicant" or _speaks_of_oneself(text[last if last <= at else 0 : at], kind, begins))
    applicant = next(iter(applies), None) or next(spoken, None)
    if applicant:
        unregistered = says("unregistered", text) and applicant in ("verein", "initiative")
        yield "applicant", "initiative" if unregistered else applicant


def _applies(text: str, at: int, end: int) -> bool:
    """Whether it is said of a kind that it applies ("den Antrag stellt die Stadt", "die Stadt beantragt es selbst")."""
    return pattern("applies_before").search(text[:at]) is not None or pattern("applies_after").match(text[end:]) is not None


def _speaks_of_oneself(before: str, kind: str, begins: bool) -> bool:
    if begins and says("sought_for", before):
        return True
    if kind in MUNICIPAL and pattern("located").search(before) and not says("works_for", before):
        return False
    return pattern("self").search(before) is not None


def kinds(text: str) -> list[tuple[str, int, int]]:
    """Applicant kinds in folded text with their offsets, in the order of the text; a word counts once."""
    found = sorted((start, -end, value) for kind, value, start, end in vocabulary().find(text) if kind == "applicant")
    kept: list[tuple[str, int, int]] = []
    for start, end, value in found:
        if not kept or start >= kept[-1][2]:
            kept.append((value, start, -end))
    return kept


@lru_cache(maxsize=1)
def vocabulary() -> KindWords:
    """Everyday words for the closed lists of the profile."""
    return KindWords()
