"""Every programme's situations, as the ministry can read and correct them in `knowledge/situations`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge import files, yaml_file
from knowledge.funding import matcher, programme
from knowledge.funding.answer import Answer
from knowledge.funding.profile import Profile

FOLDER = files.HERE / "situations"
PROGRAMMES = {p.id: p for p in programme.read_all(files.read_knowledge().entries.values())}
ANSWERS = {"ja": Answer.YES, "nein": Answer.NO, "offen": Answer.UNKNOWN}


def situations(file: Path) -> list[dict]:
    return yaml_file.read(file) if file.exists() else []


CASES = [(key, case) for key in PROGRAMMES for case in situations(FOLDER / f"{key}.yml")]


@pytest.mark.parametrize(("key", "case"), CASES, ids=[f"{key}: {case['situation']}" for key, case in CASES])
def test_a_situation_gets_the_answer_that_stands_beside_it(key, case):
    found = matcher.judge(PROGRAMMES[key], Profile.read(case["profile"]), date.fromisoformat(case["as_of"]))
    assert found.answer is ANSWERS[case["expect"]], [(r.condition, r.answer.value, r.text) for r in found.reasons]
    if "because" in case:
        assert case["because"] in {r.condition for r in found.reasons if r.answer is found.answer}
    if "asks_for" in case:
        assert sorted(found.missing) == sorted(case["asks_for"])
    if "grant_eur" in case:
        assert found.most_eur == case["grant_eur"]


@pytest.mark.parametrize("key", PROGRAMMES)
def test_every_programme_has_situations_for_the_answers_it_can_give(key):
    told = {case["expect"] for case in situations(FOLDER / f"{key}.yml")}
    assert len(situations(FOLDER / f"{key}.yml")) >= 3
    assert told >= _possible(key)


def _possible(key: str) -> set[str]:
    """Not every programme can say everything: a closed one never yes today, an unknown status never yes at all."""
    found = PROGRAMMES[key]
    if found.why_not or found.status == "ended" and not found.status_as_of:
        return {"nein"}
    stays_open = found.status == "unknown" or found.scope == "teilraum" or not found.cost_types
    undecided = any(rule.type == "undecided" and not rule.applicants for rule in found.rules)
    return {"nein", "offen"} if stays_open or undecided or found.status in ("closed", "ended") else {"ja", "nein", "offen"}


def test_no_situation_belongs_to_a_programme_that_does_not_exist():
    assert {file.stem for file in FOLDER.glob("*.yml")} <= set(PROGRAMMES)
