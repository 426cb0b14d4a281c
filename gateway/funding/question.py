"""What somebody asks the funding finder: a profile, a day, and for plans which programmes count. Read strictly from JSON."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gateway import errors
from gateway.conversation import Language
from gateway.errors import Refused
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES, Profile, ProfileError
from knowledge.speech import speaking

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
MOST_NAMES = 500


@dataclass(frozen=True)
class Question:
    """A profile judged on a day; `only` limits the programmes (empty: all), `assume_open` counts some as open."""

    profile: Profile
    day: date
    only: tuple[str, ...] = ()
    assume_open: tuple[str, ...] = ()


def ordered(profile: Profile) -> Profile:
    """Return the same profile with its lists and costs in the order of the contract: the same plan, whoever asks in which order."""
    costs = profile.costs
    if costs is not None:
        cells = [(phase, kind) for phase in (None, *PHASES) for kind in COST_TYPES]
        costs = {cell: costs[cell] for cell in cells if cell in costs}
    themes, partners = _in_order(THEMES, profile.themes), _in_order(APPLICANTS, profile.partners)
    return replace(profile, costs=costs, themes=themes, partners=partners)


def _in_order(words: Mapping[str, str], told: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if told is None else tuple(sorted(told, key=list(words).index))


def read_day(value: str) -> date:
    """Read YYYY-MM-DD; raises `ValueError` for anything else and for days far from now."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("day")
    day = date.fromisoformat(value)
    if not FIRST <= day <= LAST:
        raise ValueError("day")
    return day


def read_profile(document: Mapping[str, Any]) -> Profile:
    """Read a profile; raises `Refused` (422) with the field and what was expected there."""
    try:
        return Profile.read(document)
    except ProfileError as error:
        raise refused(error) from None


def refused(error: ProfileError) -> Refused:
    """Return what is wrong with a profile as a refusal."""
    found = errors.invalid(error.field[:80])

    def worded(language: Language) -> str:
        with speaking(language):
            return error.sentence

    found.worded = worded
    return found


def read_names(field: str, names: list[str] | None, known: Collection[str]) -> tuple[str, ...]:
    """Read ids of programmes; raises `Refused` (422) for too many or an unknown one."""
    listed = tuple(dict.fromkeys(names or ()))
    if len(names or ()) > MOST_NAMES or any(name not in known for name in listed):
        raise errors.invalid(field, "no_such_programme")
    return listed
