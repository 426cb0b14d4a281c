"""German words for the machine: folding of umlauts, stems, parts of compounds, dialect touches.

Everything works on small pure functions over text; the word lists are data in `knowledge/words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[a-z0-9§]+")
_APOSTROPHE = re.compile(r"\b([zds])['’`´](?=\w)")
_DIGRAPHS = re.compile(r"ae|oe|(?<![qae])ue")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_FOLDED = {"ae": "a", "oe": "o", "ue": "u"}
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_STEMMER = Stemmer.Stemmer("german")
SHORTEST_PART = 4


def fold(text: str) -> str:
    """Lower-case a text and fold ä/ae, ö/oe, ü/ue and ß, so that missing umlauts do not matter.

    >>> fold("Fördermittel") == fold("Foerdermittel") == fold("FORDERMITTEL")
    True
    """
    text = text.lower().translate(_UMLAUTS)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _DIGRAPHS.sub(lambda m: _FOLDED[m.group()], text)


def words(text: str) -> list[str]:
    """Split a text into folded words; a dialect prefix (z'Metzinga, d'Stadt) becomes a word of its own.

    >>> words("Wo gibt's Geld für d'Stadt?")
    ['wo', 'gibt', 's', 'geld', 'fur', 'd', 'stadt']
    """
    return _WORD.findall(fold(_APOSTROPHE.sub(r"\1 ", text.lower())))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word (Snowball German)."""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of all words of a text, in order."""
    return [stem(word) for word in words(text)]


def standard_forms(word: str) -> Iterable[str]:
    """Yield standard-German candidates of a folded dialect word, most likely first.

    Swabian and Alemannic endings only: the caller keeps the first candidate that it knows.

    >>> list(standard_forms("genossaschaft"))[:2]
    ['genossenschaft', 'genossaschaft']
    """
    if word.endswith("a") and len(word) > 3:
        yield word[:-1] + "en"
        yield word[:-1] + "e"
    if re.search(r"[^aeiou]a(?=[^aeiou])", word[2:]):
        yield word[:2] + re.sub(r"(?<=[^aeiou])a(?=[^aeiou])", "en", word[2:], count=1)
    if "scht" in word:
        yield word.replace("scht", "st")
    if word.endswith("le") and len(word) > 5:
        yield word[:-2]
    if word.endswith("i") and len(word) > 4:
        yield word[:-1] + "e"
    yield word


class Compounds:
    """Splits compounds into words that the knowledge base itself uses.

    A general splitter (CharSplit) needs 20 s and 3 GB to load; the vocabulary of the knowledge base is small, so every
    part must be one of its words (see docs/adr).
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._known = {word for word in vocabulary if len(word) >= SHORTEST_PART and not word.isdigit()}
        self._cache: dict[str, tuple[str, ...]] = {}

    def split(self, word: str) -> tuple[str, ...]:
        """Return the known parts of a folded word, without itself; empty where it does not split.

        >>> Compounds(["quartier", "entwicklung", "beratung"]).split("quartiersentwicklungsberatung")
        ('quartier', 'entwicklung', 'beratung')
        """
        if len(word) < 2 * SHORTEST_PART:
            return ()
        if word not in self._cache:
            if len(self._cache) > 50_000:
                self._cache.clear()
            parts = self._parts(word, whole=True)
            self._cache[word] = parts if parts and len(parts) > 1 else ()
        return self._cache[word]

    def _parts(self, rest: str, whole: bool = False) -> tuple[str, ...] | None:
        if not whole and rest in self._known:
            return (rest,)
        for end in range(len(rest) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            head = self._head(rest[:end])
            if head is None:
                continue
            tail = self._parts(rest[end:])
            if tail is not None:
                return (head, *tail)
        return None

    def _head(self, head: str) -> str | None:
        for link in _LINKS:
            base = head[: len(head) - len(link)] if link else head
            if head.endswith(link) and base in self._known:
                return base
        return None
