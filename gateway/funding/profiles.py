"""Profiles as answers and the bot's memory show them: the told keys, and the official key beside a place that is clear."""

from __future__ import annotations

from typing import Any

from knowledge.funding.profile import Profile, ProfileError


def read_shown(document: dict[str, Any]) -> Profile:
    """Read a profile as it was shown; raises `ProfileError`. `place_ags` says which place of a shared name is meant."""
    told = {key: value for key, value in document.items() if key != "place_ags"}
    return Profile.read(told | ({"place": document["place_ags"]} if document.get("place_ags") else {}))


def remembered(document: dict[str, Any]) -> dict[str, Any]:
    """Return a profile from the bot's memory as it is shown; one that cannot be read is shown as it is."""
    try:
        return document | Profile.read(document).shown()
    except ProfileError:
        return document
