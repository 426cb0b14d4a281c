"""Which programmes fit a profile on a day: yes, no or unknown for each, with reasons, amount, group and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.funding import conditions, money
from knowledge.funding.answer import TIMES, Answer, Reason, all_of
from knowledge.funding.conditions import CHECK
from knowledge.funding.profile import Profile
from knowledge.funding.programme import Line, Programme
from knowledge.funding.window import Window, window
from knowledge.speech import say

GROUPS = {"now": "Jetzt beantragbar", "no_round": "Passt, zurzeit keine Runde", "open": "Noch offen", "not": "Passt nicht"}
_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True)
class Match:
    """What a programme says to a profile on a day. `line` is the line that fits best, `most_eur` its highest grant."""

    programme: Programme
    line: Line
    answer: Answer
    reasons: tuple[Reason, ...]
    checklist: tuple[str, ...]
    most_eur: int | None
    window: Window
    fit: float = 0.0

    @property
    def group(self) -> str:
        """One of `GROUPS`: time is not eligibility."""
        if self.answer is not Answer.NO:
            return "now" if self.answer is Answer.YES else "open"
        refused = {r.condition for r in self.reasons if r.answer is Answer.NO}
        return "no_round" if refused <= TIMES else "not"

    @property
    def missing(self) -> tuple[str, ...]:
        """The profile keys that would decide, for an open programme."""
        if self.answer is not Answer.UNKNOWN:
            return ()
        return tuple(dict.fromkeys(key for r in self.reasons if r.answer is Answer.UNKNOWN for key in r.missing))

    @property
    def next_date(self) -> date | None:
        """The last day to apply, or the day from which one can apply again."""
        return self.window.next_date

    @property
    def next_kind(self) -> str | None:
        """What the next date is: the last day to apply (`last`), the first one again (`opens`), a deadline to be expected (`expected`)."""
        if self.next_date is None:
            return None
        return "last" if self.window.last_day else "opens" if self.window.opens else "expected"

    def as_dict(self) -> dict[str, Any]:
        """Return the public form (API.md)."""
        amount = None if self.most_eur is None else {"min": self.line.min_eur or 0, "max": self.most_eur}
        return {
            "programme": self.programme.id,
            "result": self.answer.value,
            "group": self.group,
            "reasons": [r.as_dict() for r in self.reasons],
            "missing": list(self.missing),
            "checklist": list(self.checklist),
            "amount_eur": amount,
            "next_date": self.next_date.isoformat() if self.next_date else None,
        }


def match(programmes: Iterable[Programme], profile: Profile, day: date) -> list[Match]:
    """Judge all programmes: yes (best fit first), then unknown, then no."""
    found = [judge(programme, profile, day) for programme in programmes]
    return sorted(found, key=lambda m: (_ORDER[m.answer], -m.fit, m.programme.id))


def judge(programme: Programme, profile: Profile, day: date) -> Match:
    """Judge one programme by the line that fits best."""
    judged = judge_lines(programme, profile, day)
    return min(judged, key=lambda m: (_ORDER[m.answer], _refusals(m), -(m.most_eur or 0)))


def judge_lines(programme: Programme, profile: Profile, day: date) -> list[Match]:
    """Judge every line of a programme that is meant for this kind of applicant; the planner chooses among those that fit."""
    rules = [rule for rule in programme.rules if rule.is_valid(day)]
    shared = [conditions.region(programme, profile)]
    shared += [r for r in (conditions.judge(rule, profile) for rule in rules if rule.type != CHECK) if r]
    if programme.why_not:
        shared.insert(
            0, Reason("other", Answer.NO, f"{say('Das ist keine Projektförderung.')} {programme.why_not}", programme.source("other"))
        )
    elif profile.already_started and not any(rule.type == "begin" for rule in rules):
        text = say("Ob ein begonnenes Vorhaben gefördert wird, steht nicht in den Quellen. Bitte vorher fragen.")
        shared.append(Reason("already_started", Answer.UNKNOWN, text, programme.source("already_started")))
    checklist = tuple(str(r.text) for r in rules if r.type == CHECK and _concerns(r.applicants, profile))
    return [_judge_line(programme, line, shared, checklist, profile, day) for line in _lines(programme, profile)]


def _concerns(kinds: tuple[str, ...] | None, profile: Profile) -> bool:
    return kinds is None or profile.applicant is None or profile.applicant in kinds


def _lines(programme: Programme, profile: Profile) -> list[Line]:
    """The lines for this kind of applicant, all of them where none is: the refusal then names every kind."""
    own = [line for line in programme.lines if _concerns(line.applicants, profile)]
    return own or [Line(cost_types=programme.cost_types, rates=programme.lines[0].rates)]


def _refusals(found: Match) -> int:
    return sum(r.answer is Answer.NO for r in found.reasons)


def _judge_line(programme: Programme, line: Line, shared: list[Reason], checklist: tuple[str, ...], profile: Profile, day: date) -> Match:
    time = window(programme, line, day)
    reasons = [
        *shared,
        conditions.applicant(programme, line, profile),
        conditions.theme(programme, line, profile),
        conditions.phase(programme, line, profile),
        conditions.cost_type(programme, line, profile),
        *conditions.amounts(programme, line, profile),
        *time.reasons,
    ]
    answer = all_of(r.answer for r in reasons)
    reasons.sort(key=lambda r: r.answer is not answer)
    most = money.most(programme, line, profile)
    fit = _fit(programme, line, profile, reasons, time, most)
    return Match(programme, line, answer, tuple(reasons), checklist, most, time, fit)


def _fit(programme: Programme, line: Line, profile: Profile, reasons: list[Reason], time: Window, most: int | None) -> float:
    """How well a programme serves the plan: themes, costs it pays, what is sure, close by rather than nationwide, a proven window."""
    themes = profile.themes or ()
    shared = sum(t in (line.themes or programme.themes) for t in themes) / len(themes) if themes else 0.0
    paid = (most or 0) / profile.total_eur if profile.total_eur else 0.0
    sure = sum(r.answer is Answer.YES for r in reasons) / len(reasons)
    return 2 * shared + paid + sure + 0.5 * (programme.scope in ("land", "teilraum")) + 0.25 * time.is_proven
