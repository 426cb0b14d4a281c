"""The financing plan on the page: its timeline over the phases, its table, its alternatives and its files."""

from __future__ import annotations

from typing import Any

from gateway.funding import address, exports
from gateway.funding.paper import Item, Paper, paper
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from gateway.funding.wording import worded
from knowledge.funding.matcher import Match
from knowledge.funding.profile import PHASES
from knowledge.speech import say


def plans(catalogue: Catalogue, matches: list[Match], asked: Question, chosen: int, has_closed: bool) -> dict[str, Any]:
    """Return the chosen plan written out, and links to the others; a number that is none means the best."""
    found = catalogue.addressed(asked, matches)
    number = chosen if chosen < len(found) else 0
    switch = {"ohne_runde": "1"} if asked.assume_open else {}
    shown = paper(catalogue, asked, found[number])
    return {
        "paper": shown,
        "timeline": _timeline(shown),
        "excluded": [{"title": catalogue.programmes[e["programme"]].title, "text": e["text"]} for e in found[number]["excluded"]],
        "alternatives": [_alternative(asked, plan, n, n == number, switch) for n, plan in enumerate(found)],
        "without_round": bool(asked.assume_open),
        "other": _other(asked, has_closed),
        "share": address.page(asked.profile, **switch),
        "exports": [
            {"url": exports.path(found[number]["id"], ending), "title": worded(f"funding.plan.{ending}")} for ending in exports.KINDS
        ],
    }


def _timeline(shown: Paper) -> list[dict[str, Any]]:
    """Return the phases of the plan in order, each with its programmes, what they pay there and when to apply."""
    by_phase: dict[str, dict[str, list[Item]]] = {}
    for item in shown.items:
        by_phase.setdefault(item.phase, {}).setdefault(item.programme, []).append(item)
    order = [*map(say, PHASES.values()), worded("funding.plan.no_phase")]
    known = [phase for phase in order if phase in by_phase or phase in {say(PHASES[p]) for p in shown.asked.profile.phases or ()}]
    return [{"title": phase, "programmes": list(by_phase.get(phase, {}).values())} for phase in known]


def _alternative(asked: Question, plan: dict[str, Any], number: int, chosen: bool, switch: dict[str, str]) -> dict[str, Any]:
    more = switch | ({"variante": str(number + 1)} if number else {})
    url = address.page(asked.profile, **more)
    return {"url": f"{url}#plan", "title": plan["title"], "chosen": chosen}


def _other(asked: Question, has_closed: bool) -> dict[str, str] | None:
    """Return the link to the plan with, or without, programmes that have no round now."""
    if asked.assume_open:
        return {"url": f"{address.page(asked.profile)}#plan", "title": worded("funding.plan.only_open")}
    if not has_closed:
        return None
    return {"url": f"{address.page(asked.profile, ohne_runde='1')}#plan", "title": worded("funding.plan.also_closed")}
