"""Everything that features are made of, for one catalogue, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features.candidate_facts import CandidateFacts
from jobmatch_ml.ranking.features.matrix import FeatureBuilder
from jobmatch_ml.ranking.features.texts import TextIndex
from jobmatch_ml.types import Query

Vectors = Mapping[tuple[str, str], NDArray[np.float32]]


@dataclass(frozen=True)
class FeatureSource:
    """Facts, texts and the log behind the features of one catalogue.

    Args:
        builder: Facts of the offers, and the log before any moment.
        texts: The indexed corpus of the same offers.
        candidates: Facts of each candidate, by id.
        queries: Texts of each candidate, by id.
        moment: When offers are ranked, where the caller names no other; with a time zone.

    Raises:
        InputError: Corpus and facts are not of the same offers.
    """

    builder: FeatureBuilder
    texts: TextIndex
    candidates: Mapping[str, CandidateFacts]
    queries: Mapping[str, Query]
    moment: datetime

    def __post_init__(self) -> None:
        if self.texts.doc_ids_ != self.builder.offers.offer_ids:
            raise InputError("corpus and facts are not of the same offers", field="corpus")

    @property
    def rows(self) -> dict[str, int]:
        """Row of each offer."""
        return {name: row for row, name in enumerate(self.builder.offers.offer_ids)}

    def matrix(
        self,
        query: Query,
        rows: NDArray[np.int64],
        *,
        embedded: tuple[Vectors, int] | None = None,
    ) -> NDArray[np.float32]:
        """Returns the features of some offers for one query, as of the source's moment.

        Args:
            query: The candidate's texts; its id names the candidate.
            rows: Offers by row.
            embedded: What :meth:`TextIndex.embed` made of a batch, and the query's row in it;
                ``None``: it is embedded here.
        """
        vectors, place = embedded or (self.texts.embed([query]), 0)
        texts = self.texts.compare(query, vectors, place, rows)
        return self.builder.matrix(self.candidates[query.query_id], rows, self.moment, texts)
