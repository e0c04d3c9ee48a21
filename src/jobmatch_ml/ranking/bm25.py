"""BM25 over title and text: the lexical baseline that every search engine starts from."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra
from jobmatch_ml.ranking.full_scan import FullScanRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.types import Document, Query

_WORD = re.compile(r"\w+")


class Bm25Ranker(FullScanRanker):
    """BM25 in Lucene's form, on lower-cased words.

    ``score(q, d) = Σ_t∈q idf_t · tf / (tf + k1 · (1 − b + b · |d| / avgdl))`` with
    ``idf_t = log(1 + (N − df_t + ½) / (df_t + ½))``
    (Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019; variants: Kamphuis et al. 2020).
    A word that a query repeats counts each time. No stemming and no stop words: both need choices
    per language, and a baseline should have few.

    Args:
        k1: How fast repeated words saturate, >= 0.
        b: How strongly long documents are marked down, in [0, 1].
    """

    name = "bm25"

    def __init__(self, k1: float = 1.5, b: float = 0.75) -> None:
        super().__init__()
        self.k1 = k1
        self.b = b

    @classmethod
    def from_context(cls, context: RankerContext) -> Bm25Ranker:
        """Builds the ranker; it needs nothing of the context."""
        del context
        return cls()

    def _fit(self, documents: Sequence[Document]) -> None:
        try:
            import bm25s  # brings scipy and numba: only when BM25 is asked for
        except ImportError as error:
            raise missing_extra("bm25s", "models") from error
        # The library logs each step at DEBUG level whatever the application's level is.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        tokens = [words(join_views(item.title, item.text)) for item in documents]
        self._n_docs = len(documents)
        # The library cannot index a corpus without a single word; there every score is 0.
        self._bm25: Any = None
        if any(tokens):
            self._bm25 = bm25s.BM25(k1=self.k1, b=self.b, method="lucene")
            self._bm25.index(tokens, show_progress=False)

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        return np.stack([self._score(join_views(item.title, item.text)) for item in queries])

    def _score(self, text: str) -> NDArray[np.float32]:
        known = [] if self._bm25 is None else [w for w in words(text) if w in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._n_docs, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)


def words(text: str) -> list[str]:
    """Returns the lower-cased words of a text, accents kept.

    Example:
        >>> words("Développeur(se) C++ H/F")
        ['développeur', 'se', 'c', 'h', 'f']
    """
    return _WORD.findall(text.lower())
