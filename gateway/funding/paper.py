"""A plan as people take it along: everything that the page, the PDF and the table say of it, in words and sums. No layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.funding import places
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from gateway.funding.wording import mark, worded, words
from knowledge.contacts import by_id
from knowledge.dates import in_words
from knowledge.funding.conditions import euro, names
from knowledge.funding.notes import ASSUMED, DUTIES
from knowledge.funding.profile import APPLICANTS, COST_TYPES, MUNICIPAL, PHASES, THEMES, Profile
from knowledge.speech import say


@dataclass(frozen=True)
class Item:
    """One sum of a plan in words."""

    programme: str
    title: str
    applicant: str
    cost_type: str
    phase: str
    eur: int | None
    amount: str
    apply_by: date | None
    deadline: str


@dataclass(frozen=True)
class Paper:
    """A plan with its sums, dates, contacts and the sentences that belong to it; `mark` says what Einfache Sprache says of itself."""

    asked: Question
    plan: Mapping[str, Any]
    title: str
    project: tuple[str, ...]
    items: tuple[Item, ...]
    sums: tuple[tuple[str, int | None, str], ...]
    decision: str
    contacts: tuple[str, ...]
    notes: tuple[str, ...]
    stand: str
    duties: tuple[str, ...]
    mark: str = ""


def paper(catalogue: Catalogue, asked: Question, plan: Mapping[str, Any]) -> Paper:
    """Write a plan out."""
    items = tuple(_item(catalogue, item, asked) for item in plan["items"])
    return Paper(
        asked=asked,
        plan=plan,
        title=title(plan, asked),
        project=project(asked.profile),
        items=items,
        sums=sums(asked.profile, plan),
        decision=decision(asked.profile, plan, items),
        contacts=_contacts(catalogue, items),
        notes=tuple(note for note in plan["notes"] if note not in set(map(say, DUTIES))),
        stand=worded("funding.plan.stand", day=in_words(asked.day), version=catalogue.served.version),
        duties=tuple(words("duties")),
        mark=mark(),
    )


def title(plan: Mapping[str, Any], asked: Question) -> str:
    """Return the plan's title; a plan that counts closed rounds as open says so."""
    named = str(plan["title"])
    return f"{named} ({say(ASSUMED)})" if asked.assume_open and say(ASSUMED) not in named else named


def project(profile: Profile) -> tuple[str, ...]:
    """Return what is known of the plan, detail by detail, without anything that somebody typed."""
    said = {
        "applicant": _named(APPLICANTS, profile.applicant),
        "place": shown_place(profile),
        "phase": _named(PHASES, profile.phase),
        "themes": names(THEMES, profile.themes) if profile.themes else None,
        "costs": euro(profile.total_eur) if profile.total_eur is not None else None,
    }
    return tuple(f"{worded(f'funding.short_keys.{key}')}: {value}" for key, value in said.items() if value)


def shown_place(profile: Profile) -> str | None:
    """Return the place as the register names it."""
    found = profile.location.places
    if len(found) == 1:
        return places.plain_name(found[0])
    named = places.name(profile)
    return worded("funding.outside") if named == places.OUTSIDE else named


def amount(eur: int | None) -> str:
    """Return an amount as a limit; an open one in words."""
    return worded("funding.plan.open_amount") if eur is None else worded("funding.up_to", amount=euro(eur))


def sums(profile: Profile, plan: Mapping[str, Any]) -> tuple[tuple[str, int | None, str], ...]:
    """Return (label, euros, in words) for total costs, grants, third parties, own share and gap."""
    total = plan["total_eur"]
    lines: list[tuple[str, int | None, str]] = []
    if profile.total_eur is not None:
        lines.append((worded("funding.sums.costs"), profile.total_eur, euro(profile.total_eur)))
    lines.append((worded("funding.sums.total"), total, amount(total)))
    for key in ("third_party", "own_share", "gap"):
        lines.append((worded(f"funding.sums.{key}"), plan[f"{key}_eur"], euro(plan[f"{key}_eur"])))
    return tuple(lines)


def decision(profile: Profile, plan: Mapping[str, Any], items: Iterable[Item]) -> str:
    """Return the decision that the council could take; another applicant asks the municipality for its support."""
    titles = tuple(dict.fromkeys(item.title for item in items))
    if not titles:
        return worded("funding.decision.none")
    kind = profile.applicant if profile.applicant in MUNICIPAL else "others"
    who = _named(APPLICANTS, profile.applicant) or worded("funding.decision.somebody")
    listed = names({t: f"„{t}“" for t in titles}, titles)
    return worded(f"funding.decision.{kind}", programmes=listed, own=euro(plan["own_share_eur"]), who=who)


def dates(items: Iterable[Item]) -> list[Item]:
    """Return one item per programme, the nearest last day to apply first, those without a date at the end."""
    found = {item.programme: item for item in items}
    return sorted(found.values(), key=lambda item: (item.apply_by is None, item.apply_by or date.max, item.title))


def no_date(programme: str, asked: Question) -> str:
    """Return what stands for a missing date: a round that is not known yet, or a date that nobody has told."""
    return worded("funding.plan.no_round" if programme in asked.assume_open else "funding.plan.no_date")


def _item(catalogue: Catalogue, item: Mapping[str, Any], asked: Question) -> Item:
    day = date.fromisoformat(item["apply_by"]) if item["apply_by"] else None
    programme = item["programme"]
    return Item(
        programme=programme,
        title=catalogue.programmes[programme].title,
        applicant=_named(APPLICANTS, item["applicant"]) or worded("funding.decision.somebody"),
        cost_type=_named(COST_TYPES, item["cost_type"]) or worded("funding.plan.open_cost_type"),
        phase=_named(PHASES, item["phase"]) or worded("funding.plan.no_phase"),
        eur=item["eur"],
        amount=amount(item["eur"]),
        apply_by=day,
        deadline=in_words(day) if day else no_date(programme, asked),
    )


def _named(listed: Mapping[str, str], key: str | None) -> str | None:
    return say(listed[key]) if key and key in listed else None


def _contacts(catalogue: Catalogue, items: Iterable[Item]) -> tuple[str, ...]:
    """Return whom to ask per programme: somebody of the register who can be reached, else the entry's own contact."""
    lines: dict[str, None] = {}
    for programme in dict.fromkeys(item.programme for item in items):
        entry = catalogue.served.entries[programme]
        listed = by_id(catalogue.served.contacts, *(entry.get("contacts") or ()))
        reachable = next((contact.line() for contact in listed if contact.phone or contact.email), None)
        own = entry.get("contact") or {}
        name = own.get("organisation") or catalogue.programmes[programme].funder
        lines[reachable or f"{name}: {own.get('url') or entry.url}"] = None
    return tuple(lines)
