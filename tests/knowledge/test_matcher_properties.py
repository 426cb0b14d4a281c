"""Laws of the matcher over all programmes: what is decided stays decided, and no order of keys matters."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import files
from knowledge.funding import matcher, programme
from knowledge.funding.answer import Answer
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES, Profile

DAY = date(2026, 11, 22)
COSTS = st.dictionaries(st.sampled_from(list(COST_TYPES)), st.integers(1, 300_000), min_size=1)
# already_started is left out: missing counts as not started (eval/README.md), so telling it can open a yes again
ANSWERS = {
    "applicant": st.sampled_from(list(APPLICANTS)),
    "place": st.sampled_from(["Aalen", "Herrenberg", "Ulm", "Karlsruhe", "Sigmaringen", "Wien"]),
    "population": st.integers(0, 700_000),
    "partners": st.lists(st.sampled_from(list(APPLICANTS)), max_size=3, unique=True),
    "themes": st.lists(st.sampled_from(list(THEMES)), min_size=1, max_size=4, unique=True),
    "phase": st.sampled_from(list(PHASES)),
    "costs": COSTS | st.dictionaries(st.sampled_from(list(PHASES)), COSTS, min_size=1),
    "council_decision": st.booleans(),
    "participation": st.booleans(),
    "own_funds_eur": st.integers(0, 100_000),
}
profiles = st.fixed_dictionaries(ANSWERS)


@pytest.fixture(scope="module")
def programmes():
    return programme.read_all(files.read_knowledge().entries.values())


def answers(programmes, told):
    return {found.programme.id: found.answer for found in matcher.match(programmes, Profile.read(told), DAY)}


def turned(value):
    """Return a value with its own keys in the other order."""
    return {key: turned(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


@settings(max_examples=80, deadline=None)
@given(told=profiles, kept=st.sets(st.sampled_from(list(ANSWERS))), added=st.sampled_from(list(ANSWERS)))
def test_adding_an_answer_never_turns_a_yes_into_unknown(programmes, told, kept, added):
    # most answers are kept, because a yes needs nearly all of them
    fewer = {key: value for key, value in told.items() if key != added and (key in kept or len(kept) < 6)}
    before, after = answers(programmes, fewer), answers(programmes, {**fewer, added: told[added]})
    assert not [key for key, answer in before.items() if answer is Answer.YES and after[key] is Answer.UNKNOWN]


@settings(max_examples=80, deadline=None)
@given(told=profiles, kept=st.sets(st.sampled_from(list(ANSWERS))), random=st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(programmes, told, kept, random):
    known = {key: value for key, value in told.items() if key in kept}
    keys = list(known)
    random.shuffle(keys)
    first, second = (matcher.match(programmes, Profile.read(one), DAY) for one in (known, {key: turned(known[key]) for key in keys}))
    assert [found.as_dict() for found in first] == [found.as_dict() for found in second]
