"""What kind of question a German sentence is."""

import pytest

from actions.grammar import is_yes_no, leans, questions


@pytest.mark.parametrize(
    "text",
    [
        "Dürfen wir als Verein mitmachen?",
        "Wir sind eine lose Gruppe. Können wir das beantragen?",
        "und braucht es einen Beschluss?",
        "Kennat mir des selber beantraga?",
    ],
)
def test_a_question_that_begins_with_a_verb_wants_yes_or_no(text):
    assert is_yes_no(text)


@pytest.mark.parametrize("text", ["Wie hoch ist der Zuschuss?", "frist quartiersimpulse", "Wer muss dabei sein?", ""])
def test_other_questions_do_not(text):
    assert not is_yes_no(text)


def test_two_questions_are_told_apart():
    assert len(questions("Wo bucht man den Termin und was kostet es?")) == 2


def test_one_question_stays_one():
    assert questions("Wie viel Geld gibt es für Alt und Jung?") == ["Wie viel Geld gibt es für Alt und Jung?"]


def test_a_short_message_leans_on_what_was_said():
    assert leans("und bis wann?")
