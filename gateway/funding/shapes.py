"""The funding part of the contract as models: request bodies are checked with them, answers are only described."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from gateway.contract import Body
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES

_EUR = {"type": "integer", "minimum": 0}
_COSTS = {kind: _EUR for kind in COST_TYPES}
_TRUTH = {"type": "boolean"}
PROFILE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "All keys are optional; a missing key is unknown.",
    "properties": {
        "applicant": {"enum": list(APPLICANTS)},
        "place": {"type": "string", "maxLength": 100, "description": "Name of a municipality or its official key (8 digits)"},
        "population": {"type": "integer", "minimum": 0},
        "partners": {"type": "array", "items": {"enum": list(APPLICANTS)}},
        "themes": {"type": "array", "items": {"enum": list(THEMES)}},
        "phase": {"enum": list(PHASES)},
        "costs": {
            "type": "object",
            "description": "Euros per cost type, or per phase and cost type",
            "properties": {**_COSTS, **{phase: {"type": "object", "properties": _COSTS} for phase in PHASES}},
        },
        "already_started": _TRUTH,
        "council_decision": _TRUTH,
        "participation": _TRUTH,
        "own_funds_eur": _EUR,
    },
}
ProfileDocument = Annotated[dict[str, Any], WithJsonSchema(PROFILE_SCHEMA)]


class MatchBody(Body):
    """POST /funding/match"""

    profile: ProfileDocument
    as_of: str | None = Field(default=None, description="YYYY-MM-DD; today by default")


class PlanBody(MatchBody):
    """POST /funding/plan"""

    only: list[str] | None = Field(default=None, description="Ids of programmes; empty: all")
    assume_open: list[str] | None = Field(default=None, description="Ids of programmes that count as open")


class ReasonShown(BaseModel):
    """What one condition says."""

    condition: str
    result: Literal["yes", "no", "unknown"]
    text: str
    source: str | None


class AmountShown(BaseModel):
    """Smallest and highest grant."""

    min: int
    max: int


class ResultShown(BaseModel):
    """What one programme says to the profile."""

    programme: str
    result: Literal["yes", "no", "unknown"]
    group: Literal["now", "no_round", "open", "not"]
    reasons: list[ReasonShown]
    missing: list[str]
    checklist: list[str]
    amount_eur: AmountShown | None
    next_date: date | None


class MatchAnswer(BaseModel):
    """All programmes: yes (best fit first), unknown, no."""

    results: list[ResultShown]
    next_question: str | None
    hints: list[str]


class ItemShown(BaseModel):
    """One sum of a plan; `eur` null is open and counts 0."""

    programme: str
    applicant: str | None
    cost_type: str
    phase: str | None
    eur: int | None
    apply_by: date | None


class ExcludedShown(BaseModel):
    """A programme that is not in the plan, and why."""

    programme: str
    text: str


class PlanShown(BaseModel):
    """A combination of programmes with its financing; whole euros."""

    id: str
    title: str
    total_eur: int | None
    own_share_eur: int
    third_party_eur: int
    gap_eur: int
    items: list[ItemShown]
    notes: list[str]
    excluded: list[ExcludedShown]


class PlanAnswer(BaseModel):
    """Plans, best first; at least one."""

    plans: list[PlanShown]
    hints: list[str]


class ErrorShown(BaseModel):
    """A refusal."""

    error: str
    field: str | None
    message: str
