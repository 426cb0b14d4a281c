"""Details that the classifier finds where no known word tells them (`nlu/details.py`); known words always come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from actions.funding import told
from actions.funding.told import Told
from actions.turn import Turn

LISTS = ("partners", "themes")
TRUTHS = ("council_decision", "participation", "already_started")
LEAST_OF_TYPE = -0.2  # margin at which a cost type is believed
LEAST_ASKED = {"applicant": -0.35, "partners": -0.35, "themes": -0.4}  # margin for an answer to the question asked; others: see below
LEAST_OF_ITS_OWN = {"council_decision": 0.0, "participation": 0.0, "already_started": 0.1, "phase": 0.0}  # told without being asked


def completed(found: Told, turn: Turn, whole: bool) -> Told:
    """Add the details learned to those read; `whole`: questions count too, as in `told.read`."""
    details = sorted(_believed(turn, whole), key=lambda detail: -detail[2])
    values = dict(found.values)
    for key, value, _ in details:
        if key == "cost_types":
            continue
        if key in LISTS and key not in found.values:
            values[key] = list(dict.fromkeys([*values.get(key, ()), *([value] if value else [])]))
        elif key not in LISTS:
            values.setdefault(key, value)
    types = [value for key, value, _ in details if key == "cost_types"]
    if found.sum_eur and "costs" not in values and len(types) == 1:
        return replace(found, values=values | {"costs": {types[0]: found.sum_eur}}, sum_eur=None)
    return replace(found, values=values)


def _believed(turn: Turn, whole: bool) -> Iterator[tuple[str, Any, float]]:
    asked = turn.memory.finder.open
    for key, value, margin in _details(turn, whole):
        least = LEAST_OF_TYPE if key == "cost_types" else LEAST_ASKED.get(key, -0.5) if key == asked else LEAST_OF_ITS_OWN.get(key, 1.0)
        if margin >= least:
            yield key, value, margin


def _details(turn: Turn, whole: bool) -> Iterator[tuple[str, Any, float]]:
    """Yield key, value and margin of each detail in a sentence that tells something."""
    telling = [sentence for sentence in told.sentences(turn.text) if whole or told.tells(sentence)]
    for detail in turn.details():
        piece = turn.text[detail["start"] : detail["end"]].strip(" .,;:!?")
        if any(piece in sentence for sentence in telling):
            key, _, value = str(detail["value"]).partition("=")
            yield key, value == "true" if key in TRUTHS else value, float(detail["confidence_entity"])
