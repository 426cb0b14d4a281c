"""The first language model that is available, and a small package of the production model's form."""

import sys

import pytest
import spacy

from nlu import language_model
from nlu.language_model import FALLBACK_MODEL, LanguageModel, LanguageModelError


@pytest.fixture
def small_package(tmp_path, monkeypatch):
    """A package that looks like de_core_news_sm: a module with meta data and a pipeline directory."""
    pipeline = spacy.blank("de")
    pipeline.add_pipe("sentencizer")
    pipeline.meta["name"], pipeline.meta["version"] = "tiny_news_xs", "3.4.0"
    package = tmp_path / "de_tiny_news_xs"
    package.mkdir()
    pipeline.to_disk(package / "de_tiny_news_xs-3.4.0")
    (package / "meta.json").write_text((package / "de_tiny_news_xs-3.4.0" / "meta.json").read_text())
    load = "from pathlib import Path\nfrom spacy.util import load_model_from_init_py\n\n\ndef load(**overrides):\n"
    (package / "__init__.py").write_text(load + "    return load_model_from_init_py(__file__, **overrides)\n")
    info = tmp_path / "de_tiny_news_xs-3.4.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: de-tiny-news-xs\nVersion: 3.4.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "de_tiny_news_xs"
    sys.modules.pop("de_tiny_news_xs", None)


def test_without_the_production_model_the_fallback_is_used():
    assert language_model.available("no_such_model", "3.4.0").model == FALLBACK_MODEL


def test_a_package_of_the_right_version_is_used(small_package):
    assert language_model.available(small_package, "3.4.0") == LanguageModel(small_package, "3.4.0")
    assert len(language_model.load(LanguageModel(small_package, "3.4.0"))("Das Quartier")) == 2


def test_a_package_of_another_version_is_not_used(small_package):
    assert language_model.available(small_package, "3.5.0").model == FALLBACK_MODEL


def test_the_fallback_tokenizes_and_lemmatizes_german():
    document = language_model.load(language_model.available("no_such_model"))("Wir gingen in die Häuser")
    assert [token.text for token in document][-1] == "Häuser"
    assert document[-1].lemma_ == "Haus"


def test_another_model_than_trained_says_what_to_do():
    error = LanguageModelError(LanguageModel("de_core_news_sm", "3.4.0"), LanguageModel(FALLBACK_MODEL, "3.4.4"))
    assert "make train" in str(error) and "de_core_news_sm" in str(error)
