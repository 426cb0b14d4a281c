"""What a turn tells the funding finder, by words or by a button, and the memory after it."""

from __future__ import annotations

from dataclasses import replace

from actions.funding import told
from actions.funding.told import Told
from actions.funding.words import plain, says
from actions.turn import Memory, Turn
from knowledge.funding.profile import MUNICIPAL, Profile, ProfileError

TRUTHS = ("council_decision", "participation")


def told_in(turn: Turn) -> Told:
    finder, text = turn.memory.finder, plain(turn.text)
    found = told.read(turn.text, finder.open)
    if _names_only_the_town(turn, found):
        found = replace(found, values={key: value for key, value in found.values.items() if key != "applicant"})
    if finder.open in TRUTHS and finder.open not in found.values and len(text.split()) <= 6:
        if says("no", text):
            return replace(found, values={**found.values, finder.open: False})
        if says("yes", text):
            return replace(found, values={**found.values, finder.open: True})
    kind, eur = _sum_told(turn, found)
    return replace(found, values={**found.values, "costs": {kind: eur}}) if kind else found


def _names_only_the_town(turn: Turn, found: Told) -> bool:
    """ "Stadt Heilbronn" from somebody who is no municipality says where, not who."""
    known = turn.memory.profile.get("applicant")
    told_now = found.values.get("applicant")
    return bool(known) and known not in MUNICIPAL and told_now in MUNICIPAL and not found.replaces and not told.introduces(turn.text)


def _sum_told(turn: Turn, found: Told) -> tuple[str | None, int | None]:
    """A sum and its cost type said in two messages: one after the other, or the only cost again with another sum."""
    finder, known = turn.memory.finder, told.by_type(turn.memory.profile.get("costs") or {})
    if "costs" not in found.values and finder.sum_eur:
        return next(told.cost_types(plain(turn.text)), None), finder.sum_eur
    if found.sum_eur and finder.cost_type:
        return finder.cost_type, found.sum_eur
    return (next(iter(known)), found.sum_eur) if found.sum_eur and len(known) == 1 else (None, None)


def set_by(turn: Turn) -> Told:
    key, value = str(next(iter(turn.values("key")), "")), str(next(iter(turn.values("value")), ""))
    if key.startswith("costs."):
        return Told({"costs": {key.removeprefix("costs."): int(value)}})
    if key in TRUTHS:
        return Told({key: value == "true"})
    if key in ("themes", "partners"):
        return Told({key: [value] if value else []})
    return Told({key: value})


def remembered(memory: Memory, found: Told) -> Memory:
    """The memory after some details; impossible values are left out."""
    after = told.merged(memory.profile, found)
    try:
        Profile.read(after)
    except ProfileError:
        after = dict(memory.profile)
    finder = memory.finder.remembering(memory.profile) if after != dict(memory.profile) else memory.finder
    sum_eur = None if "costs" in after else found.sum_eur or finder.sum_eur
    cost_type = None if "costs" in found.values else finder.cost_type
    return replace(memory, profile=after, finder=replace(finder, active=True, sum_eur=sum_eur, cost_type=cost_type), misses=0)
