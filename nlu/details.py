"""What a sentence tells about a plan (`council_decision=true`, `themes=alter`), learned from examples with their details as metadata.

The funding dialogue reads words first (`knowledge/words/profile.yml`); this is for what people say in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.svm import LinearSVC

from nlu.features import features
from nlu.margins import Margins

ENTITY = "detail"
TAUGHT_BY = "tell_details"  # the intent whose examples carry details
_FILE = "details.joblib"
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;]*")
_CLAUSE = re.compile(r"[^,:–]+")
_LONG = 8  # words from which on a sentence's clauses are looked at, too


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DetailExtractor(GraphComponent, EntityExtractorMixin):
    """Adds one entity per detail: its value is the label, its confidence the margin."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least`: the margin from which on a detail is believed; `C`: the SVM's regularisation."""
        return {"least": -0.5, "C": 3.0}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, details: Details | None = None) -> None:
        self._config, self._storage, self._resource, self._details = config, storage, resource, details

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DetailExtractor:
        """Make an untrained extractor."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DetailExtractor:
        """Load the trained extractor from a Rasa model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Details(*joblib.load(Path(folder) / _FILE)))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples whose details are told in their metadata."""
        taught = [m for m in training_data.intent_examples if m.get(INTENT) == TAUGHT_BY]
        examples = [(m.get(TEXT), (m.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}) for m in taught]
        model = learn(examples, self._config["C"])
        self._details = Details(*model)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(model, Path(folder) / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the details to each message."""
        for message in messages:
            found = [{**detail, "extractor": type(self).__name__} for detail in self.find(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def find(self, text: str) -> Iterator[dict[str, Any]]:
        """Yield details as Rasa's dictionaries: entity, value, start, end, confidence_entity."""
        assert self._details
        for label, (margin, start, end) in self._details.of(text).items():
            if margin >= self._config["least"]:
                yield {"entity": ENTITY, "value": label, "start": start, "end": end, "confidence_entity": round(margin, 3)}


class Details:
    """The trained labels with their weights."""

    def __init__(self, labels: Sequence[str], union: Any, weights: np.ndarray, intercept: np.ndarray) -> None:
        self._labels, self._margins = labels, Margins(union, weights, intercept)

    def of(self, text: str) -> dict[str, tuple[float, int, int]]:
        """Return the best margin of each label, and the piece of the text where it was found."""
        best: dict[str, tuple[float, int, int]] = {}
        for start, end in pieces(text):
            for label, margin in zip(self._labels, self._margins.of(text[start:end]), strict=True):
                if label not in best or margin > best[label][0]:
                    best[label] = (float(margin), start, end)
        return best


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text and the clauses of long ones, as offsets."""
    for sentence in _SENTENCE.finditer(text):
        if not sentence.group().strip():
            continue
        yield sentence.span()
        clauses = [c for c in _CLAUSE.finditer(sentence.group()) if len(c.group().split()) > 1]
        if len(sentence.group().split()) >= _LONG and len(clauses) > 1:
            yield from ((sentence.start() + c.start(), sentence.start() + c.end()) for c in clauses)


def learn(examples: Sequence[tuple[str, Mapping[str, Any]]], strength: float) -> tuple[list[str], Any, np.ndarray, np.ndarray]:
    """Return labels, features, weights and intercepts: one linear SVM per label, against all other examples."""
    told = [set(labels(details)) for _, details in examples]
    names = sorted(set().union(*told))
    union = features()
    matrix = union.fit_transform([text for text, _ in examples])
    fitted = [LinearSVC(C=strength).fit(matrix, [name in found for found in told]) for name in names]
    return names, union, np.vstack([f.coef_ for f in fitted]), np.concatenate([f.intercept_ for f in fitted])


def labels(details: Mapping[str, Any]) -> Iterator[str]:
    """Yield `key=value` for each detail; an empty list is `key=`.

    >>> list(labels({"partners": [], "phase": "idee", "council_decision": True}))
    ['partners=', 'phase=idee', 'council_decision=true']
    """
    for key, value in details.items():
        for one in (value or [""]) if isinstance(value, list) else [value]:
            yield f"{key}={str(one).lower() if isinstance(one, bool) else one}"
