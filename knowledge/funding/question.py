"""The next question: the profile key whose answer decides most programmes that are still open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.funding.answer import Answer
from knowledge.funding.matcher import Match
from knowledge.funding.profile import APPLICANTS, COST_TYPES, KEYS, PHASES, THEMES

# How likely an answer refuses where the facts give no share: guesses, to be replaced by figures from use.
_OTHER = {"participation": 0.3, "council_decision": 0.3, "partners": 0.4, "place": 0.05, "population": 0.5}


def next_question(matches: Iterable[Match], skip: Iterable[str] = ()) -> str | None:
    """Return the key to ask next, None when no answer can decide anything more; `skip` holds the keys asked already."""
    gains = dict.fromkeys(KEYS, 0.0)
    for found in matches:
        open_keys = [key for key in found.missing if key not in skip]
        alone = len(found.missing) == 1 and not _stays_open(found)
        for key in open_keys:
            refuses = _refuses(key, found)
            gains[key] += 1.0 if alone else refuses
    best = max(KEYS, key=lambda key: gains[key])
    return best if gains[best] > 0 else None


def _stays_open(found: Match) -> bool:
    """Whether the programme stays unknown whatever is answered, unless an answer refuses it."""
    return any(r.answer is Answer.UNKNOWN and not r.missing for r in found.reasons)


def _refuses(key: str, found: Match) -> float:
    """How likely an answer to this key refuses the programme: the share of possible answers that do not fit."""
    programme, line = found.programme, found.line
    sizes: dict[str, tuple[Any, int]] = {
        "applicant": (line.applicants or programme.applicants, len(APPLICANTS)),
        "themes": (line.themes or programme.themes, len(THEMES)),
        "phase": (line.phases or programme.phases, len(PHASES)),
        "costs": (line.cost_types or programme.cost_types, len(COST_TYPES)),
    }
    if key not in sizes:
        return _OTHER[key]
    fitting, of_all = sizes[key]
    return 1.0 - len(fitting) / of_all
