"""The funding finder over HTTP: which programmes fit, how to combine them, and a plan to take along."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from gateway import errors, language, services
from gateway.addresses import client_address
from gateway.bodies import read_json
from gateway.errors import json_response
from gateway.funding import exports
from gateway.funding.question import Question, read_day, read_names, read_profile
from gateway.funding.service import Catalogue, Funding
from gateway.funding.shapes import ErrorShown, MatchAnswer, MatchBody, PlanAnswer, PlanBody
from gateway.openapi import body
from knowledge import clock
from knowledge.funding.hints import hints
from knowledge.funding.question import next_question
from knowledge.speech import speaking

SPOKEN = "„einfach“: in Einfacher Sprache"
REFUSALS: dict[int | str, dict[str, Any]] = {422: {"model": ErrorShown}, 429: {"model": ErrorShown}, 503: {"model": ErrorShown}}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.media_type: {} for kind in exports.KINDS.values()}},
    404: {"model": ErrorShown},
}
router = APIRouter(prefix="/api/v1/funding", tags=["funding"])


@router.post("/match", openapi_extra=body(MatchBody), responses={200: {"model": MatchAnswer}, **REFUSALS})
async def match(request: Request) -> Response:
    """Judge all programmes for a profile, with reasons, amounts and the question that helps most."""
    funding = admitted(request)
    asked = _question(await read_json(request, MatchBody), funding.catalogue())
    return json_response(await funding.run(lambda catalogue: _matched(catalogue, asked)))


@router.post("/plan", openapi_extra=body(PlanBody), responses={200: {"model": PlanAnswer}, **REFUSALS})
async def plan(request: Request) -> Response:
    """Combine programmes over the phases of a plan, best first."""
    funding = admitted(request)
    asked = _question(await read_json(request, PlanBody), funding.catalogue())
    plans = await funding.run(lambda catalogue: catalogue.addressed(asked))
    return json_response({"plans": plans, "hints": hints(asked.profile)})


@router.get("/plan/{name}", responses=FILES)
async def take_along(request: Request, name: str, sprache: Annotated[str | None, Query(description=SPOKEN)] = None) -> Response:
    """Return a plan as a file: the id with .pdf, .csv or .ics."""
    plan_id, _, ending = name.rpartition(".")
    kind = exports.KINDS.get(ending)
    if kind is None:
        raise errors.not_found("no_such_plan")
    spoken = language.of(request)

    def make(catalogue: Catalogue) -> bytes:
        with speaking(spoken):
            return kind.make(catalogue.spoken(), plan_id)

    made = await admitted(request).run(make)
    named = "foerderplan" if spoken == "de" else "foerderplan-einfache-sprache"
    return Response(made, headers={"Content-Disposition": f'attachment; filename="{named}.{ending}"'}, media_type=kind.media_type)


def admitted(request: Request) -> Funding:
    """Return the funding finder; raises `Refused` (429) where this address asks too often."""
    own = services.of(request)
    own.funding.rate.take(client_address(request, own.settings.trusted_proxies))
    return own.funding


def _matched(catalogue: Catalogue, asked: Question) -> dict[str, Any]:
    matches = catalogue.match(asked)
    results = [found.as_dict() for found in matches]
    return {"results": results, "next_question": next_question(matches), "hints": hints(asked.profile)}


def _question(sent: MatchBody, catalogue: Catalogue) -> Question:
    profile = read_profile(sent.profile)
    try:
        day = clock.today() if sent.as_of is None else read_day(sent.as_of)
    except ValueError:
        raise errors.invalid("as_of", "no_day") from None
    if not isinstance(sent, PlanBody):
        return Question(profile, day)
    only = read_names("only", sent.only, catalogue.programmes)
    assume_open = read_names("assume_open", sent.assume_open, catalogue.programmes)
    return Question(profile, day, only, assume_open)
