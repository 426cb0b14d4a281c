"""The sentences of a plan: why each programme is in it, what stays to be done and paid, what holds for every plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from knowledge.funding.candidates import Candidate, Field
from knowledge.funding.combination import total, used
from knowledge.funding.conditions import euro, names
from knowledge.funding.financing import Financing
from knowledge.funding.money import Cell
from knowledge.funding.omissions import omitted
from knowledge.funding.option import Allocation, Costs
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, Profile
from knowledge.funding.programme import PERIODS
from knowledge.speech import say

MOST, LEAST_OWN, FEWEST = "Höchste Förderung", "Geringerer Eigenanteil", "Weniger Anträge"
_WAYS = {
    LEAST_OWN: "Dieser Plan nutzt nur Programme, die wenig oder keinen Eigenanteil verlangen und bringt mindestens die Hälfte der "
    "höchsten Förderung.",
    FEWEST: "Dieser Plan kommt mit weniger Anträgen aus und bringt mindestens die Hälfte der höchsten Förderung.",
}
NOTHING = "Zurzeit keine Förderung"
ASSUMED = "auch ohne offene Runde"
DUTIES = (
    "Dieser Plan ist unverbindlich. Ein Rechtsanspruch auf Förderung besteht nicht; es gilt die jeweilige Ausschreibung.",
    "Beginnen, bestellen und unterschreiben Sie nichts, bevor der Zuschuss bewilligt ist, außer das Programm erlaubt es ausdrücklich.",
)


@dataclass(frozen=True)
class Draft:
    """A plan before it is put into words: grants per option and cell, options whose amount is open, the financing."""

    way: str
    allocation: Allocation
    opened: Mapping[int, list[Cell]]
    costs: Costs
    financing: Financing


def title(draft: Draft, found: Field) -> str:
    """Return the title; it says so when closed rounds were counted as open."""
    named = say(draft.way if draft.allocation or draft.opened else NOTHING)
    return f"{named} ({say(ASSUMED)})" if any(c.assumed for c in (*found.chosen, *found.unsummed)) else named


def notes(draft: Draft, found: Field, profile: Profile) -> Iterator[str]:
    """Yield what a plan has to say, the choice first, what holds for every plan last."""
    if not draft.costs:
        yield say("Bitte nennen Sie die geplanten Kosten: Ohne Kosten lässt sich kein Betrag berechnen.")
    elif not draft.allocation and not draft.opened:
        yield say("Für diese Angaben lässt sich zurzeit kein Zuschuss einplanen. Bei jedem Programm steht, woran es liegt.")
    yield from (_choice(draft, n, found.chosen[n]) for n in used(draft.allocation))
    yield from (_opened(found.chosen[n]) for n in draft.opened)
    if draft.way in _WAYS:
        yield say(_WAYS[draft.way])
    yield from _rounds(draft, found)
    yield from _money(draft, found, profile)
    yield from _beside(found, profile)
    yield from map(say, DUTIES)


def excluded(draft: Draft, found: Field, profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield every candidate that is left out with the reason, by id."""
    texts: dict[str, str] = {}
    for match, reason in found.refused:
        more = reason.change if reason.change and reason.change not in reason.text else ""
        texts[match.programme.id] = f"{reason.text} {more}".strip()
    chosen = {found.chosen[n].programme.id for n in (*used(draft.allocation), *draft.opened)}
    for candidate in found.unsummed:
        texts.setdefault(candidate.programme.id, say("{kind}: zählt nicht mit Zuschüssen zusammen.", kind=_kind(candidate)))
    for n, candidate in enumerate(found.chosen):
        if candidate.programme.id not in chosen:
            texts[candidate.programme.id] = omitted(n, draft.allocation, draft.opened, found.chosen, draft.costs, draft.way == MOST)
    yield from sorted((programme, text) for programme, text in texts.items() if programme not in chosen)


def _choice(draft: Draft, n: int, candidate: Candidate) -> str:
    """What a programme pays in this plan, and by which rules."""
    line, paid = candidate.found.line, [cell for m, cell in draft.allocation if m == n]
    types = dict.fromkeys(cell[1] for cell in paid)
    period = f" {say(PERIODS[line.period])}" if line.period else ""
    rules = [say("Satz {rates}", rates=names({r: r for r in rates}, rates))] if (rates := _rates(candidate, paid)) else []
    rules += [say("höchstens {eur}", eur=euro(line.max_eur)) + period] if line.max_eur and line.kind != "fixed" else []
    rules += [say("mindestens {eur}", eur=euro(line.min_eur))] if line.min_eur and line.kind != "fixed" else []
    rules += [say("Festbetrag") + period] if line.kind == "fixed" else []
    after = " " + say("Das Programm ist nachrangig: erst nach öffentlichen Mitteln.") if candidate.programme.subsidiary else ""
    brackets = f" ({', '.join(rules)})" if rules else ""
    grant = say("bis zu {eur} für {types}", eur=euro(total(draft.allocation, [n])), types=names(COST_TYPES, types))
    return f"{candidate.programme.title}: {grant}{brackets}.{after}"


