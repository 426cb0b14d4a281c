"""Which lines may stand in a plan: those that fit, and those taken as open by wish. What is left out keeps its deciding reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.funding import matcher
from knowledge.funding.answer import TIMES, Answer, Reason
from knowledge.funding.matcher import Match
from knowledge.funding.option import Option, option_of
from knowledge.funding.profile import Profile
from knowledge.funding.programme import Programme

UNSUMMED = ("loan", "prize")


@dataclass(frozen=True)
class Candidate:
    """A line that may be applied for. `assumed`: only because its status and dates are set aside."""

    found: Match
    option: Option
    assumed: bool

    @property
    def programme(self) -> Programme:
        """The programme of the line."""
        return self.found.programme

    @property
    def apply_by(self) -> date | None:
        """The last day to apply, None where it is not known or the round is assumed."""
        return None if self.assumed else self.found.window.last_day


@dataclass(frozen=True)
class Field:
    """Everything that was asked about: what may be chosen, loans and prizes, what is refused or open, what only a partner may apply for."""

    chosen: tuple[Candidate, ...]
    unsummed: tuple[Candidate, ...]
    refused: tuple[tuple[Match, Reason], ...]
    for_partners: tuple[Match, ...]


def field(
    given: Iterable[Match | Programme], profile: Profile, day: date, only: Collection[str] = (), assume_open: Collection[str] = ()
) -> Field:
    """Sort programmes, by id: the order in which they come does not matter. An empty `only` is no limit."""
    chosen, unsummed, refused, partners = list[Candidate](), list[Candidate](), list[tuple[Match, Reason]](), list[Match]()
    for one in sorted(given, key=_programme_id):
        if only and _programme_id(one) not in only:
            continue
        assumed = _programme_id(one) in assume_open
        lines = _lines(one, profile, day, assumed)
        fitting = [_candidate(found, number, profile) for number, found in enumerate(lines) if _fits(found, assumed)]
        chosen += [c for c in fitting if c.found.line.kind not in UNSUMMED]
        unsummed += [c for c in fitting if c.found.line.kind in UNSUMMED]
        if not fitting:
            nearest = min(lines, key=lambda found: _distance(found, assumed))
            refused.append((nearest, _deciding(nearest, assumed)))
            partners += [nearest] if _is_for_partners(nearest, profile) else []
    return Field(tuple(chosen), tuple(unsummed), tuple(refused), tuple(partners))


def _programme_id(one: Match | Programme) -> str:
    return one.programme.id if isinstance(one, Match) else one.id


def _lines(one: Match | Programme, profile: Profile, day: date, assumed: bool) -> list[Match]:
    """Every line judged; a match that fits badly stands for all of them."""
    if isinstance(one, Match):
        if len(one.programme.lines) == 1 or not (assumed or one.answer is Answer.YES):
            return [one]
        return matcher.judge_lines(one.programme, profile, day)
    return matcher.judge_lines(one, profile, day)


def _fits(found: Match, assumed: bool) -> bool:
    return found.answer is Answer.YES or (assumed and all(r.answer is Answer.YES or r.condition in TIMES for r in found.reasons))


def _candidate(found: Match, number: int, profile: Profile) -> Candidate:
    return Candidate(found, option_of(found, number, profile), found.answer is not Answer.YES)


def _weighed(found: Match, assumed: bool) -> list[Reason]:
    return [r for r in found.reasons if r.answer is not Answer.YES and not (assumed and r.condition in TIMES)]


def _distance(found: Match, assumed: bool) -> tuple[int, int]:
    """How far a line is from fitting: refusals weigh more than open points."""
    reasons = _weighed(found, assumed)
    return sum(r.answer is Answer.NO for r in reasons), len(reasons)


def _deciding(found: Match, assumed: bool) -> Reason:
    """A refusal before an open point, eligibility before time."""
    return min(_weighed(found, assumed), key=lambda r: (r.answer is not Answer.NO, r.condition in TIMES))


def _is_for_partners(found: Match, profile: Profile) -> bool:
    """Whether only the applicant's kind refuses, and one of the partners is of the right kind."""
    refusals = {r.condition for r in found.reasons if r.answer is Answer.NO}
    kinds = found.line.applicants or found.programme.applicants
    return refusals == {"applicant"} and profile.applicant not in kinds and any(kind in kinds for kind in profile.partners or ())
