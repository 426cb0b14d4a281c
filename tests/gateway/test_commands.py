"""No citizen's text is ever a command to Rasa."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation import Button, rasa_command
from gateway.rasa import neutralise

BLANKS = st.text(
    st.sampled_from(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u2009\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff")
)


def is_command_to_rasa(text):
    """Rasa 3.6: `UserMessage` strips the text, the parser then looks for a leading slash."""
    return text.strip().startswith("/")


@given(st.text())
def test_no_text_is_a_command(text):
    assert not is_command_to_rasa(neutralise(text))


@given(BLANKS, st.text())
def test_no_slash_after_any_blanks_is_a_command(blanks, text):
    assert not is_command_to_rasa(neutralise(f"{blanks}/{text}"))


@given(st.text(st.characters(exclude_characters="/")))
def test_a_text_without_a_slash_stays_as_it_is(text):
    assert neutralise(text) == text


@pytest.mark.parametrize("text", ["/restart", "  /inform", '\u00a0/intent{"a": "b"}', "\u200b/session_start", "//"])
def test_commands_typed_by_citizens_are_just_text(citizen, rasa, text):
    assert citizen.say(text)["answer"]["outcome"] == "answer"
    assert not is_command_to_rasa(rasa.received[-1]["message"])
    assert citizen.events(after=1)[0]["text"] == text


def test_only_a_button_is_a_command():
    assert rasa_command(Button("Hallo", "say_hello")) == "/say_hello"
    assert rasa_command(Button("x", "ask_amount", {"entry": "a"})) == '/ask_amount{"entry": "a"}'
