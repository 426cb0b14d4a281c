"""Spelling: clear slips are put right; names, dialect and buttons stay as they are."""

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.importer import examples
from nlu.spelling import SPELT, Speller, SpellingCorrector, uses_of


@pytest.fixture(scope="module")
def speller():
    return Speller(uses_of(text for text, _ in examples()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wir wolln was fürs Dorf machn", "wir wollen was fürs Dorf machen"),
        ("gibs da föderung", "gibt es da förderung"),
        ("zuschus beantragn", "zuschuss beantragen"),
        ("Quartirsimpulse", "Quartiersimpulse"),
        ("kann ich mit jmd sprechn", "kann ich mit jemand sprechen"),
        ("e l r frist", "elr frist"),
        ("weis ich nich", "weiß ich nicht"),
    ],
)
def test_a_clear_slip_is_put_right(speller, written, meant):
    assert speller.correct(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Wir kommen aus Horb und aus Unterjesingen",  # a place of the register, and one that is in no list
        "mir dädet gern ebbes fürs Flecka mache",  # dialect is known, not wrong
        "Frau Zipperlen ist die Vorsitzende",
        "bei elwangen",  # nearly a place: asked back, not assumed
        "Was kostet ein Bücherschrank im Ortskern?",
        "x" * 2_000,  # no word: nothing is sought near it
    ],
)
def test_names_dialect_and_right_words_stay(speller, text):
    assert speller.correct(text) == text


def test_a_button_is_never_corrected(speller):
    message = Message(data={TEXT: '/set_profile{"key":"place","value":"Ulmm"}'})
    SpellingCorrector(None, None, speller).process([message])
    assert message.get(SPELT) == message.get(TEXT)


def test_the_text_itself_stays_as_it_was_written(speller):
    message = Message(data={TEXT: "foerdermitel fürs dorf"})
    SpellingCorrector(None, None, speller).process([message])
    assert message.get(TEXT) == "foerdermitel fürs dorf"
    assert message.get(SPELT) == "fördermittel fürs dorf"
