"""Answers: right beginning, date, source, nothing invented."""

import datetime

from actions.understanding import respond
from knowledge import facts

TODAY = datetime.date(2026, 11, 22)


def test_a_passed_deadline_is_said_to_be_over(turn, served):
    reply = respond(turn("Bis wann kann man Quartiersimpulse beantragen?", "ask_deadline"), served, TODAY)
    assert reply.outcome == "answer"
    assert "14. August 2026" in reply.text and "vorbei" in reply.text


def test_before_the_deadline_it_is_named_as_next(turn, served):
    reply = respond(turn("Bis wann kann man Quartiersimpulse beantragen?", "ask_deadline"), served, datetime.date(2026, 7, 1))
    assert "14. August 2026" in reply.text and "vorbei" not in reply.text


def test_a_verein_cannot_apply_for_quartiersimpulse(turn, served):
    reply = respond(turn("Kann ein Verein selbst Quartiersimpulse beantragen?", "ask_applicants"), served, TODAY)
    assert reply.text.startswith("Nein.")


def test_every_answer_has_a_source_and_says_its_stand(turn, served):
    reply = respond(turn("Was sind die Nachbarschaftsgespräche?", "ask_overview"), served, TODAY)
    assert reply.sources and all(s["title"] for s in reply.sources)
    assert "Stand" in reply.text


def test_a_term_comes_from_the_editors_glossary(turn, served):
    reply = respond(turn("Was bedeutet Daseinsvorsorge?", "explain_term"), served, TODAY)
    assert reply.sources == [{"title": "Glossar der Redaktion", "url": None, "as_of": None}]


def test_what_the_facts_do_not_say_is_said_to_be_missing(turn, served):
    reply = respond(turn("/ask_own_share", "ask_own_share", entities=[{"entity": "entry", "value": "quartiersimpulse"}]), served, TODAY)
    assert reply.text.startswith("Das steht nicht in meinen Quellen")


def test_a_follow_up_keeps_the_topic(turn, served):
    reply = respond(turn("und bis wann?", "ask_deadline", state={"topic": "soziokultur-laks"}), served, TODAY)
    assert list(reply.entries) == ["soziokultur-laks"]
    assert "31. Januar 2027" in reply.text


def test_two_questions_are_both_answered(turn, served):
    text = "Wie viel Geld gibt es beim Beteiligungstaler und bis wann kann man ihn beantragen?"
    reply = respond(turn(text, "ask_amount"), served, TODAY)
    assert "2.000" in reply.text
    assert "Anträge" in reply.text or "beantrag" in reply.text


def test_an_answer_is_short_enough(turn, served):
    for entry in served.entries.values():
        reply = respond(turn("/choose_entry", "choose_entry", entities=[{"entity": "entry", "value": entry.id}]), served, TODAY)
        assert len(reply.text) <= 1000, entry.id


def test_no_written_answer_is_an_address(served):
    told = [(entry.id, text) for entry in served.entries.values() for block in entry.asked for text in facts.texts(entry, block)]
    assert [one for one in told if one[1].startswith("http")] == []
