"""Einfache Sprache in the chat: decided like the German answer, told whole, changed and offered on request."""

import datetime
import re
from dataclasses import replace

import pytest

from actions import answers, simple
from actions.funding.finder import Finder
from actions.turn import Memory
from actions.understanding import respond
from knowledge import plain
from knowledge.speech import SIMPLE, speaking

TODAY = datetime.date(2026, 11, 22)
TOPICS = ("overview", "amount", "applicants", "deadline", "conditions", "costs", "own_share", "how_to_apply", "contact", "combination")
IN_SIMPLE = {"language": SIMPLE}


def figures(text):
    return sorted(re.findall(r"\d+", text))


def beginning(text):
    return next((words for words in ("Ja", "Nein", "Kommt darauf an", "Das steht nicht") if text.startswith(words)), None)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_answer_to_a_button_says_what_the_german_one_says(served, topic):
    """Whole parts may be left out where there is no room: then the simple text is nearly full."""
    faults = []
    for entry in served.entries.values():
        memory = answers.about(Memory(), entry, topic, served, TODAY).memory
        assert len(memory.simple) <= 1000
        lost = list(plain.differences(memory.text, memory.simple))
        if lost and len(memory.simple) < 700:
            faults.append((entry.id, lost))
    assert faults == []


def test_no_german_text_is_left_in_a_simple_answer(served):
    for entry in served.entries.values():
        told = {text for text, plainly in entry.simple.items() if text not in plainly and len(text) > 60}
        for topic in TOPICS:
            shown = answers.about(Memory(), entry, topic, served, TODAY).memory.simple
            assert [text for text in told if text in shown] == [], (entry.id, topic)


def test_ja_and_nein_are_the_same_in_both_languages(turn, served):
    asked = [(e.id, b.topic, text) for e in served.entries.values() for b in e.asked for k, text in b.wordings[:1] if k in ("ja", "nein")]
    for key, topic, text in asked[::12]:
        german = respond(turn(text, f"ask_{topic}", state={"topic": key}), served, TODAY)
        plainly = respond(turn(text, f"ask_{topic}", state={"topic": key, **IN_SIMPLE}), served, TODAY)
        assert beginning(plainly.text) == beginning(german.text), text
        assert list(plainly.entries) == list(german.entries)


def test_a_passed_deadline_is_said_to_be_over_in_simple_words(turn, served):
    reply = respond(turn("Bis wann kann man Quartiersimpulse beantragen?", "ask_deadline", state=IN_SIMPLE), served, TODAY)
    assert "Die letzte Frist war der 14. August 2026" in reply.text and "Sie ist vorbei." in reply.text


def test_only_whole_parts_are_left_out():
    text = "Der erste Teil ist kurz.\nDer zweite Teil ist viel länger. Er gilt nur bis 31. Mai.\nDer dritte passt."
    assert simple.fitted(text, 50) == "Der erste Teil ist kurz.\nDer dritte passt."
    assert simple.fitted(text, 10) == "Der erste Teil ist kurz."


def test_a_list_tells_as_many_simple_sentences_as_its_german_sentence_needs():
    whole = "Es gibt Geld für Vereine. Es sind höchstens 500 €. Die Idee ist alt."
    assert simple.beginning("Zuschuss von höchstens 500 € für Vereine.", whole) == "Es gibt Geld für Vereine. Es sind höchstens 500 €."


def test_a_list_in_simple_language_is_short_enough(turn, served):
    reply = respond(turn("Wir suchen Rat für unseren Bürgerbus", "find_offer", state=IN_SIMPLE), served, TODAY)
    assert reply.outcome == "list" and len(reply.text) <= 1500
    assert reply.text.startswith("Das kann Ihnen vielleicht helfen:")


def test_asking_for_simple_language_gives_the_last_answer_again_and_says_that_nobody_has_reviewed_it(turn, served):
    asked = respond(turn("Wie hoch ist der Zuschuss bei Quartiersimpulse?", "ask_amount"), served, TODAY)
    reply = respond(turn("in einfacher Sprache bitte", "simple_language", state=asked.memory.as_dict(1)), served, TODAY)
    assert reply.outcome == "answer" and list(reply.entries) == ["quartiersimpulse"]
    assert reply.text.startswith(asked.memory.simple)
    assert "noch keine Prüfgruppe geprüft" in reply.text
    assert reply.memory.language == SIMPLE