def _rates(candidate: Candidate, cells: Iterable[Cell]) -> list[str]:
    """The rates in words, highest first; those that the facts do not tell stay unsaid."""
    rates = {candidate.option.rates[cell] for cell in cells}
    told = any(rate.fraction is not None for rate in candidate.found.line.rates) or min(rates) < 1
    return [_percent(rate) for rate in sorted(rates, reverse=True)] if told else []


def _percent(rate: Fraction) -> str:
    return f"{float(rate * 100):.1f}".removesuffix(".0").replace(".", ",") + " %"


def _opened(candidate: Candidate) -> str:
    text = say("Betrag offen. Satz und Höchstbetrag stehen nicht in den Quellen; hier zählt das Programm mit 0 €.")
    return f"{candidate.programme.title}: {text}"


def _rounds(draft: Draft, found: Field) -> Iterator[str]:
    assumed = [found.chosen[n] for n in (*used(draft.allocation), *draft.opened) if found.chosen[n].assumed]
    if assumed:
        yield say(
            "Als offen angenommen: {titles}. Bitte fragen Sie nach der nächsten Runde, bevor Sie damit rechnen.", titles=_titles(assumed)
        )


def _money(draft: Draft, found: Field, profile: Profile) -> Iterator[str]:
    """Third parties, what stays unfunded per cost type, own share and own funds."""
    promised = draft.financing.third_party
    if promised:
        givers = [found.chosen[n] for n in dict.fromkeys(n for n, _ in promised)]
        yield say(
            "Noch zu sichern: {eur} von Dritten (etwa der Kommune). Das setzt voraus: {titles}.",
            eur=euro(sum(promised.values())),
            titles=_titles(givers),
        )
    rest: dict[str, int] = {}
    for (_, cost_type), eur in draft.financing.rest.items():
        rest[cost_type] = rest.get(cost_type, 0) + eur
    open_types = [f"{say(COST_TYPES[cost_type])} {euro(eur)}" for cost_type, eur in rest.items() if eur]
    if open_types:
        yield say("Nicht gefördert bleiben: {types}.", types=", ".join(open_types))
    required, funds = draft.financing.required, profile.own_funds_eur
    if required:
        yield say("Die Programme verlangen einen Eigenanteil von {eur}.", eur=euro(required))
    if funds is not None and funds < required:
        yield say(
            "Ihre Eigenmittel von {funds} reichen dafür nicht: Es fehlen {missing}.", funds=euro(funds), missing=euro(required - funds)
        )
    gap = draft.financing.rest_eur - draft.financing.own_share(funds)
    if gap:
        yield say("Dafür ist noch niemand gefunden: {eur} (Lücke).", eur=euro(gap))
    gone = [phase for phase in _past(profile) if any(cell[0] == phase for cell in draft.costs)]
    if gone:
        yield say("Kosten der Phase {phases} liegen vor der jetzigen Phase und werden nicht mehr gefördert.", phases=names(PHASES, gone))


def _past(profile: Profile) -> list[str]:
    return list(PHASES)[: list(PHASES).index(profile.phase)] if profile.phase else []


def _beside(found: Field, profile: Profile) -> Iterator[str]:
    """Loans and prizes, and what a partner could apply for: never in a sum."""
    for candidate in found.unsummed:
        most = candidate.found.most_eur
        amount = " " + say("bis zu {eur}", eur=euro(most)) if most else ""
        yield say(
            "{title}: {kind}{amount}, kommt in keiner Summe vor.", title=candidate.programme.title, kind=_kind(candidate), amount=amount
        )
    for kind in dict.fromkeys(profile.partners or ()):
        titles = [m.programme.title for m in found.for_partners if kind in (m.line.applicants or m.programme.applicants)]
        if titles:
            yield say(
                "Für eigene Kosten könnte Ihr Partner ({kind}) beantragen: {titles}. Das zählt hier nicht.",
                kind=say(APPLICANTS[kind]),
                titles="; ".join(titles),
            )


def _kind(candidate: Candidate) -> str:
    return say("Darlehen") if candidate.found.line.kind == "loan" else say("Preis")


def _titles(candidates: Iterable[Candidate]) -> str:
    return "; ".join(dict.fromkeys(candidate.programme.title for candidate in candidates))
