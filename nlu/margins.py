"""Margins of a linear SVM for one sentence at a time.

scikit-learn's transformers are made for many texts: for one they spend ten times the arithmetic on conversions and checks. The sums
here are the same.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


class Margins:
    """A fitted union of TF-IDF vectorizers (sublinear counts, l2 norm) with the linear classifier behind it."""

    def __init__(self, features: FeatureUnion, classifier: LinearSVC) -> None:
        self._fields, start = [], 0
        for _, vectorizer in features.transformer_list:
            self._fields.append((vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_, start))
            start += len(vectorizer.vocabulary_)
        self._weights = np.ascontiguousarray(classifier.coef_.T)  # liblinear's own order: no copy
        self._intercept = classifier.intercept_

    def of(self, text: str) -> np.ndarray:
        """Return what `decision_function` returns for a text: one margin per class, a single one for two classes."""
        margins = self._intercept.astype(float)
        for analyse, vocabulary, idf, start in self._fields:
            counts = {vocabulary[term]: n for term, n in Counter(analyse(text)).items() if term in vocabulary}
            if counts:
                places = np.fromiter(counts, dtype=np.int64, count=len(counts))
                values = (1.0 + np.log(np.fromiter(counts.values(), dtype=float, count=len(counts)))) * idf[places]
                margins += (values / np.linalg.norm(values)) @ self._weights[places + start]
        return margins