@pytest.mark.parametrize("clicked", [True, False])
def test_the_usual_language_comes_back_with_the_last_answer(turn, served, clicked):
    asked = respond(turn("Wie hoch ist der Zuschuss bei Quartiersimpulse?", "ask_amount"), served, TODAY)
    plainly = respond(turn("in einfacher Sprache bitte", "simple_language", state=asked.memory.as_dict(1)), served, TODAY)
    button = plainly.buttons[-1]
    assert (button.title, button.intent) == ("Normale Sprache", "simple_language")
    text = f"/{button.intent}" if clicked else "ab jetzt bitte wieder normale Sprache"
    said = [{"entity": name, "value": value} for name, value in button.entities.items()] if clicked else []
    reply = respond(turn(text, "simple_language", state=plainly.memory.as_dict(1), entities=said), served, TODAY)
    assert (reply.text, reply.memory.language) == (asked.text, "de")


def test_who_does_not_understand_the_simple_answer_either_is_offered_a_human(turn, served):
    asked = respond(turn("Was sind die Quartiersimpulse?", "ask_overview", state=IN_SIMPLE), served, TODAY)
    reply = respond(turn("das verstehe ich nicht", "simple_language", state=asked.memory.as_dict(1)), served, TODAY)
    assert "Ein Mensch kann es Ihnen erklären" in reply.text
    assert "request_human" in [button.intent for button in reply.buttons]


def test_without_anything_said_before_the_language_is_changed_all_the_same(turn, served):
    reply = respond(turn("in einfacher Sprache bitte", "simple_language"), served, TODAY)
    assert (reply.outcome, reply.memory.language) == ("smalltalk", SIMPLE)


def test_a_list_is_given_again_in_simple_language(turn, served):
    asked = respond(turn("Wir suchen Rat für unseren Bürgerbus", "find_offer"), served, TODAY)
    reply = respond(turn("bitte einfacher", "simple_language", state=asked.memory.as_dict(1)), served, TODAY)
    assert reply.outcome == "list" and list(reply.entries) == list(asked.entries)


def test_simple_language_is_offered_once_after_two_messages_that_were_not_understood(turn, served):
    state, offers = {}, []
    for _ in range(4):
        reply = respond(turn("xqzt brmpf", "nonsense", state=state), served, TODAY)
        state = reply.memory.as_dict(1)
        offers.append("simple_language" in [button.intent for button in reply.buttons])
    assert offers == [False, True, False, False]


def test_the_last_answer_is_kept_only_where_the_memory_has_room():
    small = Memory(topic="elr", text="ä" * 900, simple="ä" * 900)
    assert small.as_dict(1)["simple"] == small.simple
    large = replace(small, finder=Finder(active=True, past=({"place": "x" * 1_300},) * 5))
    assert (large.as_dict(1)["text"], large.as_dict(1)["simple"]) == (None, None)


def test_a_difficult_word_is_explained_once(turn, served):
    text, intent = "Wie hoch ist der Eigenanteil beim Programm LEADER?", "ask_own_share"
    first = respond(turn("Was sind die Quartiersimpulse?", "ask_overview", state=IN_SIMPLE), served, TODAY)
    explained = re.findall(r"Das Wort „(.+?)“:", first.text)
    assert len(explained) == 1 and len(first.memory.explained) == 1
    second = respond(turn(text, intent, state=first.memory.as_dict(1)), served, TODAY)
    assert explained[0] not in re.findall(r"Das Wort „(.+?)“:", second.text)
    assert len(second.text) <= 1000


def test_the_funding_result_is_the_same_in_simple_words(turn, served):
    state = {
        "profile": {
            "applicant": "gemeinde", "place": "Aalen", "themes": ["alter"], "phase": "umsetzung", "costs": {"beratung": 20000},
            "participation": True, "council_decision": True, "partners": ["verein"],
        },
        "finder": {"active": True},
    }  # fmt: skip
    german = respond(turn("/show_result", "show_result", state=state), served, TODAY)
    plainly = respond(turn("/show_result", "show_result", state={**state, **IN_SIMPLE}), served, TODAY)
    assert list(plainly.entries) == list(german.entries) and plainly.memory.profile == german.memory.profile
    assert figures(plainly.text) == figures(german.text)
    assert "Anders ist es nur, wenn das Programm es erlaubt." in plainly.text and "Unverbindlich" not in plainly.text


def test_reasons_of_programmes_are_told_simply_and_judged_the_same(served):
    with speaking(SIMPLE):
        plainly = served.spoken_programmes
    for german, simple_one in zip(served.programmes, plainly, strict=True):
        assert german.lines == simple_one.lines or any(line.deadlines for line in german.lines)
        assert [(rule.type, rule.params) for rule in german.rules] == [(rule.type, rule.params) for rule in simple_one.rules]
    assert [p.id for p in plainly if any(r.text for r in p.rules)] and [p.rules for p in plainly] != [p.rules for p in served.programmes]
