"""What is searched: the real entries with every tenth wording held out as a question, and generated entries beside them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.files import read_knowledge
from knowledge.model import Asked, Entry

EVERY = 10
WORDINGS = 4
WORD = re.compile(r"\w{5,}")
EXCHANGED, JOINED = 0.45, 0.08


@dataclass(frozen=True)
class Corpus:
    """Entries to index and (question, id of the entry that it was written for)."""

    entries: list[Entry]
    questions: list[tuple[str, str]]


def real() -> Corpus:
    """Return the real entries without every tenth wording, which is asked instead."""
    return held_out(read_knowledge().entries.values())


def held_out(entries: Iterable[Entry], every: int = EVERY) -> Corpus:
    """Take every tenth wording out of the entries; a wording that another block has too is no question of ours."""
    kept: list[Entry] = []
    questions: list[tuple[str, str]] = []
    number = 0
    for entry in entries:
        blocks = []
        for block in entry.asked:
            left = []
            for wording in block.wordings:
                number += 1
                if number % every:
                    left.append(wording)
                else:
                    questions.append((wording[1], entry.id))
            blocks.append(replace(block, wordings=tuple(left)))
        kept.append(replace(entry, asked=tuple(blocks)))
    remaining = {text for entry in kept for block in entry.asked for _, text in block.wordings}
    return Corpus(kept, [(text, key) for text, key in questions if text not in remaining])


def enlarged(corpus: Corpus, size: int, seed: int = 1) -> Corpus:
    """Add generated entries up to `size`; the questions stay the same."""
    chance = random.Random(seed)
    vocabulary = [word for entry in corpus.entries for word in _words(entry)]
    models = [entry for entry in corpus.entries if entry.names]
    made = (_generated(number, chance.choice(models), vocabulary, chance) for number in range(size - len(corpus.entries)))
    return Corpus([*corpus.entries, *made], corpus.questions)


def _words(entry: Entry) -> Iterator[str]:
    for _, text in entry.texts():
        yield from WORD.findall(text)


def _generated(number: int, model: Entry, vocabulary: Sequence[str], chance: random.Random) -> Entry:
    """Return an entry like a real one, with about half of its longer words exchanged by others, as frequent as they really are."""

    def other(text: str) -> str:
        return WORD.sub(lambda found: _word(found.group(), vocabulary, chance), text)

    facts = [text for key, text in model.texts() if key not in ("title", "term", "aliases", "synonyms")][:4]
    wordings = [wording for block in model.asked for wording in block.wordings]
    asked = tuple((kind, other(text)) for kind, text in chance.sample(wordings, min(WORDINGS, len(wordings))))
    name = f"{other(model.title)} {chance.choice(vocabulary)} {number}"
    document = {"id": f"generated-{number}", "area": model.area, "title": name, "facts": [other(text) for text in facts]}
    return Entry(document, (), (Asked("overview", (), None, asked),))


def _word(word: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < JOINED:
        return chance.choice(vocabulary) + chance.choice(vocabulary).lower()
    return chance.choice(vocabulary) if drawn < EXCHANGED else word
