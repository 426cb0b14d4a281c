"""Answers of the action server are checked as Rasa checks them, without checking the schema each time."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from ops.bot import action_schema


@pytest.fixture
def action(monkeypatch):
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    action_schema.check_once()
    return RemoteAction("action_answer", None)


def test_an_answer_is_accepted(action):
    answer = {"events": [{"event": "slot", "name": "thema", "value": 1}], "responses": [{"custom": {"text": "Ja"}}]}
    assert action._validate_action_result(answer)


@pytest.mark.parametrize("broken", [[], {"events": {}}, {"events": [{"event": "unheard_of"}]}, {"responses": ["text"]}])
def test_what_is_no_answer_is_refused(action, broken):
    with pytest.raises(ValidationError):
        action._validate_action_result(broken)
