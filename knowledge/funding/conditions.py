"""The conditions of a programme: one small function per type, each answering yes, no or unknown with a German reason.

The first part judges the fields that every programme has, the second the closed list of rule types (`RULES`) that an entry's
file may add under `funding.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from knowledge.funding import money
from knowledge.funding.answer import Answer, Reason, of
from knowledge.funding.profile import APPLICANTS, COST_TYPES, MUNICIPAL, PHASES, THEMES, Profile
from knowledge.funding.programme import Line, Programme, Rule
from knowledge.speech import say

CHECK = "check"


def euro(eur: int) -> str:
    """Return whole euros as Germans write them.

    >>> euro(20000)
    '20.000 €'
    """
    return f"{eur:,} €".replace(",", ".")


def names(words: Mapping[str, str], keys: Iterable[str], last: str = "und") -> str:
    """Return values of a closed list in words: "Verein, Initiative und Stiftung"."""
    shown = [say(words[key]) for key in keys]
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


# ---------------------------------------------------------------- fields


def applicant(programme: Programme, line: Line, profile: Profile) -> Reason:
    """Whether the applicant's kind may apply; being a possible partner is not enough."""
    kinds = line.applicants or programme.applicants
    source = line.source or programme.source("applicant")
    if profile.applicant is None:
        return Reason(
            "applicant", Answer.UNKNOWN, say("Antrag stellen können: {kinds}.", kinds=names(APPLICANTS, kinds)), source, ("applicant",)
        )
    kind = say(APPLICANTS[profile.applicant])
    if profile.applicant in kinds:
        return Reason("applicant", Answer.YES, say("{kind} kann selbst Antrag stellen.", kind=kind), source)
    change = say("Antrag stellen können nur: {kinds}.", kinds=names(APPLICANTS, kinds))
    if any(k in MUNICIPAL for k in kinds) and profile.applicant not in MUNICIPAL:
        change += " " + say("Sie können aber Partner einer antragstellenden Kommune sein.")
    return Reason("applicant", Answer.NO, say("Als {kind} können Sie hier nicht selbst Antrag stellen.", kind=kind), source, change=change)


def region(programme: Programme, profile: Profile) -> Reason:
    """Whether the place lies where the programme pays."""
    source, where = programme.source("region"), profile.location
    if programme.scope in ("bund", "eu"):
        return Reason("region", Answer.YES, say("Das Programm gilt bundesweit."), source)
    if where.inside is None:
        text = say("Das Programm gilt nur in Baden-Württemberg.")
        return Reason("region", Answer.UNKNOWN, text, source, ("place",))
    if not where.inside:
        near = " " + say("Meinten Sie {places}?", places=" oder ".join(where.near)) if where.near else ""
        text = say("{place} ist keine Gemeinde und kein Kreis in Baden-Württemberg; das Programm gilt nur hier.", place=profile.place)
        return Reason("region", Answer.NO, text + near, source, change=say("Das Vorhaben müsste in Baden-Württemberg liegen."))
    if programme.scope == "teilraum":
        text = say("Das Programm gilt nur in Teilen von Baden-Württemberg; ob Ihr Ort dazugehört, bitte bei der Förderstelle fragen.")
        return Reason("region", Answer.UNKNOWN, text, source)
    return Reason("region", Answer.YES, say("Das Programm gilt in ganz Baden-Württemberg."), source)


def theme(programme: Programme, line: Line, profile: Profile) -> Reason:
    """Whether one of the plan's themes is among the programme's."""
    source, themes = programme.source("theme"), line.themes or programme.themes
    if programme.any_theme:
        return Reason("theme", Answer.YES, say("Das Thema ist hier frei."), source)
    return _one_of("theme", "themes", say("Themen des Programms"), THEMES, themes, profile.themes, source)


def phase(programme: Programme, line: Line, profile: Profile) -> Reason:
    """Whether the programme pays in one of the plan's phases."""
    phases = line.phases or programme.phases
    return _one_of("phase", "phase", say("Gefördert werden die Phasen"), PHASES, phases, profile.phases, programme.source("phase"))


def _one_of(
    condition: str, key: str, lead: str, words: Mapping[str, str], wanted: tuple[str, ...], told: tuple[str, ...] | None, source: str
) -> Reason:
    if told is None:
        return Reason(condition, Answer.UNKNOWN, f"{lead}: {names(words, wanted)}.", source, (key,))
    common = [value for value in told if value in wanted]
    if common:
        return Reason(condition, Answer.YES, say("{names} passt.", names=names(words, common)), source)
    change = say("Das Vorhaben müsste auch dazu gehören: {names}.", names=names(words, wanted, "oder"))
    return Reason(condition, Answer.NO, f"{lead}: {names(words, wanted)}.", source, change=change)


def cost_type(programme: Programme, line: Line, profile: Profile) -> Reason:
    """Whether the programme pays for one of the plan's cost types at all."""
    source, types = programme.source("cost_type"), line.cost_types or programme.cost_types
    if not types:
        return Reason("cost_type", Answer.UNKNOWN, say("Welche Kosten gefördert werden, steht nicht in den Quellen."), source)
    paid = say("Bezahlt werden: {types}.", types=names(COST_TYPES, types))
    if profile.costs is None:
        return Reason("cost_type", Answer.UNKNOWN, paid, source, ("costs",))
    if any(part.cells for part in money.shares(programme, line, profile)):
        return Reason("cost_type", Answer.YES, paid, source)
    return Reason("cost_type", Answer.NO, paid, source, change=say("Im Vorhaben müssten Kosten dieser Art vorkommen.") + f" {paid}")


