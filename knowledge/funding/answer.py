"""Yes, no, unknown: strong Kleene logic, and the reason that goes with each answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

TIMES = frozenset({"deadline", "status"})


class Answer(Enum):
    """What the facts and the profile say of a condition or a programme."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reason:
    """The answer to one condition: its German sentence, its source (URL), the profile keys that would decide it."""

    condition: str
    answer: Answer
    text: str
    source: str | None = None
    missing: tuple[str, ...] = ()
    change: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return the public form (API.md)."""
        return {"condition": self.condition, "result": self.answer.value, "text": self.text, "source": self.source}


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return the conjunction: one no is a no, else one unknown is unknown.

    >>> all_of([Answer.YES, Answer.UNKNOWN, Answer.NO])
    <Answer.NO: 'no'>
    """
    seen = set(answers)
    if Answer.NO in seen:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in seen else Answer.YES


def of(value: bool | None) -> Answer:
    """Return the answer for a truth value; None is unknown."""
    if value is None:
        return Answer.UNKNOWN
    return Answer.YES if value else Answer.NO
