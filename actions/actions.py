"""Rasa's custom actions: each reads the turn and sends exactly one reply object."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.library import library
from actions.turn import Turn
from actions.understanding import respond
from knowledge import clock


class ActionAnswer(Action):
    """Answers a turn from the knowledge base. Rules send every intent here; `understanding` weighs it."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Send one `custom` object and no events: the dialogue's memory belongs to the gateway."""
        served = library().current()
        reply = respond(Turn.from_message(tracker.latest_message), served, clock.today())
        dispatcher.utter_message(json_message=reply.as_dict(served.version))
        return []
