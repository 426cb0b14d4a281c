"""The real knowledge base, read once, and turns as Rasa would parse them."""

import datetime

import pytest

from actions.turn import Turn
from knowledge.files import read_knowledge
from knowledge.library import serve
from knowledge.model import Knowledge

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="session")
def served():
    knowledge = read_knowledge()
    return serve(Knowledge(knowledge.entries, knowledge.contacts, 1))


@pytest.fixture
def turn():
    """Return a turn of a text with the classifier's belief given by hand."""

    def make(text, intent, chance=0.9, state=None, entities=()):
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": chance},
            "intent_ranking": [{"name": intent, "confidence": chance}],
            "entities": list(entities),
            "metadata": {"state": state or {}, "language": "de"},
        }
        return Turn.from_message(message)

    return make
