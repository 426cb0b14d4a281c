"""Profiles as answers and the bot's memory show them: the told keys, and the official key beside a place that is clear."""

from __future__ import annotations

from typing import Any

from gateway.funding import places
from knowledge.funding.profile import Profile, ProfileError


def read_shown(document: dict[str, Any]) -> Profile:
    """Read a profile as it was shown; raises `ProfileError`. `place_ags` follows from the place and is not read."""
    return Profile.read({key: value for key, value in document.items() if key != "place_ags"})


def shown(profile: Profile) -> dict[str, Any]:
    """Return a profile as it is shown."""
    ags = places.unambiguous_ags(profile)
    return profile.as_dict() | ({"place_ags": ags} if ags else {})


def remembered(document: dict[str, Any]) -> dict[str, Any]:
    """Return a profile from the bot's memory as it is shown; one that cannot be read is shown as it is."""
    try:
        return document | shown(read_shown(document))
    except ProfileError:
        return document
