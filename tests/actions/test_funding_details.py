"""What is read of a plan in other people's words: a corpus in many voices; what is read has to be right, most of it is roundabout."""

from collections import Counter
from pathlib import Path

import pytest

from actions.funding import told
from knowledge import yaml_file

CORPUS = Path("tests/data/details_own.yml")
# Share of what is read that is right, and share of what is told that is read: floors a little below the figures of 2026-11-28.
FLOORS = {
    "applicant": (0.70, 0.45),
    "partners": (0.90, 0.40),
    "themes": (0.60, 0.42),
    "phase": (0.85, 0.45),
    "council_decision": (0.95, 0.65),
    "participation": (0.88, 0.38),
    "already_started": (0.95, 0.35),
}


@pytest.fixture(scope="module")
def counts():
    """Return, per key, how many values were read rightly, wrongly, and not."""
    found = {key: Counter() for key in FLOORS}
    for item in yaml_file.read(CORPUS):
        read = told.read(item["text"]).values
        for key, count in found.items():
            wanted, got = _values(item["tells"].get(key)), _values(read.get(key))
            count.update(right=len(wanted & got), wrong=len(got - wanted), unread=len(wanted - got))
    return found


@pytest.mark.parametrize("key", FLOORS)
def test_what_is_read_of_a_plan_is_mostly_right(counts, key):
    count, (precision, recall) = counts[key], FLOORS[key]
    assert count["right"] / (count["right"] + count["wrong"]) >= precision
    assert count["right"] / (count["right"] + count["unread"]) >= recall


def _values(value):
    if value is None:
        return set()
    return {str(one) for one in value} or {"none"} if isinstance(value, (list, tuple)) else {str(value)}
