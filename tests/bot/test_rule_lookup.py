"""Leaving out rules about other intents changes nothing about which rules fit."""

import itertools
import json

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain

from ops.bot import empty_domain, rule_lookup

RASAS = RulePolicy._get_possible_keys


def step(action=None, intent=None, text=None, **more):
    user = {key: value for key, value in (("intent", intent), ("text", text)) if value}
    return {key: value for key, value in (("prev_action", action and {"action_name": action}), ("user", user)) if value} | more


LISTEN, ANSWER = "action_listen", "action_answer"
STEPS = [
    step(LISTEN, "ask_amount"),
    step(LISTEN, "thanks"),
    step(LISTEN, "thanks", slots={"place": (1.0,)}),
    step(LISTEN, text="Hallo"),
    step(LISTEN),
    step(ANSWER, "ask_amount"),
    step(ANSWER),
    step(intent="thanks"),
    step(),
]
RULES = {
    json.dumps(steps): f"action_{number}"
    for number, steps in enumerate([*([one] for one in STEPS), *([one, other] for one, other in itertools.permutations(STEPS, 2))])
}


@pytest.fixture
def policy(monkeypatch):
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", RASAS)
    rule_lookup.by_intent()
    return RulePolicy.__new__(RulePolicy)  # comparing needs nothing else of it


@pytest.mark.parametrize("length", [0, 1, 2])
def test_the_same_rules_fit(policy, length):
    for states in itertools.product(STEPS, repeat=length):
        assert policy._get_possible_keys(RULES, list(states)) == RASAS(policy, RULES, list(states))


def test_an_empty_domain_is_told_from_ours(monkeypatch):
    monkeypatch.setattr(Domain, "is_empty", Domain.is_empty)
    empty_domain.keep()
    assert Domain.empty().is_empty()
    assert not Domain.from_dict({"intents": ["thanks"]}).is_empty()
