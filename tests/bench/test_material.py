"""What the benchmarks feed in: held-out wordings, generated entries, training data; nothing is measured here."""

import pytest
import yaml

from bench import corpus, nlu, run
from bench.engines import Fts5, match_any
from knowledge.model import Asked, Entry
from ops.problem import Problem


def entry(number: int) -> Entry:
    wordings = tuple(("frage", f"Wie fördert Programm {number} die Begegnung, Variante {n}?") for n in range(10))
    document = {"id": f"e{number}", "area": "foerderung", "title": f"Programm {number}", "summary": "Begegnung im Quartier."}
    return Entry(document, (), (Asked("overview", (), None, wordings),))


def test_what_is_asked_is_not_in_the_index():
    searched = corpus.held_out([entry(1), entry(2)])
    indexed = {text for e in searched.entries for block in e.asked for _, text in block.wordings}
    assert [key for _, key in searched.questions] == ["e1", "e2"]
    assert not indexed & {text for text, _ in searched.questions}


def test_generated_entries_are_the_same_in_every_run():
    small = corpus.held_out([entry(1), entry(2)])
    first, second = (corpus.enlarged(small, 20) for _ in range(2))
    assert len(first.entries) == 20 and len({e.id for e in first.entries}) == 20
    assert [e.title for e in first.entries] == [e.title for e in second.entries]


def test_fts5_finds_the_same_documents_by_words():
    assert Fts5([entry(1), entry(2)]).find("Programm 2")[0] == "e2"
    assert match_any('"NEAR(" OR') == '"NEAR" OR "OR"'


def test_every_training_sentence_reaches_rasa():
    data = yaml.safe_load(nlu.rasa_yaml([("weck mich [morgen]", "alarm_set"), ("spiel musik", "play_music")]))
    assert [block["intent"] for block in data["nlu"]] == ["alarm_set", "play_music"]
    assert data["nlu"][0]["examples"] == "- weck mich (morgen)\n"


def test_the_pipeline_is_measured_without_the_knowledge_base_as_training_data():
    config = yaml.safe_load(nlu.pipeline_only("recipe: r\nassistant_id: a\nlanguage: de\npipeline: [{name: x}]\nimporters: [{name: y}]"))
    assert config["importers"] == [{"name": "RasaFileImporter"}]
    assert config["pipeline"] == [{"name": "x"}] and config["policies"] == []


def test_an_unknown_benchmark_is_named():
    with pytest.raises(Problem, match="chian"):
        run.wanted(["--only", "chian"])
