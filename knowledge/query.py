"""Turning a German question into weighted tokens: stems, compound parts, dialect and spelling repairs, synonyms, names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from knowledge import yaml_file
from knowledge.language import Compounds, fold, standard_forms, stem, words

PART, SYNONYM, REPAIRED, JOINED = 0.6, 0.45, 0.8, 0.8
GRAM = 4
SHORTEST_REPAIR = 5
LONGEST_NAME, SHORTEST_NEAR_NAME = 6, 8  # words of a name looked up as a whole; letters from which misspelling is forgiven
WORDS_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Query:
    """An analysed question: token → weight per field, entry number → how surely it is named (0-1)."""

    words: dict[str, float]
    chars: dict[str, float]
    names: dict[int, float] = field(default_factory=dict)
    content: tuple[str, ...] = ()  # the words that are no stop words, repaired
    known: float = 0.0  # share of the content words that the knowledge base knows at all

    def without(self, tokens: Set[str], left: float) -> Query:
        """Return the query with the weight of some tokens cut to a share, as long as others remain."""
        rest = {token: weight * (left if token in tokens else 1.0) for token, weight in self.words.items()}
        grams_left = {gram: weight * (left if gram in tokens else 1.0) for gram, weight in self.chars.items()}
        return replace(self, words=rest, chars=grams_left)


class Analyser:
    """The language of one knowledge version: its vocabulary, compounds, names."""

    def __init__(self, texts: Iterable[str], names: Sequence[tuple[int, str]]) -> None:
        counts = Counter(word for text in texts for word in words(text))
        self._vocabulary = set(counts)
        self._compounds = Compounds(word for word, n in counts.items() if n > 1 and len(word) <= 14)
        self._stems = {stem(word) for word in counts}
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in counts:
            if len(word) >= SHORTEST_REPAIR - 1:
                self._by_start[(word[0], len(word))].append(word)
        self._synonyms = _synonyms()
        self._stop = frozenset(stem(word) for word in yaml_file.read(WORDS_FOLDER / "stopwords.yml"))
        self._dialect = {fold(k): fold(v) for k, v in yaml_file.read(WORDS_FOLDER / "dialect.yml").items()}
        self._names = NameIndex(names)

    def word_tokens(self, text: str) -> list[str]:
        """Return the index tokens of a text: stems and stems of compound parts."""
        tokens = []
        for word in words(text):
            tokens.append(stem(word))
            tokens.extend(stem(part) for part in self._compounds.split(word))
        return tokens

    def char_tokens(self, text: str) -> list[str]:
        """Return the character 4-grams of the words of a text, padded at both ends."""
        return [gram for word in words(text) if stem(word) not in self._stop for gram in grams(word)]

    def analyse(self, text: str) -> Query:
        """Analyse a question; unknown words are repaired where a near word is known."""
        tokens: dict[str, float] = {}
        chars: dict[str, float] = {}
        repaired, content, known = [], list[str](), 0
        said = words(text)
        for word in said:
            right, weight = self._standard(word)
            repaired.append(right)
            is_stop = stem(right) in self._stop
            if not is_stop:
                content.append(right)
                known += stem(right) in self._stems or bool(self._compounds.split(right))
            self._add(tokens, right, weight * (0.25 if is_stop else 1.0))
            if not is_stop:
                for gram in grams(right):
                    chars[gram] = max(chars.get(gram, 0.0), weight)
        for joined in map("".join, zip(said, said[1:], strict=False)):
            if joined in self._vocabulary:  # telephones write compounds apart: nachbarschafts gespräche
                self._add(tokens, joined, JOINED)
        share = known / len(content) if content else 0.0
        return Query(tokens, chars, self._names.find(" ".join(repaired)), tuple(content), share)

    def _add(self, tokens: dict[str, float], word: str, weight: float) -> None:
        root = stem(word)
        tokens[root] = max(tokens.get(root, 0.0), weight)
        for part in self._compounds.split(word):
            tokens[stem(part)] = max(tokens.get(stem(part), 0.0), PART * weight)
        for other in self._synonyms.get(root, ()):
            tokens[other] = max(tokens.get(other, 0.0), SYNONYM * weight)

    def _standard(self, word: str) -> tuple[str, float]:
        """Return the word itself where it is known, else a known dialect form or near spelling, with its weight."""
        if word in self._dialect:
            return self._dialect[word], 1.0
        if word in self._vocabulary or stem(word) in self._stems or len(word) < 4:
            return word, 1.0
        for form in standard_forms(word):
            if form in self._vocabulary or stem(form) in self._stems:
                return form, 0.9
        if self._compounds.split(word) or len(word) < SHORTEST_REPAIR:
            return word, 1.0
        return self._near(word)

    def _near(self, word: str) -> tuple[str, float]:
        lengths = range(len(word) - 2, len(word) + 3)
        candidates = [w for length in lengths for w in self._by_start.get((word[0], length), ())]
        found = process.extractOne(word, candidates, scorer=fuzz.ratio, score_cutoff=82)
        return (found[0], REPAIRED) if found else (word, 1.0)


class NameIndex:
    """Titles and aliases: which of them a question names, spelling mistakes included."""

    def __init__(self, names: Sequence[tuple[int, str]]) -> None:
        self._names: dict[str, set[int]] = defaultdict(set)
        for number, name in names:
            for form in _forms(name):
                self._names[form].add(number)
        self._forms = list(self._names)
        self._needed = np.array([max(2, 0.6 * len(form.replace(" ", "")) - 3) for form in self._forms])
        by_gram: dict[str, list[int]] = defaultdict(list)
        for place, form in enumerate(self._forms):
            for gram in set(grams(form.replace(" ", ""))):
                by_gram[gram].append(place)
        self._by_gram = {gram: np.array(places, dtype=np.int32) for gram, places in by_gram.items()}

    def find(self, text: str) -> dict[int, float]:
        """Return entry number → strength (0-1) for names that stand in a folded text."""
        found: dict[int, float] = {}
        for form, strength in {**self._near(text), **self._exact(text)}.items():
            for number in self._names[form]:
                found[number] = max(found.get(number, 0.0), strength / len(self._names[form]) ** 0.5)
        return found

    def _exact(self, text: str) -> dict[str, float]:
        """Names that stand in the text word by word; short ones (ELR) count only so."""
        tokens = text.split()
        windows = (" ".join(tokens[i : i + size]) for size in range(1, LONGEST_NAME + 1) for i in range(len(tokens) - size + 1))
        return {window: _length(window) for window in windows if window in self._names}

    def _near(self, text: str) -> dict[str, float]:
        squeezed = text.replace(" ", "")
        places = [self._by_gram[gram] for gram in set(grams(squeezed)) if gram in self._by_gram]
        if not places:
            return {}
        shared = np.bincount(np.concatenate(places), minlength=len(self._forms))
        likely = (self._forms[place] for place in np.flatnonzero(shared >= self._needed))
        return {form: strength for form in likely if (strength := _strength(form, text, squeezed))}


def _length(form: str) -> float:
    """How much a name says by its length: an abbreviation half, a long title all."""
    return min(1.0, 0.4 + len(form.replace(" ", "")) / 25)


def _strength(form: str, text: str, squeezed: str) -> float:
    short = form.replace(" ", "")
    if form in text and re.search(rf"\b{re.escape(form)}", text):  # the first test spares compiling most patterns
        return _length(form)
    if len(short) < SHORTEST_NEAR_NAME:
        return 0.0
    if short in squeezed:
        return 0.95 * _length(form)
    score = fuzz.partial_ratio(short, squeezed, score_cutoff=86)
    return _length(form) * (score - 60) / 40 if score else 0.0


def _forms(name: str) -> Iterable[str]:
    """Yield the folded forms of a name: whole, and without what follows a dash, colon or bracket."""
    for part in {name, re.split(r"\s[–-]\s|:|\(", name)[0]}:
        form = " ".join(words(part))
        if len(form) >= 3:
            yield form


def grams(word: str) -> list[str]:
    """Return the padded character 4-grams of a word.

    >>> grams("haus")
    ['_hau', 'haus', 'aus_']
    """
    padded = f"_{word}_"
    return [padded[i : i + GRAM] for i in range(max(1, len(padded) - GRAM + 1))]


def _synonyms() -> dict[str, list[str]]:
    """Read groups of everyday and official words; each word leads to the others of its groups."""
    groups = [[stem(w) for w in words(" ".join(group))] for group in yaml_file.read(WORDS_FOLDER / "synonyms.yml")]
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for word in group:
            found[word] |= set(group) - {word}
    return {word: sorted(others) for word, others in found.items()}
