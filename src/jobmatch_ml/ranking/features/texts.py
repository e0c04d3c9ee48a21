"""Similarities of texts for any subset of a corpus: dense cosines by view, BM25, character TF-IDF.

The rankers score a whole corpus; features are asked for some hundred offers of it. So the corpus is
kept as vectors by row, and a query is compared with the rows that are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra
from jobmatch_ml.ranking.bm25 import words
from jobmatch_ml.ranking.full_scan import sort_documents
from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.types import Document, Query, TextEncoder

FloatArray = NDArray[np.float32]
# Feature: encoder, the query's view, the document's view.
DENSE_VIEWS: Mapping[str, tuple[str, str, str]] = {
    "dense_title": ("dense", "title", "title"),
    "dense_title_to_body": ("dense", "title", "body"),
    "dense_body": ("dense", "body", "body"),
    "static_title": ("static", "title", "title"),
    "static_title_to_all": ("static", "title", "all"),
    "static_body": ("static", "body", "body"),
}
LEXICAL_VIEWS = ("bm25", "bm25_title", "tfidf_char", "tfidf_char_title")
K1, B = 1.5, 0.75
"""BM25's constants, as in the ranker."""


@dataclass
class TextIndex:
    """A corpus by row, in ascending order of id.

    Args:
        dense: The transformer; ``None``: its features are NaN.
        static: The table of character n-grams; likewise.
    """

    dense: TextEncoder | None = None
    static: TextEncoder | None = None
    doc_ids_: tuple[str, ...] = ()
    _vectors: dict[tuple[str, str], FloatArray] = field(default_factory=dict, repr=False)

    def index(self, documents: Sequence[Document]) -> None:
        """Embeds and counts the corpus.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        ordered = sort_documents(documents)
        self.doc_ids_ = tuple(item.doc_id for item in ordered)
        self._vectors = _embed(self._encoders, ordered, side=2)
        titles = [item.title for item in ordered]
        texts = [join_views(item.title, item.text) for item in ordered]
        self._bm25 = {"bm25": Bm25Rows(texts), "bm25_title": Bm25Rows(titles)}
        self._tfidf = {"tfidf_char": TfidfRows(texts), "tfidf_char_title": TfidfRows(titles)}

    def embed(self, queries: Sequence[Query]) -> dict[tuple[str, str], FloatArray]:
        """Embeds queries in the views that are compared; rows as in ``queries``."""
        return _embed(self._encoders, queries, side=1)

    def compare(
        self,
        query: Query,
        vectors: Mapping[tuple[str, str], FloatArray],
        place: int,
        rows: NDArray[np.integer],
    ) -> dict[str, FloatArray]:
        """Compares one query with some documents.

        Args:
            query: The query.
            vectors: What :meth:`embed` returned for a batch.
            place: Row of the query in it.
            rows: Documents by row, ``(n,)``.

        Returns:
            A column ``(n,)`` for each name of :data:`DENSE_VIEWS` and :data:`LEXICAL_VIEWS`.
        """
        columns = {}
        for name, (encoder, mine, theirs) in DENSE_VIEWS.items():
            if (encoder, mine) not in vectors:
                columns[name] = np.full(len(rows), np.nan, dtype=np.float32)
            else:
                columns[name] = self._vectors[encoder, theirs][rows] @ vectors[encoder, mine][place]
        text = join_views(query.title, query.text)
        for name, bm25 in self._bm25.items():
            columns[name] = bm25.scores(query.title if name == "bm25_title" else text, rows)
        for name, tfidf in self._tfidf.items():
            columns[name] = tfidf.scores(query.title if name == "tfidf_char_title" else text, rows)
        return columns

    @property
    def _encoders(self) -> dict[str, TextEncoder]:
        both = {"dense": self.dense, "static": self.static}
        return {name: encoder for name, encoder in both.items() if encoder is not None}


def _embed(
    encoders: Mapping[str, TextEncoder], items: Sequence[Document] | Sequence[Query], *, side: int
) -> dict[tuple[str, str], FloatArray]:
    """Embeds the views of one side: 1 the queries, 2 the documents."""
    found: dict[tuple[str, str], FloatArray] = {}
    for name, encoder in encoders.items():
        views = sorted({view[side] for view in DENSE_VIEWS.values() if view[0] == name})
        texts = [_view(item, view) for view in views for item in items]
        vectors = np.asarray(encoder.encode(texts), dtype=np.float32)
        for number, view in enumerate(views):
            found[name, view] = vectors[number * len(items) : (number + 1) * len(items)]
    return found


def _view(item: Document | Query, view: str) -> str:
    """Returns a view's text; an empty one is represented by the other, as rankers do."""
    title, body = join_views(item.title, ""), join_views("", item.text)
    if view == "all":
        return join_views(item.title, item.text)
    return (title or body) if view == "title" else (body or title)


class Bm25Rows:
    """BM25 in the ranker's form (:class:`~jobmatch_ml.ranking.bm25.Bm25Ranker`), by row."""

    def __init__(self, texts: Sequence[str]) -> None:
        from scipy.sparse import csr_array

        self.vocabulary: dict[str, int] = {}
        tokens = [words(text) for text in texts]
        lengths = np.array([len(each) for each in tokens], dtype=np.float64)
        indices = [
            self.vocabulary.setdefault(token, len(self.vocabulary))
            for each in tokens
            for token in each
        ]
        bounds = np.cumsum([0, *lengths.astype(int).tolist()])
        shape = (len(texts), max(1, len(self.vocabulary)))
        counts = csr_array((np.ones(len(indices)), indices, bounds), shape=shape)
        counts.sum_duplicates()
        documents = np.bincount(counts.indices, minlength=shape[1])
        idf = np.log(1 + (len(texts) - documents + 0.5) / (documents + 0.5))
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9))
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        counts.data = idf[counts.indices] * counts.data / (counts.data + norm[rows])
        self._weights = counts.astype(np.float32)

    def scores(self, text: str, rows: NDArray[np.integer]) -> FloatArray:
        """Returns the scores of some documents, ``(n,)``; words of no document count nothing."""
        query = np.zeros(self._weights.shape[1], dtype=np.float32)
        for token in words(text):
            if token in self.vocabulary:
                query[self.vocabulary[token]] += 1
        return np.asarray(self._weights[rows] @ query, dtype=np.float32)


class TfidfRows:
    """Cosine of character n-gram TF-IDF (as the ranker ``tfidf_char``), by row."""

    def __init__(self, texts: Sequence[str]) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer  # slow
        except ImportError as error:
            raise missing_extra("scikit-learn", "models") from error
        self._vectorizer: Any = None
        if any(text.strip() for text in texts):
            self._vectorizer = TfidfVectorizer(
                analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
            )
            self._weights = self._vectorizer.fit_transform(texts).tocsr()

    def scores(self, text: str, rows: NDArray[np.integer]) -> FloatArray:
        """Returns the cosines of some documents, ``(n,)``."""
        if self._vectorizer is None:
            return np.zeros(len(rows), dtype=np.float32)
        query = self._vectorizer.transform([text]).toarray()[0]
        return np.asarray(self._weights[rows] @ query, dtype=np.float32)
