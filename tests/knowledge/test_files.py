"""Every file against its schema; a broken file names file, key and what was expected."""

import os
from pathlib import Path

import pytest

from knowledge import check, yaml_file
from knowledge.files import EntryFileError, read_entry, read_knowledge

SHARED = Path(os.environ.get("SHARED_DIR", "../shared"))
# Fields that were moved or corrected on purpose, with the reason.
CORRECTED = {
    ("gkv-kommunal", "deadlines"): "the only date is Bavaria's (facts/REVIEW.md A)",
    ("unterstuetzungsangebote-im-alltag", "applicants"): "its own condition names no initiatives (facts/REVIEW.md C)",
    ("sanierung-kommunaler-sportstaetten", "combination"): "no other federal programme beside it (facts/REVIEW.md B12)",
    ("antragsgespraech-quartiersimpulse", "conditions"): "who has to be there is known from a source of December 2022 only, and is dated",
    ("glossar-quartiersimpulse", "explanation"): "a Landkreis applies only with a municipality, as the programme's own entry says",
}


@pytest.fixture(scope="module")
def knowledge():
    return read_knowledge()


def test_all_entries_and_contacts_are_there(knowledge):
    assert len(knowledge.entries) == 320
    assert len(knowledge.contacts) == 101


def test_the_knowledge_base_has_no_faults(knowledge):
    assert list(check.faults(knowledge)) == []


def test_every_entry_has_questions_people_ask(knowledge):
    assert [key for key, entry in knowledge.entries.items() if not entry.asked] == []


def test_every_source_of_a_term_is_the_editors_glossary(knowledge):
    terms = [e for e in knowledge.entries.values() if e.area == "glossar"]
    assert {e.sources[0].title for e in terms} == {"Glossar der Redaktion"}


def test_an_unofficial_page_is_called_a_secondary_source(knowledge):
    sources = [s for e in knowledge.entries.values() for s in e.sources if s.secondary]
    assert sources and all("Sekundärquelle" in s.title for s in sources)


def test_phone_numbers_need_confidence(knowledge):
    low = [c for c in knowledge.contacts if c.document["confidence"] == "low"]
    assert low and all(c.phone is None and c.email is None for c in low)


def test_a_broken_file_names_file_key_and_expectation(tmp_path):
    folder = tmp_path / "knowledge" / "entries" / "faq"
    folder.mkdir(parents=True)
    file = folder / "faq-x.yml"
    file.write_text('id: faq-x\narea: faq\nquestion: "Was?"\nanswer: 3\n', encoding="utf-8")
    with pytest.raises(EntryFileError) as caught:
        read_entry(file, tmp_path / "knowledge")
    assert "faq-x.yml" in str(caught.value)
    assert caught.value.expected


def test_no_and_leading_zeros_stay_text(tmp_path):
    file = tmp_path / "x.yml"
    file.write_text("land: no\nzeit: 1:30\nplz: 01097\n", encoding="utf-8")
    assert yaml_file.read(file) == {"land": "no", "zeit": "1:30", "plz": "01097"}


@pytest.mark.skipif(not (SHARED / "facts").exists(), reason="SHARED_DIR with the fact collection is not there")
@pytest.mark.parametrize("name", ["foerderung", "angebote", "faq", "glossar"])
def test_nothing_of_the_fact_collection_is_dropped(name, knowledge):
    for fact in yaml_file.read(SHARED / "facts" / f"{name}.yml"):
        entry = knowledge.entries[fact["id"]]
        for key, value in fact.items():
            if (fact["id"], key) not in CORRECTED:
                assert _within(_plain(value), _plain(entry.get(key))), (fact["id"], key)


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if not (k == "as_of" and v in ("unknown", None))}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.strip() if isinstance(value, str) else value if isinstance(value, (bool, type(None))) else str(value)


def _within(wanted, found):
    """Everything wanted is there; found may hold more (such as a yearly window)."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_within(v, found.get(k)) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(_within, wanted, found))
    return wanted == found
