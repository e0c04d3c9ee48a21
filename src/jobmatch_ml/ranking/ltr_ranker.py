"""The learned ranker by itself: every offer of its catalogue scored by features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jobmatch_ml.errors import RankerNotApplicableError
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.ranking.full_scan import check_request, sort_documents
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.ranking.order import top_documents
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.types import Document, Query, Run


class LtrRanker:
    """Scores every document of the corpus by learned features, without retrieval before.

    Args:
        model: The learned ranker.
        features: What its features are made of; the corpus must be of the same offers.
    """

    name = "ltr"

    def __init__(self, model: LtrModel, features: FeatureSource) -> None:
        self.model = model
        self.features = features
        self.doc_ids_: list[str] = []

    @classmethod
    def from_context(cls, context: RankerContext) -> LtrRanker:
        """Builds the ranker from the context's model and facts.

        Raises:
            RankerNotApplicableError: One of them is missing, or queries are offers.
        """
        if context.ltr is None or context.features is None:
            raise RankerNotApplicableError(
                "the ranker 'ltr' needs a bundle with a learned ranker and the facts of offers and "
                "candidates, which texts alone do not hold; take 'cascade', which says what it "
                "leaves out, or 'hybrid'"
            )
        if context.direction != "candidate_to_offer":
            raise RankerNotApplicableError(
                "the ranker 'ltr' ranks offers for a candidate; for the other direction take hybrid"
            )
        return cls(context.ltr, context.features)

    def index(self, documents: Sequence[Document]) -> None:
        """Checks that facts of all documents are known.

        Raises:
            RankerNotApplicableError: Of some they are not.
            InputError: The corpus is empty, or two documents share an id.
        """
        ids = [item.doc_id for item in sort_documents(documents)]
        known = self.features.rows
        unknown = [doc_id for doc_id in ids if doc_id not in known]
        if unknown:
            raise RankerNotApplicableError(
                f"{len(unknown)} of {len(ids)} documents have no facts (such as {unknown[0]}); the "
                "ranker 'ltr' ranks the offers of the data set it is given. Take cascade or hybrid"
            )
        self.doc_ids_ = ids
        self._rows = np.array([known[doc_id] for doc_id in ids], dtype=np.int64)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
            RankerNotApplicableError: Nothing is known of a candidate.
        """
        check_request(queries, top_k=top_k, n_docs=len(self.doc_ids_))
        unknown = [each for each in queries if each.query_id not in self.features.candidates]
        if unknown:
            raise RankerNotApplicableError(
                f"of {len(unknown)} candidates no facts are known, such as {unknown[0].query_id}"
            )
        run: Run = {}
        for query in queries:
            scores = self.model.score(self.features.matrix(query, self._rows))
            run[query.query_id] = top_documents(scores, self.doc_ids_, top_k)
        return run
