"""Ids of plans: the question itself, packed. Nothing is stored, and no text that somebody typed is in it (docs/adr/0010)."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, replace
from typing import Any

from gateway.funding import places
from gateway.funding.question import Question, ordered, read_day
from knowledge.funding.profile import Profile, ProfileError

LONGEST_ID = 4_000
MOST_BYTES = 16_384


class BadId(ValueError):
    """Not an id of ours, or one that was changed."""


@dataclass(frozen=True)
class Chosen:
    """One plan: the question it answers, and which of its plans (0 = the best)."""

    question: Question
    variant: int


def pack(chosen: Chosen) -> str:
    """Return the id of a plan.

    >>> unpack(pack(Chosen(Question(Profile(applicant="verein"), read_day("2026-11-22")), 1))).variant
    1
    """
    asked = chosen.question
    profile = ordered(asked.profile).as_dict()
    if place := places.key(asked.profile):
        profile["place"] = place
    document = [profile, asked.day.isoformat(), sorted(asked.only), sorted(asked.assume_open), chosen.variant]
    plain = json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(packer.compress(plain) + packer.flush()).decode().rstrip("=")


def unpack(plan_id: str) -> Chosen:
    """Return what an id asks for; raises `BadId`. Ids of programmes are checked by whoever knows them."""
    try:
        profile, day, only, assume_open, variant = _document(plan_id)
        if not isinstance(variant, int) or not 0 <= variant <= 9:
            raise BadId
        read = Profile.read(profile)
        told = replace(read, place=places.from_key(read.place))
        chosen = Chosen(Question(told, read_day(day), tuple(_names(only)), tuple(_names(assume_open))), variant)
    except (ValueError, TypeError, ProfileError, zlib.error, binascii.Error, RecursionError):
        raise BadId from None
    if read.place is not None and places.key(told) != read.place:
        raise BadId  # a place in somebody's own words is never in an id of ours
    return chosen


def _document(plan_id: str) -> Any:
    if not plan_id.isascii() or len(plan_id) > LONGEST_ID:
        raise BadId
    packed = base64.b64decode(plan_id + "=" * (-len(plan_id) % 4), altchars=b"-_", validate=True)
    unpacker = zlib.decompressobj(-15)
    plain = unpacker.decompress(packed, MOST_BYTES)
    if unpacker.unconsumed_tail or not unpacker.eof or unpacker.unused_data:
        raise BadId
    return json.loads(plain)


def _names(listed: Any) -> list[str]:
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise BadId
    return listed
