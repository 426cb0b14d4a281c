"""One BM25 field over passages: weights per token and passage, computed once by bm25s, summed per query here."""

from __future__ import annotations

from bisect import bisect_left
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
        top = self._tops()
        # What a token that no passage has would be worth: half of the rarest known one.
        self._unknown = float(top.max(initial=0.0)) * 0.5
        # Single numbers come much faster out of a view than out of an array.
        self._starts, self._owners, self._top = self._start.data, self._passages.data, top.data

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

    def scores(self, query: Mapping[str, float], first: int = 0, last: int | None = None) -> np.ndarray:
        """Return a score per document for weighted tokens; about 1 where all of them stand in one short document.

        `first` and `last` limit the documents to a range, which is then all that is looked at.
        """
        numbers, weights, reachable = self._known(query)
        size = (self._size if last is None else last) - first
        if not numbers:
            return np.zeros(size, dtype=np.float32)
        spans = [slice(self._starts[number], self._starts[number + 1]) for number in numbers]
        if last is not None:
            spans = [self._within(span, first, last) for span in spans]
        found = np.concatenate([self._passages[span] for span in spans]) - first
        parts = [self._data[span] * weight for span, weight in zip(spans, weights, strict=True)]
        scores = np.bincount(found, np.concatenate(parts), size).astype(np.float32)
        return scores / reachable if reachable else scores

    def _known(self, query: Mapping[str, float]) -> tuple[list[int], list[float], float]:
        """Return the numbers and weights of the tokens that there are, and the best that the whole query could reach."""
        numbers, weights, reachable = list[int](), list[float](), 0.0
        for token, weight in query.items():
            number = self._ids.get(token)
            if number is None:
                reachable += weight * self._unknown
                continue
            numbers.append(number)
            weights.append(weight)
            reachable += weight * self._top[number]
        return numbers, weights, reachable

    def _within(self, span: slice, first: int, last: int) -> slice:
        """Return the part of a token's span that is about the documents from `first` to before `last`."""
        start = bisect_left(self._owners, first, span.start, span.stop)
        return slice(start, bisect_left(self._owners, last, start, span.stop))
