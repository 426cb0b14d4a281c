"""What the funding finder knows of a conversation's plan, for the advisor: the profile in words, programmes with open points, the link."""

from __future__ import annotations

from typing import Any

from gateway import errors, language
from gateway.conversation import Language
from gateway.funding import address
from gateway.funding.profiles import read_shown
from gateway.funding.question import Question
from gateway.funding.service import Catalogue, Funding
from gateway.pages import funding_form
from gateway.texts import text
from knowledge import clock
from knowledge.dates import in_words
from knowledge.funding.matcher import GROUPS
from knowledge.funding.profile import Profile, ProfileError

SHOWN = ("now", "open", "no_round")
MOST_NAMED = 5
Told = dict[str, Any]


def profile_of(remembered: dict[str, Any]) -> Profile | None:
    """Return the remembered profile, None where there is none or it cannot be read."""
    try:
        return read_shown(remembered) if remembered else None
    except ProfileError:
        return None


async def told(funding: Funding, remembered: dict[str, Any], public_url: str, spoken: Language = "de") -> Told | None:
    """Return profile and results in words with the page's address, None without a profile; `results` are empty while nothing is loaded.

    The words are for the advisor; the address leads to the page in the language of whoever gets it.
    """
    profile = profile_of(remembered)
    if profile is None:
        return None
    try:
        results = await funding.run(lambda catalogue: _results(catalogue, profile))
    except errors.Refused:
        results = []
    return {
        "profile": funding_form.understood(profile),
        "results": results,
        "url": public_url + language.address(address.page(profile), spoken),
    }


def as_message(found: Told) -> str:
    """Return the plan as a text for the citizen: the programmes that fit, the Stand, and the page with its sources."""
    named = [f"• {one['title']} ({one['group']})" for one in found["results"]][:MOST_NAMED]
    stand = text("desk.plan.as_of", day=in_words(clock.today()))
    return "\n".join([text("desk.plan.intro"), *named, f"{text('desk.plan.page')}: {found['url']}", stand])


def _results(catalogue: Catalogue, profile: Profile) -> list[dict[str, Any]]:
    matches = [found for found in catalogue.match(Question(profile, clock.today())) if found.group in SHOWN]
    return [
        {
            "title": found.programme.title,
            "group": GROUPS[found.group],
            "missing": [text(f"funding.short_keys.{key}") for key in found.missing],
        }
        for found in sorted(matches, key=lambda found: SHOWN.index(found.group))
    ]
