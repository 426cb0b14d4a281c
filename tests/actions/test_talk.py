"""What rests on no entry: people, small talk, limits."""

import datetime
import re
from dataclasses import replace

import pytest

from actions.turn import Turn
from actions.understanding import respond

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("intent", ["request_human", "formal_request", "complaint", "legal_case"])
def test_a_wish_for_a_human_is_a_callback_with_contacts(turn, served, intent):
    reply = respond(turn("Ich möchte mit einem Menschen sprechen", intent), served, TODAY)
    assert reply.outcome == "callback"
    assert "115" in reply.text


def test_a_formal_request_hears_that_it_has_no_effect_here(turn, served):
    reply = respond(turn("Hiermit lege ich Widerspruch ein", "formal_request"), served, TODAY)
    assert "keinen wirksamen Antrag" in reply.text


def test_out_of_scope_says_so_and_names_who_may_help(turn, served):
    reply = respond(turn("Wo kann ich mein Auto anmelden?", "out_of_scope"), served, TODAY)
    assert reply.outcome == "out_of_scope" and "115" in reply.text and not reply.entries


def test_a_named_programme_is_never_out_of_scope(turn, served):
    reply = respond(turn("Was sind die Quartiersimpulse?", "out_of_scope"), served, TODAY)
    assert reply.outcome == "answer"


def test_not_understood_twice_offers_a_human(turn, served):
    first = respond(turn("xqzt brmpf", "nonsense"), served, TODAY)
    second = respond(turn("xqzt brmpf", "nonsense", state=first.memory.as_dict(1)), served, TODAY)
    assert (first.outcome, second.outcome) == ("not_understood", "not_understood")
    assert "Menschen" in second.text and "115" in second.text


@pytest.mark.parametrize("language", ["de", "de-simple"])
def test_a_time_that_the_operator_sets_is_not_named_but_where_it_stands(turn, served, language):
    reply = respond(turn("Was passiert mit meinen Daten?", "ask_privacy", state={"language": language}), served, TODAY)
    assert re.search(r"\d", reply.text) is None and "gelöscht" in reply.text and "Datenschutz" in reply.text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Can you help me with money for my neighbourhood?", "German"),
        ("Добрый день, говорите по-русски?", "только"),
        ("Допоможіть, будь ласка, є питання", "лише"),
        ("هل تتكلم العربية؟", "الألمانية"),
        ("Merhaba, Türkçe konuşuyor musunuz?", "Almanca"),
        ("Bonjour, vous parlez français?", "allemand"),
    ],
)
def test_a_line_in_another_language_gets_one_sentence_in_it(turn, served, text, word):
    reply = respond(turn(text, "other_language"), served, TODAY)
    assert reply.outcome == "smalltalk" and word in reply.text


def test_a_list_is_short_enough_and_has_a_button_for_each_entry(turn, served):
    reply = respond(turn("Wir suchen Rat für unseren Bürgerbus", "find_offer"), served, TODAY)
    assert len(reply.text) <= 1500
    assert [button.entities["entry"] for button in reply.buttons] == list(reply.entries)


@pytest.mark.parametrize("text", ["Seminare?", "welche Fortbildungen gibt es", "was habt ihr an Kursen"])
def test_an_area_alone_is_shown(turn, served, text):
    reply = respond(turn(text, "ask_overview", 0.3), served, TODAY)
    assert reply.outcome == "list"
    assert {served.entries[key].area for key in reply.entries} == {"qualifizierung"}


def test_a_theme_beside_an_area_is_no_browsing(turn, served):
    reply = respond(turn("Was ist die Quartiersakademie?", "ask_overview"), served, TODAY)
    assert reply.outcome == "answer"


def test_a_telephone_number_of_nobody_in_particular_is_a_wish_for_a_human(turn, served):
    assert respond(turn("gibt es da eine Telefonnummer", "ask_contact"), served, TODAY).outcome == "callback"


def test_the_last_answer_is_given_again_with_an_offer_to_say_it_more_simply(turn, served):
    first = respond(turn("Bis wann läuft Quartiersimpulse?", "ask_deadline"), served, TODAY)
    again = respond(turn("nochmal bitte", "repeat_answer", state=first.memory.as_dict(1)), served, TODAY)
    assert again.text == first.text
    assert "simple_language" in [button.intent for button in again.buttons]


def test_nothing_to_repeat_is_said_so(turn, served):
    assert respond(turn("nochmal bitte", "repeat_answer"), served, TODAY).outcome == "not_understood"


def test_a_meeting_place_is_a_plan_and_no_area(turn, served):
    assert respond(turn("Treffpunkt", "find_funding"), served, TODAY).outcome == "form"


def test_the_language_is_told_by_what_was_written_and_not_by_its_correction(served):
    told = {"name": "ask_overview", "confidence": 0.9}
    message = {"text": "what is Quartiersimpulse", "spelt": "what ist Quartiersimpulse", "intent": told, "intent_ranking": [told]}
    reply = respond(Turn.from_message(message), served, TODAY)
    assert reply.text.startswith("I only answer in German")


def test_belief_in_the_finders_moves_makes_no_emergency(turn):
    asked = replace(turn("und was schlagen Sie vor?", "show_result"), ranking={"show_result": 0.6, "emergency": 0.28, "greet": 0.12})
    outside = asked.outside_finder()
    assert outside.ranking["emergency"] == 0.28
    assert outside.ranking["greet"] == pytest.approx(0.3)
