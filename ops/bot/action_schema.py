"""Rasa's check of the action server's answers, with the schema itself checked once.

Rasa 3.6 calls `jsonschema.validate` for each answer, which first checks the schema: a constant over all event types, 15-20 ms of CPU per
turn and two thirds of the time in which Rasa holds its event loop. The answers are checked as ever.
"""

from __future__ import annotations

from typing import Any


def check_once() -> None:
    """Let all remote actions share one validator whose schema has been checked; before Rasa serves."""
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
        """Raise jsonschema's ValidationError for an answer that is none."""
        error = best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = validate
