"""Entries in Einfache Sprache: loaded with the entry, checked against it, told in its place, easy to read."""

import dataclasses
import re

import pytest

from knowledge import facts, plain
from knowledge.files import build, read_knowledge
from knowledge.model import Asked, Entry
from knowledge.speech import SIMPLE, say, speaking, spoken
from knowledge.store import entry_document

HARDEST = 8.0  # first Wiener Sachtextformel: about the school year that one needs to read a text
DOCUMENT = {
    "id": "x",
    "area": "foerderung",
    "title": "Topf",
    "summary": "Zuschuss von höchstens 500 € für Vereine.",
    "conditions": ["Beschluss des Gemeinderats erforderlich", "nur Sachkosten"],
    "deadlines": [{"date": "2026-08-14", "kind": "antragsfrist", "note": "2. Runde"}],
}
SIMPLE_TEXTS = {
    "Zuschuss von höchstens 500 € für Vereine.": "Vereine bekommen höchstens 500 €.",
    "Beschluss des Gemeinderats erforderlich": "Der Gemeinderat muss es beschließen.",
    "nur Sachkosten": "Es gibt nur Geld für Sachen.",
    "2. Runde": "2. Runde",
    "Nein, ein Beschluss reicht nicht.": "Nein, ein Beschluss ist nicht genug.",
}
ENTRY = Entry(
    DOCUMENT, (), (Asked("conditions", say="Nein, ein Beschluss reicht nicht."), Asked("costs", ("nur Sachkosten",))), SIMPLE_TEXTS
)


@pytest.fixture(scope="module")
def knowledge():
    return read_knowledge()


def test_the_simple_entry_has_all_its_texts_exchanged_and_nothing_else():
    simple = ENTRY.in_simple
    assert simple.summary == "Vereine bekommen höchstens 500 €."
    assert simple.get("conditions") == ["Der Gemeinderat muss es beschließen.", "Es gibt nur Geld für Sachen."]
    assert simple.asked[0].say == "Nein, ein Beschluss ist nicht genug."
    assert (simple.title, simple.get("deadlines")) == (ENTRY.title, ENTRY.get("deadlines"))


def test_what_a_block_refers_to_is_found_in_the_original_and_told_simply():
    assert facts.told(ENTRY, ENTRY.asked[1]) == ["nur Sachkosten"]
    with speaking(SIMPLE):
        assert facts.told(ENTRY, ENTRY.asked[1]) == ["Es gibt nur Geld für Sachen."]


def test_the_language_holds_within_its_block_only():
    with speaking(SIMPLE):
        assert spoken(ENTRY) is ENTRY.in_simple
        assert say("Anträge sind fortlaufend möglich.") == "Einen Antrag kann man immer stellen."
    assert spoken(ENTRY) is ENTRY
    assert say("Anträge sind fortlaufend möglich.") == "Anträge sind fortlaufend möglich."


def test_simple_texts_are_stored_with_their_entry():
    assert build([entry_document(ENTRY)])["x"].simple == SIMPLE_TEXTS


def test_simple_texts_that_say_the_same_have_no_fault():
    assert list(plain.faults(ENTRY)) == []


@pytest.mark.parametrize(
    ("text", "simple", "fault"),
    [
        ("nur Sachkosten", None, "kein einfacher Text"),
        ("ein Text von früher", "alt", "steht nicht (mehr) im Eintrag"),
        ("Zuschuss von höchstens 500 € für Vereine.", "Vereine bekommen höchstens 50 €.", "es fehlt 500"),
        ("Zuschuss von höchstens 500 € für Vereine.", "Vereine bekommen 500 €.", "Obergrenze fehlt"),
        ("Nein, ein Beschluss reicht nicht.", "Nein, ein Beschluss reicht.", "Verneinung fehlt"),
        ("Beschluss des Gemeinderats erforderlich", "Der Gemeinderat beschließt es.", "Pflicht fehlt"),
    ],
)
def test_a_simple_text_that_is_missing_old_or_says_something_else_is_a_fault(text, simple, fault):
    changed = {key: value for key, value in {**SIMPLE_TEXTS, text: simple}.items() if value}
    found = list(plain.faults(dataclasses.replace(ENTRY, simple=changed)))
    assert any(fault in line for line in found)


def test_every_entry_is_easy_to_read_in_simple_language(knowledge):
    textstat = pytest.importorskip("textstat", reason="only in the environment of the gateway")
    textstat.set_lang("de")
    names = _names(knowledge)
    scores = {key: textstat.wiener_sachtextformel(_whole(entry, names), 1) for key, entry in knowledge.entries.items()}
    assert {key: score for key, score in scores.items() if score > HARDEST} == {}


def _names(knowledge):
    """A pattern of the proper names of programmes, offers and institutions: nobody can make them shorter."""
    found = {contact.document["organisation"] for contact in knowledge.contacts}
    for entry in knowledge.entries.values():
        contact = entry.get("contact") or {}
        found |= {*entry.names, entry.get("provider") or "", entry.get("funder") or "", contact.get("organisation") or ""}
    return re.compile("|".join(re.escape(name) for name in sorted(found, key=len, reverse=True) if len(name) > 3))


def _whole(entry, names):
    ended = (text if text.endswith((".", "!", "?", ":")) else f"{text}." for text in entry.simple.values())
    return names.sub("Name", " ".join(ended))
