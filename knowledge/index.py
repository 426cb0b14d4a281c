"""One BM25 field over passages: weights per token and passage, computed once by bm25s, summed per query here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bm25s
import numpy as np


class Field:
    """BM25 over token lists. Scores are divided by the best that the query could reach, so fields can be added."""

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.5) -> None:
        self._size = len(documents)
        self._ids: dict[str, int] = {}
        rows = [[self._ids.setdefault(token, len(self._ids)) for token in document] for document in documents]
        self._rows = rows
        model = bm25s.BM25(k1=k1, b=b, method="lucene")
        model.index((rows, self._ids), show_progress=False, create_empty_token=False)
        matrix = model.scores
        self._data = np.asarray(matrix["data"], dtype=np.float32)
        self._passages = np.asarray(matrix["indices"], dtype=np.int32)
        self._start = np.asarray(matrix["indptr"], dtype=np.int64)
        self._top = self._tops()

    def _tops(self) -> np.ndarray:
        lengths = np.diff(self._start)
        top = np.zeros(len(lengths), dtype=np.float32)
        filled = lengths > 0
        if filled.any():
            top[filled] = np.maximum.reduceat(self._data, self._start[:-1][filled])
        return top

    def merged(self, owner: np.ndarray, owners: int) -> Field:
        """Return a field whose documents are the passages of each owner together."""
        tokens = list(self._ids)
        documents: list[list[str]] = [[] for _ in range(owners)]
        for row, number in zip(self._rows, owner, strict=True):
            documents[number].extend(tokens[token] for token in row)
        merged = Field(documents)
        merged._rows = self._rows = []  # only needed for merging
        return merged

    def scores(self, query: Mapping[str, float]) -> np.ndarray:
        """Return a score per document for weighted tokens; about 1 where all of them stand in one short document."""
        scores = np.zeros(self._size, dtype=np.float32)
        reachable = 0.0
        for token, weight in query.items():
            number = self._ids.get(token)
            if number is None:
                reachable += weight * self._unknown
                continue
            start, end = self._start[number], self._start[number + 1]
            scores[self._passages[start:end]] += weight * self._data[start:end]
            reachable += weight * float(self._top[number])
        return scores / reachable if reachable else scores

    @property
    def _unknown(self) -> float:
        """What a token that no passage has would be worth: as much as the rarest known one."""
        return float(self._top.max(initial=0.0)) * 0.5
