"""An answer of the funding finder, filled in: the action names the profile, results, plans and links are computed here (DESIGN 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway import journal
from gateway.conversation import Language
from gateway.funding import address, exports
from gateway.funding.profiles import read_shown
from gateway.funding.question import Question
from gateway.funding.service import Catalogue, Funding
from gateway.funding.wording import worded
from gateway.store.turns import Reply
from knowledge import clock
from knowledge.speech import SIMPLE, speaking

OUTCOME = "funding"


class Expansion:
    """Fills in the replies of one process. An answer that cannot be filled in goes out as it came."""

    def __init__(self, funding: Funding, public_url: str) -> None:
        self._funding = funding
        self._public_url = public_url

    async def of(self, reply: Reply) -> Reply:
        """Return the reply with `results`, their `titles`, `plans` and `links` in its data, where it is a result of the funding finder."""
        told = reply.answer["data"].get("profile")
        if reply.answer["outcome"] != OUTCOME or not isinstance(told, dict):
            return reply
        try:
            asked = Question(read_shown(told), clock.today())
            language: Language = "de-simple" if (reply.state or {}).get("language") == SIMPLE else "de"
            added = await self._funding.run(lambda catalogue: self._computed(catalogue, asked, language))
        except Exception as error:  # the text was computed from the same facts: it goes out rather than no answer at all
            journal.note("funding_not_expanded", level="ERROR", error=error)
            return reply
        data = reply.answer["data"] | added | {"profile": told | asked.profile.shown()}
        return replace(reply, answer=reply.answer | {"data": data})

    def _computed(self, catalogue: Catalogue, asked: Question, language: Language) -> dict[str, Any]:
        with speaking(language):  # here, not around the call: it runs in a thread of its own
            told = catalogue.spoken()
            matches = told.match(asked)
            plans = told.addressed(asked, matches)
            files = [(worded(f"funding.plan.{ending}"), exports.path(plans[0]["id"], ending)) for ending in exports.KINDS]
            listed = [(worded("funding.plan.page"), address.page(asked.profile)), *files]
        links = [{"title": title, "url": self._public_url + path} for title, path in listed]
        titles = {found.programme.id: found.programme.title for found in matches if found.group != "not"}
        return {
            "results": [found.as_dict() | {"next_kind": found.next_kind} for found in matches],
            "titles": titles,
            "plans": plans,
            "links": links,
        }
