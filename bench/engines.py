"""The two searches that are compared: ours and SQLite's FTS5 over the same passages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from knowledge.model import Entry
from knowledge.search import Search, passages_of

LIMIT = 10
PASSAGES = 100  # passages read from FTS5 until ten entries are found


class Ours:
    """`knowledge.search`."""

    def __init__(self, entries: list[Entry]) -> None:
        self._search = Search(entries)

    def find(self, text: str) -> list[str]:
        """Return the ids of the best ten entries."""
        return [hit.entry.id for hit in self._search.find(text, limit=LIMIT)]


class Fts5:
    """SQLite FTS5 in memory: one row per passage, any word may match, best passages by bm25 first."""

    def __init__(self, entries: list[Entry]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(entry UNINDEXED, text, tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._database.executemany("INSERT INTO passages VALUES (?, ?)", _rows(entries))
        self._database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        self._database.commit()

    def find(self, text: str) -> list[str]:
        """Return the ids of the best ten entries."""
        wanted = match_any(text)
        if not wanted:
            return []
        rows = self._database.execute("SELECT entry FROM passages WHERE text MATCH ? ORDER BY rank LIMIT ?", (wanted, PASSAGES))
        return list(dict.fromkeys(entry for (entry,) in rows))[:LIMIT]


ENGINES: dict[str, type[Ours] | type[Fts5]] = {"ours": Ours, "fts5": Fts5}


def match_any(text: str) -> str:
    """Return an FTS5 query for any of the words of a text.

    >>> match_any("Wer hilft uns?")
    '"Wer" OR "hilft" OR "uns"'
    """
    return " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))


def _rows(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(entries):
        for passage in passages_of(number, entry):
            yield entry.id, passage.text
