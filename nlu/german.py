"""The tokenizer of the pipeline: German tokens with lemmas from the first language model that is available."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import language_model
from nlu.language_model import LanguageModel, LanguageModelError

_FILE = "language_model.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class GermanTokenizer(Tokenizer):
    """Tokenizes German with spaCy and gives each token its lemma.

    The choice of the language model is made at training and stored in the trained model; loading that model on a machine
    with another choice raises `LanguageModelError`, which says what to do.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's tokenizer settings; `model` and `version` name the production model."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            "model": language_model.PRODUCTION_MODEL,
            "version": language_model.PRODUCTION_VERSION,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LanguageModel) -> None:
        """Load the pipeline of a model (0.2 s)."""
        super().__init__(config)
        self._storage, self._resource, self._model = storage, resource, model
        self._pipeline = language_model.load(model)

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> GermanTokenizer:
        """Make the component for training, with the best model of this machine."""
        return cls(config, model_storage, resource, language_model.available(config["model"], config["version"]))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GermanTokenizer:
        """Load a trained component.

        Raises `LanguageModelError` where this machine has another language model than the training had.
        """
        with model_storage.read_from(resource) as folder:
            trained = LanguageModel(**json.loads((Path(folder) / _FILE).read_text(encoding="utf-8")))
        here = language_model.available(config["model"], config["version"])
        if here != trained:
            raise LanguageModelError(trained, here)
        return cls(config, model_storage, resource, trained)

    def train(self, training_data: TrainingData) -> Resource:
        """Store the choice of the language model, in the trained model and beside it for /health/ready."""
        text = json.dumps(self._model.as_dict())
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _FILE).write_text(text, encoding="utf-8")
        if os.environ.get("DATA_DIR"):
            shown = Path(os.environ["DATA_DIR"]) / "models" / _FILE
            shown.parent.mkdir(parents=True, exist_ok=True)
            shown.write_text(text, encoding="utf-8")
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of a message; each carries its lemma."""
        document = self._pipeline(message.get(attribute))
        return [Token(t.text, t.idx, lemma=t.lemma_ or t.text) for t in document if t.text.strip()]
