"""Ranked search over entries in German: words, parts of compounds, character n-grams, names; combined and weighted.

BM25 comes from bm25s, stems from Snowball, near spellings from RapidFuzz; what lives here is their combination.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.index import Field
from knowledge.language import fold
from knowledge.model import Asked, Entry
from knowledge.query import Analyser, Query

# Weights of the combination, tuned on held-out wordings of our own, not on the question sets.
WORDS, CHARS, WHOLE_WORDS, WHOLE_CHARS, NAME = 1.0, 0.7, 0.6, 0.7, 0.16
SCALE = 0.59  # keeps scores near 1 for a query whose words are all there
PASSAGES = 12
NAME_LEFT = 0.15  # weight left to the words of its name when only one entry is looked into


@dataclass(frozen=True)
class Passage:
    """A text that stands for an entry: a name, a fact, or a wording of a question with the block that answers it."""

    entry: int
    text: str
    kind: str  # "name", "fact", or the kind of a wording (model.WORDING_KINDS)
    block: Asked | None = None
    field: str = ""


@dataclass(frozen=True)
class Hit:
    """An entry found: `score` between 0 and about 1 (1 = the query's words are all there), and its best passages."""

    entry: Entry
    score: float
    passages: tuple[tuple[float, Passage], ...] = ()
    named: float = 0.0


class Search:
    """An index over entries, built once per knowledge version."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self._passages = [p for number, entry in enumerate(self.entries) for p in passages_of(number, entry)]
        self._owner = np.array([p.entry for p in self._passages], dtype=np.int32)
        self._starts = np.searchsorted(self._owner, np.arange(len(self.entries) + 1))
        self._of_names: dict[int, frozenset[str]] = {}
        self._number = {entry.id: number for number, entry in enumerate(self.entries)}
        texts = [p.text for p in self._passages]
        self.analyser = Analyser(texts, list(_names(self.entries)))
        self._words = Field([self.analyser.word_tokens(text) for text in texts])
        self._chars = Field([self.analyser.char_tokens(text) for text in texts])
        self._whole_words = self._words.merged(self._owner, len(self.entries))
        self._whole_chars = self._chars.merged(self._owner, len(self.entries))

    def find(self, text: str, area: str | None = None, limit: int = 10) -> list[Hit]:
        """Return the entries that fit a German text best, best first; an empty list where no word is known."""
        return self.rank(self.analyser.analyse(text), area, limit)

    def rank(self, query: Query, area: str | None = None, limit: int = 10) -> list[Hit]:
        """Rank entries for an analysed query (see `Analyser.analyse`)."""
        if not self.entries:
            return []
        passage = self._passage_scores(query)
        best = np.maximum.reduceat(passage, self._starts[:-1])
        total = best + WHOLE_WORDS * self._whole_words.scores(query.words)
        total += WHOLE_CHARS * self._whole_chars.scores(query.chars)
        for number, strength in query.names.items():
            total[number] += NAME * strength
        total *= SCALE
        if area:
            total *= np.array([entry.area == area for entry in self.entries])
        order = np.argsort(-total)[:limit]
        ranges = ((int(n), passage[self._starts[n] : self._starts[n + 1]]) for n in order if total[n] > 0)
        return [self._hit(n, float(total[n]), own, query) for n, own in ranges]

    def within(self, query: Query, entry: str) -> Hit | None:
        """Return one entry with its passages ranked for what a query asks beside the entry's name; None for an unknown id."""
        number = self._number.get(entry)
        if number is None:
            return None
        first, last = int(self._starts[number]), int(self._starts[number + 1])
        rest = query.without(self._name_tokens(number), NAME_LEFT)
        own = self._passage_scores(rest, first, last)
        return self._hit(number, float(own.max(initial=0.0)), own, query)

    def _name_tokens(self, number: int) -> frozenset[str]:
        if number not in self._of_names:
            names = self.entries[number].names
            tokens = {token for name in names for token in self.analyser.word_tokens(name)}
            self._of_names[number] = frozenset(tokens | {gram for name in names for gram in self.analyser.char_tokens(name)})
        return self._of_names[number]

    def _passage_scores(self, query: Query, first: int = 0, last: int | None = None) -> np.ndarray:
        words, chars = self._words.scores(query.words, first, last), self._chars.scores(query.chars, first, last)
        return (WORDS * words + CHARS * chars) / (WORDS + CHARS)

    def _hit(self, number: int, score: float, own: np.ndarray, query: Query) -> Hit:
        """Build a hit from the scores of the entry's own passages."""
        first = int(self._starts[number])
        best = np.argsort(-own)[:PASSAGES]
        found = tuple((near, self._passages[first + place]) for near, place in zip(own[best].tolist(), best.tolist(), strict=True))
        return Hit(self.entries[number], score, found, query.names.get(number, 0.0))


def _names(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Yield (number, name); what names an offer does not name an answer of the FAQ as well."""
    offers = {fold(name) for entry in entries if entry.area != "faq" for name in entry.names}
    for number, entry in enumerate(entries):
        yield from ((number, name) for name in entry.names if entry.area != "faq" or fold(name) not in offers)


def passages_of(number: int, entry: Entry) -> Iterable[Passage]:
    """Yield everything under which an entry can be found."""
    for name in entry.names:
        yield Passage(number, name, "name")
    for field, text in entry.texts():
        if field in ("question", "paraphrases"):
            yield Passage(number, text, "frage", None, field)
        elif field not in ("title", "aliases", "synonyms", "term"):
            yield Passage(number, text, "fact", None, field)
    for block in entry.asked:
        for kind, text in block.wordings:
            yield Passage(number, text, kind, block)
