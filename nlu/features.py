"""The features of all classifiers here: words, pairs of words, and pieces of words, weighted by how rare they are."""

from __future__ import annotations

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union


def features(min_df: int = 1) -> FeatureUnion:
    """Return untrained features; `min_df`: in how many sentences a feature must occur."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", min_df=min_df)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=min_df)
    return make_union(words, chars)
