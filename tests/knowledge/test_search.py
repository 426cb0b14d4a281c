"""Search in German over the real entries."""

import itertools
import os
from pathlib import Path

import pytest

from knowledge import yaml_file
from knowledge.files import read_knowledge
from knowledge.index import Field
from knowledge.search import Search

QUESTIONS = Path(os.environ.get("SHARED_DIR", "../shared")) / "eval" / "questions_dev.yml"


@pytest.fixture(scope="module")
def search():
    return Search(read_knowledge().entries.values())


def ids(search, text, limit=3):
    return [hit.entry.id for hit in search.find(text, limit=limit)]


def test_a_compound_finds_its_parts(search):
    found = ids(search, "Quartiersentwicklungsberatung", limit=5)
    assert any("quartiersberatung" in key or key == "gkz-qe" for key in found)


def test_missing_umlauts_do_not_matter(search):
    assert ids(search, "Nachbarschaftsgesprache") == ids(search, "Nachbarschaftsgespräche")


def test_typing_mistakes_are_forgiven(search):
    assert "quartiersimpulse" in ids(search, "Quatiersimpuls Förderung", limit=4)


def test_an_everyday_word_finds_the_official_one(search):
    assert "faq-belege-aufbewahren" in ids(search, "Quittungen wegwerfen")


def test_an_area_limits_the_search(search):
    assert {hit.entry.area for hit in search.find("Beratung", area="beratung")} == {"beratung"}


def test_empty_and_strange_texts_find_nothing_or_something_without_failing(search):
    for text in ("", "   ", "?????", "\u202e", "😀", "a" * 2000, "'; DROP TABLE--"):
        assert isinstance(search.find(text), list)


@pytest.mark.skipif(not QUESTIONS.exists(), reason="SHARED_DIR with the question sets is not there")
def test_recall_at_three_over_the_entry_questions(search):
    asked = [q for q in yaml_file.read(QUESTIONS) if q["expect"].get("entries_any")]
    hits = 0
    for question in asked:
        found = {key.removeprefix("faq-").removeprefix("glossar-") for key in ids(search, question["text"])}
        hits += bool(found & set(question["expect"]["entries_any"]))
    assert hits / len(asked) >= 0.92


def test_a_range_of_documents_scores_as_in_the_whole_field():
    documents = [["a", "b"], ["b"], [], ["a", "c", "c"], ["b", "c"]]
    field, query = Field(documents), {"a": 1.0, "c": 0.5, "unheard": 0.7}
    whole = field.scores(query)
    for first, last in itertools.combinations(range(len(documents) + 1), 2):
        assert field.scores(query, first, last).tolist() == whole[first:last].tolist()
    assert field.scores({"unheard": 1.0}, 1, 3).tolist() == [0.0, 0.0]
