"""Einfache Sprache: a difficult word of an answer is explained at its end, one word per answer and each word once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from actions import simple
from actions.answers import LIMIT
from actions.reply import Reply, sources_of
from knowledge.library import Served
from knowledge.model import Entry
from knowledge.speech import is_simple, say

KEPT = 12  # terms that a conversation remembers as explained
SHORT = 160  # characters of an explanation
_ENDING = r"(?:e?n|e?s|e)?"


def explained(reply: Reply, served: Served) -> Reply:
    """Return an answer with the first term of the glossary explained that was not explained before, where there is room."""
    if not is_simple() or reply.outcome != "answer":
        return reply
    for term in _terms(reply, served):
        line = say("Das Wort „{term}“: {meaning}", term=_word(term), meaning=_in_short(term.in_simple.summary))
        if len(reply.text) + 1 + len(line) <= LIMIT:
            memory = replace(reply.memory, explained=(*reply.memory.explained, term.id)[-KEPT:])
            sources = [*reply.sources, *(source for source in sources_of([term]) if source not in reply.sources)]
            return replace(reply, text=f"{reply.text}\n{line}", memory=memory, sources=sources)
    return reply


def _terms(reply: Reply, served: Served) -> Iterator[Entry]:
    """Yield the terms in the text, the first one first; not the subject of the answer itself."""
    subjects = " ".join(served.entries[key].title for key in reply.entries)
    found = []
    for entry in served.entries.values():
        if entry.area == "glossar" and entry.id not in reply.memory.explained and _word(entry) not in subjects:
            match = re.search(rf"\b{re.escape(_word(entry))}{_ENDING}\b", reply.text)
            found += [(match.start(), entry.id)] if match else []
    yield from (served.entries[key] for _, key in sorted(found))


def _word(term: Entry) -> str:
    return term.title.split(" (")[0].rstrip("!")


def _in_short(meaning: str) -> str:
    """The first sentences, as far as they are short together: often the second one says what the word does not mean."""
    sentences = simple.sentences(meaning)
    longest = (" ".join(sentences[:number]) for number in range(len(sentences), 1, -1))
    return next((text for text in longest if len(text) <= SHORT), sentences[0])
