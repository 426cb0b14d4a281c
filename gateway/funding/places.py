"""A place without the words somebody typed: ids and links carry official keys or names of the register only."""

from __future__ import annotations

import os
import re
from dataclasses import replace

from knowledge import gazetteer
from knowledge.funding.profile import Profile
from knowledge.gazetteer import Place
from knowledge.language import words

OUTSIDE = "ausserhalb"
ELSEWHERE = "Der angegebene Ort"  # stands for a place that is not in Baden-Württemberg; reasons begin with it


def key(profile: Profile) -> str | None:
    """Return the place for an id: the official key, the register's name where several share it, `OUTSIDE` where it is none of ours."""
    if profile.place is None:
        return None
    found = profile.location.places
    if not found:
        return OUTSIDE
    return found[0].ags if len(found) == 1 else shared_name(profile.place)


def name(profile: Profile) -> str | None:
    """Return the place for links and fields: like `key`, but by its name where the name leads to the same place."""
    found = profile.location.places
    if len(found) != 1:
        return key(profile)
    plain = plain_name(found[0])
    again = replace(profile, place=plain).location.places
    return plain if again == found else found[0].ags


def from_key(place: str | None) -> str | None:
    """Return the profile's place for what `key` or `name` made."""
    return ELSEWHERE if place in (OUTSIDE, "außerhalb") else place


def plain_name(place: Place) -> str:
    """Return the name without ", Stadt"; a Landkreis with its kind in front."""
    plain = re.sub(r",.*", "", place.name)
    return f"Landkreis {plain}" if place.kind == "Landkreis" and "kreis" not in plain.lower() else plain


def shared_name(text: str) -> str:
    """Return the name that several places share, in the register's spelling, never in the writer's."""
    found = gazetteer.named(text)
    common = re.sub(r"[^\w]+$", "", os.path.commonprefix([place.name for place in found]).strip())
    if common and gazetteer.named(common) == found:
        return common
    return " ".join(words(re.sub(r",.*| \(.*\)", "", text)))
