"""Emergencies are recognised before anything else; harmless sentences with the same words are not."""

from pathlib import Path

import pytest

from knowledge import yaml_file
from knowledge.emergency import TEXT, recognise

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


@pytest.mark.parametrize("number", ["112", "110", "0800 1110111", "116 016"])
def test_the_fixed_text_names_the_lines(number):
    assert number in TEXT
