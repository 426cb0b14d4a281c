"""Which German spaCy pipeline there is: the production model, or the embedded fallback.

`de_core_news_sm` 3.4.0 is the production model. Where it cannot be had, a blank German pipeline with the lemma tables of
`spacy-lookups-data` does the same work: it tokenizes and lemmatizes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import spacy
from spacy.language import Language

PRODUCTION_MODEL = "de_core_news_sm"
PRODUCTION_VERSION = "3.4.0"
FALLBACK_MODEL = "blank-de-lookups"


@dataclass(frozen=True)
class LanguageModel:
    """Name and version of a German pipeline."""

    model: str
    version: str

    def as_dict(self) -> dict[str, str]:
        """Return the form that is stored in a trained model and shown by /health/ready."""
        return asdict(self)


class LanguageModelError(Exception):
    """The trained model needs another language model than this machine has."""

    def __init__(self, trained: LanguageModel, available: LanguageModel) -> None:
        super().__init__(
            f"Das Modell wurde mit {trained.model} {trained.version} trainiert, hier gibt es {available.model} "
            f"{available.version}. Bitte mit `make train` neu trainieren oder {trained.model} {trained.version} installieren."
        )


def available(name: str = PRODUCTION_MODEL, version: str = PRODUCTION_VERSION) -> LanguageModel:
    """Return the first model that is installed in the right version: production, else fallback."""
    if spacy.util.is_package(name) and _version(name) == version:
        return LanguageModel(name, version)
    return LanguageModel(FALLBACK_MODEL, spacy.__version__)


def load(model: LanguageModel) -> Language:
    """Load a pipeline that tokenizes and lemmatizes; the statistical parser is left out, nothing here needs it."""
    if model.model == FALLBACK_MODEL:
        return _fallback()
    return spacy.load(model.model, exclude=["parser", "senter", "ner"])


def _fallback() -> Language:
    pipeline = spacy.blank("de")
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return pipeline


def _version(name: str) -> str:
    meta: dict[str, Any] = spacy.util.get_package_path(name) and spacy.info(name, silent=True) or {}
    return str(meta.get("version", ""))
