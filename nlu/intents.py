"""The intent classifier: a linear SVM over word and character n-grams with a softmax over its margins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union
from sklearn.svm import LinearSVC

from nlu.margins import Margins
from nlu.spelling import SPELT

_FILE = "intents.joblib"
_RANKING = 16


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Chosen by measurement (docs/adr): better and 70 times faster than DIET on MASSIVE-de.

    Its confidence is a softmax over margins and decides nothing alone: the actions combine it with the search.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: the SVM's regularisation; `sharpness`: how far the softmax spreads the margins."""
        return {"C": 0.5, "sharpness": 4.0, "min_df": 1}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Any = None) -> None:
        """`model` is (features, classifier) once trained."""
        self._config, self._storage, self._resource, self._model = config, storage, resource, model
        self._margins = Margins(*model) if model else None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LinearIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load the trained classifier from a Rasa model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(Path(folder) / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all examples that have an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        features = _features(self._config["min_df"])
        matrix = features.fit_transform([_read(m) for m in examples])
        classifier = LinearSVC(C=self._config["C"]).fit(matrix, [m.get(INTENT) for m in examples])
        self._model, self._margins = (features, classifier), Margins(features, classifier)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of messages."""
        for message in messages:
            ranking = self.rank(_read(message))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def rank(self, text: str) -> list[dict[str, Any]]:
        """Return the likeliest intents as {"name", "confidence"}, best first."""
        _, classifier = self._model
        margins = self._margins.of(text)
        if len(classifier.classes_) == 2:
            margins = np.array([-margins[0], margins[0]])
        spread = np.exp(self._config["sharpness"] * (margins - margins.max()))
        confidence = spread / spread.sum()
        best = np.argsort(-confidence)[:_RANKING]
        return [{"name": str(classifier.classes_[n]), "confidence": float(confidence[n])} for n in best]


def _read(message: Message) -> str:
    return str(message.get(SPELT) or message.get(TEXT) or "")


def _features(min_df: int) -> FeatureUnion:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", min_df=min_df)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=min_df)
    return make_union(words, chars)
