"""Why a programme that fits does not stand in a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.funding.candidates import Candidate
from knowledge.funding.combination import used
from knowledge.funding.conditions import euro, names
from knowledge.funding.money import Cell
from knowledge.funding.option import Allocation, Costs, Option, unpaid
from knowledge.funding.profile import COST_TYPES
from knowledge.speech import say


def omitted(n: int, plan: Allocation, opened: Mapping[int, list[Cell]], chosen: Sequence[Candidate], costs: Costs, is_best: bool) -> str:
    """Return the reason, the firmest first: its own limits, other programmes of the plan, costs that are paid already."""
    option = chosen[n].option
    if not option.rates or (not option.is_open and option.most < max(option.least, 1)):
        return _too_small(option)
    for m in (*used(plan), *opened):
        if option.bars(chosen[m].option):
            return _barred(option, chosen[m])
    left = unpaid(plan, [candidate.option for candidate in chosen], costs)
    room = sum(int(left[cell] * rate) for cell, rate in option.rates.items())
    if room < 1:
        payers = dict.fromkeys(chosen[m].programme.title for m, cell in plan if cell in option.rates)
        return say(
            "Die Kosten dafür ({types}) bezahlt in diesem Plan schon: {payers}. Kein Euro wird zweimal gefördert.",
            types=_types(option),
            payers="; ".join(payers),
        )
    if not is_best:
        return say("In diesem Plan weggelassen; im Plan mit der höchsten Förderung wird es mitgeprüft.")
    if option.is_open:
        return say("Betrag offen: Satz und Höchstbetrag stehen nicht in den Quellen.")
    if room < option.least:
        return say("Der Zuschuss für die übrigen Kosten wäre kleiner als sein Mindestbetrag von {eur}.", eur=euro(option.least))
    return say("Mit diesem Programm käme im besten Plan nicht mehr Geld zusammen.")


def _too_small(option: Option) -> str:
    if option.least > option.most > 0:
        return say(
            "Mit den genannten Kosten ergibt sich höchstens {most}, der kleinste Zuschuss ist {least}.",
            most=euro(option.most),
            least=euro(option.least),
        )
    return say("Mit den genannten Kosten ergibt sich kein Zuschuss.")


def _barred(option: Option, other: Candidate) -> str:
    if option.group == other.option.group:
        return say("Gehört zum selben Programm wie {other}; je Projekt zählt nur eine Förderlinie.", other=other.programme.title)
    return say("Geht nicht zusammen mit {other}.", other=other.programme.title)


def _types(option: Option) -> str:
    return names(COST_TYPES, dict.fromkeys(cell[1] for cell in option.rates))
