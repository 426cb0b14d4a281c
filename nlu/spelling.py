"""Spelling: words that nobody knows are put right where one letter is wrong and the right word is clear."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spellchecker import SpellChecker

from knowledge import gazetteer, yaml_file
from knowledge.language import fold, stem, words

SPELT = "spelt"  # the message's attribute with the corrected text; its own text stays as it was written
SHORTEST, LONGEST = 4, 30  # letters of a word that is corrected; the longer, the more words are one letter off
FREQUENT = 2_000  # uses in the dictionary's corpus from which on a word that our sentences do not have is a likely reading
SAFE, COMMONER = 2, 10  # uses from which on a word of our sentences is none by chance; how much commoner the right word is
_FILE = "words.json"
_WORDS = Path(__file__).parent.parent / "knowledge" / "words"
_DIGRAPH = re.compile("[aou]e")
_SPACED = re.compile(r"\b[^\W\d_](?: [^\W\d_]){2,4}\b")
_WORD = re.compile(r"[^\W\d_]+")
_OF_PLACE = frozenset(["in", "aus", "us", "bei", "von", "vo", "nach", "gemeinde", "stadt", "kreis", "landkreis", "raum"])


class Speller:
    """Corrects messages by the words of the training sentences and by a German dictionary."""

    def __init__(self, uses: Mapping[str, int]) -> None:
        """`uses`: how often the training sentences have a word, as it is written in lower case."""
        self._ours: dict[str, tuple[str, int]] = {}
        for word, n in uses.items():
            if n >= SAFE and n > self._ours.get(fold(word), ("", 0))[1]:
                self._ours[fold(word)] = (word, n)
        self._stems = {stem(word) for word in self._ours}
        self._right = lru_cache(maxsize=50_000)(self._corrected)  # most words come again
        self._usual, self._fixed, self._short = _dictionary(), _fixed_words(), _short_forms()  # read now, not with the first message

    def correct(self, text: str) -> str:
        """Return a message with short forms written out and slips put right; everything else as it was.

        >>> Speller({"reden": 3}).correct("kann ich mit jmd redn")
        'kann ich mit jemand reden'
        """
        before, text = "", _SPACED.sub(lambda match: self._united(match.group()), text)

        def put_right(match: re.Match[str]) -> str:
            nonlocal before
            word, last = match.group(), before
            before = word.lower()
            return self._right(word, last in _OF_PLACE or word[0].isupper() and bool(last))

        return _WORD.sub(put_right, text)

    def _united(self, letters: str) -> str:
        """An abbreviation written with blanks (e l r), where it is one of ours."""
        word = letters.replace(" ", "")
        return word if fold(word) in self._ours else letters

    def _corrected(self, word: str, may_be_a_name: bool) -> str:
        low = fold(word)
        if low in self._short:
            return self._short[low]
        if not SHORTEST <= len(low) <= LONGEST or self._is_known(low):
            return word
        drawn = _drawn_out(low)
        near = drawn if len(low) == SHORTEST else _checker().edit_distance_1(low)  # of so short a word, too many others are near
        candidates = {other: self._reading(other) for other in near if other in self._ours or other in self._usual}
        if not candidates or candidates.keys() & _places():  # a place is asked back, not assumed
            return word
        best = max(candidates, key=lambda other: (other in drawn, candidates[other].ours > 0, other[0] == low[0], *candidates[other]))
        if not self._is_sure(candidates[best], self._ours.get(low, ("", 0))[1], may_be_a_name):
            return word
        written = candidates[best].written
        return written.capitalize() if word[0].isupper() else written

    def _is_known(self, low: str) -> bool:
        if low in self._fixed or low in self._usual:
            return True
        return low not in self._ours and stem(low) in self._stems

    def _reading(self, word: str) -> _Reading:
        ours, usual = self._ours.get(word, ("", 0)), self._usual.get(word, ("", 0))
        return _Reading(ours[1], usual[1], ours[0] or usual[0])

    @staticmethod
    def _is_sure(reading: _Reading, uses: int, may_be_a_name: bool) -> bool:
        """`uses`: how often the word itself stands in our sentences."""
        if uses:
            return reading.ours >= COMMONER * uses
        return reading.ours > 0 or reading.elsewhere >= FREQUENT and not may_be_a_name


class _Reading(NamedTuple):
    """A word that may be meant: its uses in our sentences, in the dictionary's corpus, and how it is written."""

    ours: int
    elsewhere: int
    written: str


def _drawn_out(word: str) -> set[str]:
    """The word with an e where speech swallows it: machn → machen, anmeldn → anmelden."""
    return {word[:-1] + "e" + word[-1], word + "e"}


@lru_cache(maxsize=1)
def _checker() -> SpellChecker:
    return SpellChecker(language="de", distance=1)


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, tuple[str, int]]:
    """Folded word → how it is written, and its uses in the dictionary's corpus (pyspellchecker, from film subtitles)."""
    found: dict[str, tuple[str, int]] = {}
    for word, uses in _checker().word_frequency.items():
        key = word if word.isascii() and not _DIGRAPH.search(word) else fold(word)
        if uses > found.get(key, ("", 0))[1]:
            found[key] = (word, uses)
    return found


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, str]:
    return {fold(short): long for short, long in yaml_file.read(_WORDS / "short_forms.yml").items()}


@lru_cache(maxsize=1)
def _fixed_words() -> frozenset[str]:
    dialect = yaml_file.read(_WORDS / "dialect.yml")
    return frozenset(word for text in dialect for word in words(text)) | _places()


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(word for place in gazetteer.places() for word in words(place.name) if len(word) >= SHORTEST)


def uses_of(texts: Iterable[str]) -> Counter[str]:
    """Count the words of sentences, in lower case."""
    return Counter(word.lower() for text in texts for word in _WORD.findall(text))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingCorrector(GraphComponent):
    """Gives each message a corrected text beside its own (`spelt`); learns its words from the training sentences."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    def __init__(self, storage: ModelStorage, resource: Resource, speller: Speller | None = None) -> None:
        """`speller`: once trained."""
        self._storage, self._resource, self._speller = storage, resource, speller

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SpellingCorrector:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingCorrector:
        """Load the words of the training."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Speller(json.loads((Path(folder) / _FILE).read_text(encoding="utf-8"))))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of all training sentences."""
        uses = uses_of(message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT))
        self._speller = Speller(uses)
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _FILE).write_text(json.dumps({word: n for word, n in uses.items() if n >= SAFE}), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Correct the training sentences as the messages are corrected later."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the corrected text of messages; a button's command stays as it is."""
        assert self._speller
        for message in messages:
            text = message.get(TEXT) or ""
            message.set(SPELT, text if text.startswith("/") else self._speller.correct(text), add_to_output=True)
        return messages
