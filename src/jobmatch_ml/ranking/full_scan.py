"""The common part of rankers that score every document: checks, order, blocks, progress."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.beir import refuse_duplicates
from jobmatch_ml.ranking.order import top_documents
from jobmatch_ml.types import Document, Query, Run

BLOCK_CELLS = 2_000_000  # scores held at once; with temporaries about 50 MB


class FullScanRanker(ABC):
    """Scores each document for each query, a block of queries at a time.

    Subclasses say how to fit and how to score. Documents are kept sorted by id, so results do not
    depend on the order in which they came, and ties fall in the documented order by themselves.
    """

    name: ClassVar[str]

    def __init__(self) -> None:
        self.doc_ids_: list[str] = []

    def index(self, documents: Sequence[Document]) -> None:
        """Prepares the corpus; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        ordered = sort_documents(documents)
        self._fit(ordered)
        self.doc_ids_ = [document.doc_id for document in ordered]

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        check_request(queries, top_k=top_k, n_docs=len(self.doc_ids_))
        run: Run = {}
        block = max(1, BLOCK_CELLS // len(self.doc_ids_))
        with tqdm(total=len(queries), desc=self.name, unit="query", delay=2, leave=False) as bar:
            for start in range(0, len(queries), block):
                part = queries[start : start + block]
                scores = self._scores(part)  # (n_part, n_docs)
                for query, row in zip(part, scores, strict=True):
                    run[query.query_id] = top_documents(row, self.doc_ids_, top_k)
                bar.update(len(part))
        return run

    @abstractmethod
    def _fit(self, documents: Sequence[Document]) -> None:
        """Learns from the documents, which come sorted by id and are at least one."""

    @abstractmethod
    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        """Returns finite scores ``(n_queries, n_docs)``, documents in ascending order of id."""


def sort_documents(documents: Sequence[Document]) -> list[Document]:
    """Checks a corpus and returns it in ascending order of id.

    Raises:
        InputError: The corpus is empty, or two documents share an id.
    """
    if not documents:
        raise InputError("the corpus is empty; expected at least one document", field="documents")
    refuse_duplicates([item.doc_id for item in documents], what="doc_id")
    return sorted(documents, key=lambda item: item.doc_id)


def check_request(queries: Sequence[Query], *, top_k: int, n_docs: int) -> None:
    """Checks what was asked of a ranker.

    Raises:
        InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
    """
    check_top_k(top_k, n_docs=n_docs)
    refuse_duplicates([item.query_id for item in queries], what="query_id")


def check_top_k(top_k: int, *, n_docs: int) -> None:
    """Checks that there is a corpus and that at least one document is asked for.

    Raises:
        InputError: ``top_k`` < 1, or nothing was indexed.
    """
    if n_docs == 0:
        raise InputError("nothing was indexed: call index(documents) before rank(queries)")
    if top_k < 1:
        raise InputError(f"top_k is {top_k}; expected a whole number >= 1", field="top_k")
