"""What rests on no entry: people, small talk, limits."""

import datetime

import pytest

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
