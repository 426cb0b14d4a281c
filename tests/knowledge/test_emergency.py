"""Emergencies are recognised before anything else; harmless sentences with the same words are not."""

from pathlib import Path

import pytest

from knowledge import plain, yaml_file
from knowledge.emergency import SIMPLE, TEXT, recognise, words

SENTENCES = yaml_file.read(Path(__file__).parents[1] / "data" / "emergencies.yml")
EMERGENCIES = [item["text"] for item in SENTENCES if item["kind"] != "none"]
HARMLESS = [item["text"] for item in SENTENCES if item["kind"] == "none"]


def test_there_are_enough_sentences_of_both_kinds():
    assert len(EMERGENCIES) >= 60 and len(HARMLESS) >= 60


@pytest.mark.parametrize("text", EMERGENCIES)
def test_an_emergency_is_recognised(text):
    assert recognise(text)


def test_at_most_one_harmless_sentence_in_twenty_is_taken_for_an_emergency():
    assert len([text for text in HARMLESS if recognise(text)]) <= 0.05 * len(HARMLESS)


@pytest.mark.parametrize("number", ["112", "110", "0800 1110111", "116 016", "116 117"])
def test_the_fixed_text_names_the_lines_in_both_languages(number):
    assert number in TEXT and number in SIMPLE


def test_the_fixed_text_in_simple_language_says_the_same():
    assert words("de") == TEXT and words("de-simple") == SIMPLE
    assert not list(plain.differences(TEXT, SIMPLE))