def amounts(programme: Programme, line: Line, profile: Profile) -> list[Reason]:
    """Whether the highest possible grant reaches the smallest one, and the costs keep the limits of project costs."""
    source = line.source or programme.source("amount")
    found = []
    if line.min_eur and line.kind != "fixed":
        reached = _reaches(programme, line, profile, line.min_eur)
        text = say("Der kleinste Zuschuss ist {eur}.", eur=euro(line.min_eur))
        change = say("Die förderfähigen Kosten müssten für {eur} reichen.", eur=euro(line.min_eur))
        found.append(_limit("amount_min", reached, text, source, change))
    if line.project_cost_min_eur:
        reached = None if profile.total_eur is None else profile.total_eur >= line.project_cost_min_eur
        text = say("Das Vorhaben muss mindestens {eur} kosten.", eur=euro(line.project_cost_min_eur))
        found.append(_limit("amount_min", reached, text, source, text))
    if line.project_cost_max_eur:
        kept = None if profile.total_eur is None else profile.total_eur <= line.project_cost_max_eur
        text = say("Das Vorhaben darf höchstens {eur} kosten.", eur=euro(line.project_cost_max_eur))
        found.append(_limit("amount_max", kept, text, source, text))
    return found


def _reaches(programme: Programme, line: Line, profile: Profile, least_eur: int) -> bool | None:
    """Whether the costs can reach the smallest grant; where no cost types are told, only a sum that is too small is sure."""
    if profile.total_eur is None:
        return None
    if line.cost_types or programme.cost_types:
        return money.upper(programme, line, profile) >= least_eur
    return False if profile.total_eur < least_eur else None


def _limit(condition: str, holds: bool | None, text: str, source: str, change: str) -> Reason:
    missing = ("costs",) if holds is None else ()
    return Reason(condition, of(holds), text, source, missing, change if holds is False else None)


# ---------------------------------------------------------------- rules


def partner(rule: Rule, profile: Profile) -> Reason:
    """A partner of some kind, or a number of actors (applicant and partners together)."""
    wanted, at_least = rule.params.get("any_of", ()), rule.params.get("at_least")
    if profile.partners is None:
        return _reason("partner", None, rule, ("partners",))
    holds = any(kind in wanted for kind in profile.partners) if wanted else True
    if at_least:
        holds = holds and 1 + len(profile.partners) >= at_least
    return _reason("partner", holds, rule)


def themes_required(rule: Rule, profile: Profile) -> Reason:
    """One of these themes must be there; the programme's other themes only add to it."""
    told = profile.themes
    return _reason("theme", None if told is None else any(t in rule.params["any_of"] for t in told), rule, ("themes",))


def cost_required(rule: Rule, profile: Profile) -> Reason:
    """One of these cost types must be planned."""
    told = profile.costs
    return _reason("cost_type", None if told is None else any(t in rule.params["any_of"] for _, t in told), rule, ("costs",))


def participation(rule: Rule, profile: Profile) -> Reason:
    """Citizens must take part."""
    return _reason("participation", profile.participation, rule, ("participation",))


def council_decision(rule: Rule, profile: Profile) -> Reason:
    """The municipal council must have decided."""
    return _reason("council_decision", profile.council_decision, rule, ("council_decision",))


def begin(rule: Rule, profile: Profile) -> Reason:
    """Whether a plan that has begun can still be funded: `forbidden`, `only_new_costs` or `allowed`."""
    return _reason("already_started", not profile.already_started or rule.params["value"] != "forbidden", rule)


def population(rule: Rule, profile: Profile) -> Reason:
    """The number of inhabitants, told or following from the place."""
    people = profile.location.population
    if people is None:
        return _reason("region", None, rule, ("place",) if profile.place is None else ("population",))
    holds = rule.params.get("min", 0) <= people <= rule.params.get("max", people)
    return _reason("region", holds, rule)


def stadtkreis(rule: Rule, profile: Profile) -> Reason:
    """Of the municipalities only the nine Stadtkreise."""
    missing = ("place",) if profile.place is None else ()
    return _reason("applicant", profile.location.is_stadtkreis, rule, missing)


def districts(rule: Rule, profile: Profile) -> Reason:
    """Only these districts (official keys of five digits)."""
    found = {place.district_ags in rule.params["any_of"] for place in profile.location.places}
    holds = found.pop() if len(found) == 1 else (False if profile.location.inside is False else None)
    return _reason("region", holds, rule, ("place",) if profile.place is None else ())


def undecided(rule: Rule, _profile: Profile) -> Reason:
    """What limits a programme and no profile key can express: the answer stays open."""
    return _reason(rule.params["condition"], None, rule)


RULES: dict[str, Callable[[Rule, Profile], Reason]] = {
    "partner": partner,
    "themes_required": themes_required,
    "cost_required": cost_required,
    "participation": participation,
    "council_decision": council_decision,
    "begin": begin,
    "population": population,
    "stadtkreis": stadtkreis,
    "districts": districts,
    "undecided": undecided,
}


def judge(rule: Rule, profile: Profile) -> Reason | None:
    """Answer one rule; None where it does not concern this applicant."""
    if rule.applicants and profile.applicant is not None and profile.applicant not in rule.applicants:
        return None
    reason = RULES[rule.type](rule, profile)
    if rule.applicants and profile.applicant is None and reason.answer is not Answer.YES:
        return Reason(reason.condition, Answer.UNKNOWN, reason.text, reason.source, ("applicant",))
    return reason


def _reason(condition: str, holds: bool | None, rule: Rule, missing: tuple[str, ...] = ()) -> Reason:
    change = (rule.change or rule.text) if holds is False else None
    return Reason(condition, of(holds), str(rule.text), rule.source, missing if holds is None else (), change)
