"""Character n-gram TF-IDF: the baseline that typos and inflected titles do not fool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra
from jobmatch_ml.ranking.full_scan import FullScanRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.types import Document, Query


class CharTfidfRanker(FullScanRanker):
    """Cosine of TF-IDF vectors over character n-grams inside words.

    Args:
        shortest: Length of the shortest n-gram, in characters.
        longest: Length of the longest n-gram.
    """

    name = "tfidf_char"

    def __init__(self, shortest: int = 3, longest: int = 5) -> None:
        super().__init__()
        self.shortest = shortest
        self.longest = longest

    @classmethod
    def from_context(cls, context: RankerContext) -> CharTfidfRanker:
        """Builds the ranker; it needs nothing of the context."""
        del context
        return cls()

    def _fit(self, documents: Sequence[Document]) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer  # slow
        except ImportError as error:
            raise missing_extra("scikit-learn", "models") from error
        texts = [join_views(item.title, item.text) for item in documents]
        self._n_docs = len(texts)
        self._vectorizer: Any = None
        # A corpus without a single character has no vocabulary to learn; every score is 0 there.
        if any(texts):
            self._vectorizer = TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(self.shortest, self.longest),
                sublinear_tf=True,
                dtype=np.float32,
            )
            self._documents = self._vectorizer.fit_transform(texts).T.tocsr()  # (n_terms, n_docs)

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        if self._vectorizer is None:
            return np.zeros((len(queries), self._n_docs), dtype=np.float32)
        vectors = self._vectorizer.transform([join_views(q.title, q.text) for q in queries])
        scores: NDArray[np.float32] = (vectors @ self._documents).toarray()
        return scores
