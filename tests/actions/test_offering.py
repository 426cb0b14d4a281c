"""Einfache Sprache is offered after two messages that show little German; hardly ever to anybody else.

Few messages are recognised, on purpose: a wrong offer tells somebody that they write bad German. Measured on 29 November 2026:
none of the 195 messages in usual German, none of the 194 of the question sets that are not in the style „simple“; of the messages in
little German 84 % of the 95 that were looked at while the signs were written, but only 25 % of 20 that were not (and 32 % of another
25, before the signs were widened for them). All lists are our own; nobody who learns German has written them.
"""

import datetime
import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from actions import offering
from actions.little_german import Sign, sign
from actions.understanding import respond
from knowledge.speech import SIMPLE

TODAY = datetime.date(2026, 11, 22)
DATA = Path(__file__).parents[1] / "data"
EVAL = Path(os.environ.get("SHARED_DIR", Path(__file__).parents[3] / "shared")) / "eval"
LITTLE = yaml.safe_load((DATA / "little_german.yml").read_text(encoding="utf-8"))
USUAL = yaml.safe_load((DATA / "usual_german.yml").read_text(encoding="utf-8"))


def shown(texts, wanted):
    return [text for text in texts if sign(text) is wanted]


def sets(name):
    """The messages of the question sets that are not written in the style of people who know little German."""
    for one in yaml.safe_load((EVAL / name).read_text(encoding="utf-8")):
        if "simple" not in (one.get("style") or []):
            yield from [one["text"]] if "text" in one else [turn["user"] for turn in one["turns"] if "user" in turn]


def test_messages_in_usual_german_are_hardly_ever_taken_for_little_german():
    assert len(USUAL) >= 150
    assert len(shown(USUAL, Sign.LITTLE)) / len(USUAL) <= 0.01
    assert len(shown(USUAL, Sign.MEANING)) / len(USUAL) <= 0.05


@pytest.mark.parametrize("name", ["questions_dev.yml", "dialogues_dev.yml"])
def test_nor_are_those_of_the_question_sets(name):
    if not EVAL.exists():
        pytest.skip(f"needs the question sets: SHARED_DIR ({EVAL.parent}) is not there")
    texts = list(sets(name))
    assert len(texts) > 50
    assert len(shown(texts, Sign.LITTLE)) / len(texts) <= 0.01
    assert len(shown(texts, Sign.MEANING)) / len(texts) <= 0.03


@pytest.mark.parametrize(("kind", "least"), [("seen", 0.8), ("unseen", 0.2)])
def test_a_share_of_the_messages_in_little_german_is_recognised(kind, least):
    assert sum(map(len, LITTLE.values())) >= 60
    assert len(shown(LITTLE[kind], Sign.LITTLE)) / len(LITTLE[kind]) >= least


class Talk:
    """A conversation over several turns, each with the classifier's belief given by hand."""

    def __init__(self, turn, served, **state):
        self.turn, self.served, self.state = turn, served, state

    def say(self, text, intent, **options):
        reply = respond(self.turn(text, intent, state=self.state, **options), self.served, TODAY)
        self.state = reply.memory.as_dict(1)
        return reply

    def offered(self, text="ich brauchen geld", intent="ask_amount"):
        return offers(self.say(text, intent))


def offers(reply):
    return [button.intent for button in reply.buttons].count("simple_language")


@pytest.fixture
def talk(turn, served):
    return lambda **state: Talk(turn, served, **{"topic": "quartiersimpulse"} | state)


def test_the_offer_comes_once_after_two_such_messages(talk):
    spoken = talk()
    assert [spoken.offered() for _ in range(4)] == [0, 1, 0, 0]


def test_it_is_asked_and_a_yes_gives_the_last_answer_again_in_simple_words(talk):
    spoken = talk()
    spoken.offered()
    asked = spoken.say("Wie viel Geld ich kann bekommen", "ask_amount")
    assert asked.outcome == "answer" and asked.text.endswith("Möchten Sie das?")
    reply = spoken.say("ja bitte", "affirm")
    assert (reply.outcome, reply.memory.language, list(reply.entries)) == ("answer", SIMPLE, list(asked.entries))
    assert reply.text.startswith(asked.memory.simple)


@pytest.mark.parametrize(("text", "intent"), [("nein", "deny"), ("Ja, mit einem Menschen", "request_human"), ("Bis wann?", "ask_deadline")])
def test_anything_but_a_yes_leaves_the_language(talk, text, intent):
    spoken = talk()
    spoken.offered(), spoken.offered()
    assert spoken.say(text, intent).memory.language == "de"
    assert spoken.say("ja", "affirm").memory.language == "de"


def test_one_ordinary_message_may_stand_between_but_not_two(talk):
    one, two = talk(), talk()
    assert [one.offered(), one.offered("Bis wann?", "ask_deadline"), one.offered()] == [0, 0, 1]
    assert [two.offered(), two.offered("Bis wann?", "ask_deadline"), two.offered("Wer darf das?", "ask_applicants"), two.offered()] == [
        0
    ] * 4


def test_what_was_not_understood_counts_as_well(talk):
    spoken = talk()
    assert [spoken.offered("xqzt brmpf", "nonsense"), spoken.offered()] == [0, 1]


def test_two_questions_about_words_in_a_row_count_but_not_with_something_between(talk):
    row, apart = talk(), talk()
    words = [("Was bedeutet Eigenanteil?", "explain_term"), ("Was heißt Kofinanzierung?", "explain_term")]
    assert [row.offered(*one) for one in words] == [0, 1]
    assert [apart.offered(*words[0]), apart.offered("Bis wann?", "ask_deadline"), apart.offered(*words[1])] == [0, 0, 0]


@pytest.mark.parametrize("state", [{"language": SIMPLE}, {"offered": True}, {"human": "queued"}])
def test_nobody_is_offered_what_they_have_or_while_they_wait_for_a_human(talk, state):
    spoken = talk(**state)
    assert [spoken.offered() for _ in range(3)] == [0, 0, 0]


def test_neither_an_emergency_nor_the_wish_for_a_human_carries_the_offer(talk):
    danger, human = talk(signs="l"), talk(signs="l")
    assert danger.offered("meine mutter ich nicht verstehen atmet nicht", "emergency") == 0
    assert human.offered("ich wollen mensch sprechen", "request_human") == 0
    assert human.offered("ich nicht verstehen", "ask_amount") == 1


def test_a_button_shows_nothing_of_anybodys_german(talk):
    spoken = talk(signs="-l")
    spoken.say("/ask_amount", "ask_amount")
    assert spoken.state["signs"] == "-l"


def test_while_the_finder_asks_the_offer_is_a_button_and_a_yes_answers_the_finder(talk):
    spoken = talk(signs="l", topic=None, finder={"active": True, "open": "participation"}, profile={"applicant": "verein"})
    asked = spoken.say("ich brauchen geld für garten", "find_funding")
    assert asked.outcome == "form" and offers(asked) == 1 and not asked.memory.asks_simple
    assert spoken.say("ja", "affirm").memory.language == "de"


def test_a_reply_without_room_for_the_offer_waits_for_the_next_one(turn, served):
    asked = turn("ich brauchen geld", "ask_amount", state={"signs": "l"})
    reply = respond(asked, served, TODAY)
    long = offering.noted(asked, replace(reply, outcome="answer", text="x" * 990, memory=asked.memory, buttons=()))
    assert not long.memory.offered and len(long.text) == 990
