"""Rasa's rules, looked up by intent.

Rasa 3.6 compares the conversation with every rule, step by step, three times a turn. Nearly all of our rules are about one intent
each, so those about other intents are left out beforehand; the rest is compared as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Rules = dict[str, str]


def by_intent() -> None:
    """Let the rule policy leave out rules about other intents; before Rasa serves."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import USER
    from rasa.shared.nlu.constants import INTENT

    compare = RulePolicy._get_possible_keys

    def possible(policy: RulePolicy, rules: Rules, states: list[dict[str, Any]]) -> set[str]:
        """Return the keys of the rules that fit the conversation."""
        if not states:
            return compare(policy, rules, states)
        tables = policy.__dict__.setdefault("_rules_by_intent", {})
        table = tables.get(id(rules))  # the policy keeps its rules as long as it lives
        if table is None:
            table = tables[id(rules)] = _table(rules)
        intent = states[-1].get(USER, {}).get(INTENT)
        return compare(policy, {**table.get(None, {}), **table.get(intent, {})}, states)

    RulePolicy._get_possible_keys = possible


def _table(rules: Rules) -> dict[str | None, Rules]:
    """Sort rules by the intent that their last step must have; None: by no intent that could be told beforehand."""
    table: dict[str | None, Rules] = {}
    for key, action in rules.items():
        table.setdefault(_required_intent(json.loads(key)), {})[key] = action
    return table


def _required_intent(steps: Iterable[dict[str, Any]]) -> str | None:
    from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET
    from rasa.shared.core.constants import PREVIOUS_ACTION, USER
    from rasa.shared.nlu.constants import INTENT

    last = list(steps)[-1]
    intent = last.get(USER, {}).get(INTENT)
    begins = not last.get(PREVIOUS_ACTION)  # such a step fits the beginning of a conversation, whatever its intent
    return intent if isinstance(intent, str) and intent and intent != SHOULD_NOT_BE_SET and not begins else None
