"""The funding finder's programmes as one version of the knowledge has them, and the answers that rest on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway import errors
from gateway.funding.ids import BadId, Chosen, pack, unpack
from gateway.funding.question import Question, ordered
from gateway.library import Shelf
from gateway.rate import Rate
from knowledge import clock
from knowledge.funding import matcher, planner
from knowledge.funding.answer import TIMES, Answer
from knowledge.funding.matcher import Match
from knowledge.funding.planner import Plan
from knowledge.funding.profile import Profile, ProfileError
from knowledge.funding.programme import Programme
from knowledge.library import Served

T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """All programmes of one version of the knowledge; withdrawn ones are not among them."""

    served: Served
    programmes: Mapping[str, Programme]

    def spoken(self) -> Catalogue:
        """Return the same programmes with their texts in the language spoken."""
        return Catalogue(self.served, {programme.id: programme for programme in self.served.spoken_programmes})

    def match(self, asked: Question) -> list[Match]:
        """Judge all programmes."""
        return matcher.match(self.programmes.values(), asked.profile, asked.day)

    def plans(self, asked: Question, matches: Iterable[Match] | None = None) -> list[Plan]:
        """Combine programmes, best first; `matches` of the same question spare judging them again."""
        given = self.programmes.values() if matches is None else matches
        return planner.plan(given, ordered(asked.profile), asked.day, only=asked.only, assume_open=asked.assume_open)

    def addressed(self, asked: Question, matches: Iterable[Match] | None = None) -> list[dict[str, Any]]:
        """Combine programmes; every plan in its public form with its id."""
        return [plan.as_dict(pack(Chosen(asked, number))) for number, plan in enumerate(self.plans(asked, matches))]

    def plan(self, plan_id: str) -> tuple[Chosen, Plan]:
        """Compute an addressed plan again; raises `Refused` (404) for what is no id, or no plan any more."""
        try:
            chosen = unpack(plan_id)
        except BadId:
            raise errors.not_found("no_such_plan") from None
        named = {*chosen.question.only, *chosen.question.assume_open}
        plans = self.plans(chosen.question) if named <= set(self.programmes) else []
        if chosen.variant >= len(plans):
            raise errors.not_found("no_such_plan")
        return chosen, plans[chosen.variant]


def waiting(matches: list[Match]) -> tuple[str, ...]:
    """Return the programmes that only their time keeps from being planned: no round now, or an open question about it."""
    return tuple(m.programme.id for m in matches if m.group == "no_round" or _only_time_is_open(m))


def _only_time_is_open(found: Match) -> bool:
    return found.answer is Answer.UNKNOWN and all(r.condition in TIMES for r in found.reasons if r.answer is Answer.UNKNOWN)


class Funding:
    """The funding finder in this process: reads the programmes once per version, computes beside the event loop."""

    def __init__(self, shelf: Shelf, per_minute: int) -> None:
        self.rate = Rate(per_minute)
        self._shelf = shelf
        self._thread = ThreadPoolExecutor(2, "funding")
        self._catalogue: Catalogue | None = None

    def catalogue(self) -> Catalogue:
        """Return the programmes in service; raises `Refused` (503) while nothing is loaded."""
        served = self._shelf.served()
        if served is None:
            raise errors.unavailable()
        kept = self._catalogue
        if kept is None or kept.served is not served:
            kept = self._catalogue = Catalogue(served, {programme.id: programme for programme in served.programmes})
        return kept

    async def run(self, work: Callable[[Catalogue], T]) -> T:
        """Compute with the programmes in service, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self.catalogue()))

    async def results(self, profile: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return all programmes' results for a remembered profile, today; none where nothing is loaded or the profile is not ours."""
        try:
            asked = Question(Profile.read({k: v for k, v in profile.items() if k != "place_ags"}), clock.today())
            return [found.as_dict() for found in await self.run(lambda catalogue: catalogue.match(asked))]
        except (ProfileError, errors.Refused):
            return []

    def close(self) -> None:
        """End the threads."""
        self._thread.shutdown(wait=False, cancel_futures=True)
