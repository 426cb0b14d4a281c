"""The funding finder as a page: the query is the profile, the answer is the page. Nothing is stored, no script is needed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway import language
from gateway.api.funding import admitted
from gateway.funding import address, places
from gateway.funding.address import Filled
from gateway.funding.question import Question
from gateway.funding.service import Catalogue, waiting
from gateway.pages import funding_form, funding_plan, funding_result, switch
from gateway.pages.rendering import page
from knowledge import clock
from knowledge.funding.hints import hints
from knowledge.funding.profile import Profile
from knowledge.funding.question import next_question
from knowledge.speech import GERMAN, speaking

SWITCHES = ("ohne_runde", "variante")
router = APIRouter(include_in_schema=False)


@router.get(address.PATH)
async def show(request: Request) -> Response:
    """Show the form and, once anything is told, the result. Amounts, kinds or places that cannot be used are said at their field."""
    spoken = language.of(request)
    sent = [pair for pair in request.query_params.multi_items() if pair[0] != language.PARAMETER]
    switches = {name: request.query_params[name] for name in SWITCHES if request.query_params.get(name)}
    with speaking(spoken):
        filled = address.read([pair for pair in sent if pair[0] not in SWITCHES])
        if not filled.errors and (better := _shorter(sent, filled, switches)):
            return RedirectResponse(better, 303)
        facts: dict[str, Any] = {"form": funding_form.fields(filled), "errors": funding_form.errors(filled), "result": None, "plans": None}

    def answered(catalogue: Catalogue) -> dict[str, Any]:
        with speaking(spoken):  # here, not around the call: it runs in a thread of its own
            return _answered(catalogue.spoken(), filled.profile, switches)

    if sent and not filled.errors:
        facts |= await admitted(request).run(answered)
    facts["languages"] = switch.links(request, _here(sent, filled, switches))
    return await page(request, "funding.html", 422 if filled.errors else 200, **facts)


def _told(sent: list[tuple[str, str]], filled: Filled, switches: dict[str, str]) -> address.Pairs:
    return [*(address.pairs(filled.profile) or ([address.NOTHING] if sent else [])), *switches.items()]


def _here(sent: list[tuple[str, str]], filled: Filled, switches: dict[str, str]) -> str:
    """Return the address of this page in German, for its switch: what was understood, never what somebody typed."""
    with speaking(GERMAN):
        return address.made(_told(sent, filled, switches))


def _shorter(sent: list[tuple[str, str]], filled: Filled, switches: dict[str, str]) -> str | None:
    """Return the address without empty fields and in the register's spelling, to go to instead; None where it is that already.

    A place that is not in the register stays as it was typed, so that the page can ask about it.
    """
    place = filled.profile.place
    if place is not None and not filled.profile.location.inside and place != places.ELSEWHERE:
        return None
    told, wanted = address.pairs(filled.profile), _told(sent, filled, switches)
    if sorted(wanted) == sorted(sent) or address.pairs(address.read(told).profile) != told:
        return None
    return address.made(wanted)


def _answered(catalogue: Catalogue, profile: Profile, switches: dict[str, str]) -> dict[str, Any]:
    matches = catalogue.match(Question(profile, clock.today()))
    closed = waiting(matches)
    with_closed = switches.get("ohne_runde") == "1"
    asked = Question(profile, clock.today(), assume_open=closed if with_closed else ())
    told = {
        "understood": funding_form.understood(profile),
        "next": funding_form.question(next_question(matches)),
        "hints": hints(profile),
    }
    return {
        "result": funding_result.result(catalogue, matches, asked) | told,
        "plans": funding_plan.plans(catalogue, matches, asked, _number(switches.get("variante", "")), bool(closed)),
    }


def _number(given: str) -> int:
    return int(given) - 1 if given.isascii() and given.isdigit() and 0 < int(given[:2]) < 10 else 0
