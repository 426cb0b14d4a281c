"""Entities by lists and patterns: entries by name, places, applicant kinds, themes, phases, cost types, money, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from knowledge import amounts, dates, gazetteer
from knowledge.files import read_knowledge
from knowledge.kinds import KindWords
from knowledge.language import words
from knowledge.query import NameIndex

_FILE = "entries.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class KnowledgeEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds what the knowledge base has lists for; titles and aliases are those of the day of the training."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`min_strength`: how surely an entry must be named, 0 to 1."""
        return {"min_strength": 0.45}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, names: list[list[str]]) -> None:
        """`names` is a list of [entry id, name]."""
        self._config, self._storage, self._resource, self._names = config, storage, resource, names
        self._ids = [key for key, _ in names]
        self._index = NameIndex([(number, name) for number, (_, name) in enumerate(names)])
        self._kinds = KindWords()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> KnowledgeEntityExtractor:
        """Make the component for training, with the names of the knowledge base."""
        entries = read_knowledge().entries.values()
        return cls(config, model_storage, resource, [[e.id, name] for e in entries for name in e.names])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeEntityExtractor:
        """Load the names from a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, read_json_file(Path(folder) / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the names in the trained model."""
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(str(Path(folder) / _FILE), self._names)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            found = [{**entity, "extractor": type(self).__name__} for entity in self.find(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def find(self, text: str) -> Iterator[dict[str, Any]]:
        """Yield entities as Rasa's dictionaries: entity, value, start, end."""
        yield from self._entries(text)
        for mention in gazetteer.find(text):
            keys = [place.ags for place in mention.places]
            yield _entity("place", keys, text, mention.text)
        for kind, value, start, end in self._kinds.find(text):
            yield {"entity": kind, "value": value, "start": start, "end": end}
        for amount in amounts.find(text):
            yield {"entity": "money", "value": amount.eur, "start": amount.start, "end": amount.end}
        for day in dates.find(text):
            yield {"entity": "date", "value": day.value, "start": day.start, "end": day.end}

    def _entries(self, text: str) -> Iterator[dict[str, Any]]:
        best: dict[str, float] = {}
        for number, strength in self._index.find(" ".join(words(text))).items():
            if strength >= self._config["min_strength"]:
                best[self._ids[number]] = max(strength, best.get(self._ids[number], 0.0))
        for key, strength in sorted(best.items(), key=lambda item: -item[1])[:4]:
            yield {**_entity("entry", key, text, ""), "confidence_entity": strength}


def _entity(kind: str, value: Any, text: str, surface: str) -> dict[str, Any]:
    match = re.search(re.escape(surface), text, re.IGNORECASE) if surface else None
    start, end = match.span() if match else (0, len(text))
    return {"entity": kind, "value": value, "start": start, "end": end}
