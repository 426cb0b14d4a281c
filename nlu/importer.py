"""Training sentences from the knowledge base: what people ask about entries, labelled by what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.files import read_knowledge
from knowledge.model import Asked, Entry

NEED = {"foerderung": "find_funding"}


class KnowledgeImporter(TrainingDataImporter):
    """Adds the wordings of `knowledge/questions`, so that a new entry needs no second list of training sentences."""

    def __init__(self, config_file: str | None = None, domain_path: Any = None, training_data_paths: Any = None, **_: Any) -> None:
        """Rasa passes the project's paths; the knowledge base has its own."""

    def get_domain(self) -> Domain:
        """Add nothing to the domain."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Add no stories."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Add nothing to the configuration."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """There is no file to complete."""
        return None

    def get_nlu_data(self, language: str | None = "de") -> TrainingData:
        """Return one training message per wording."""
        return TrainingData([Message.build(text, intent) for text, intent in sorted(set(examples()))])


def examples() -> Iterator[tuple[str, str]]:
    """Yield (sentence, intent) for every wording of every entry."""
    for entry in read_knowledge().entries.values():
        for block in entry.asked:
            for _, text in block.wordings:
                yield text, intent_of(entry, block)
        for text in entry.get("paraphrases", ()):
            yield text, "ask_detail"


def intent_of(entry: Entry, block: Asked) -> str:
    """Return the intent that a block's wordings express."""
    if block.topic == "need":
        return NEED.get(entry.area, "find_offer")
    if entry.area == "glossar":
        return "explain_term"
    return "ask_detail" if block.topic == "other" else f"ask_{block.topic}"
