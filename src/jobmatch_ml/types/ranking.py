"""The ranking side: texts to rank, judgements, runs, and the seam that every ranker fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

Qrels: TypeAlias = dict[str, dict[str, int]]
"""Judgements: ``{query_id: {doc_id: relevance}}``, relevance an integer >= 0."""

Run: TypeAlias = dict[str, dict[str, float]]
"""A ranker's output: ``{query_id: {doc_id: score}}``, each query's documents in rank order."""

Direction: TypeAlias = Literal["candidate_to_offer", "offer_to_candidate"]
"""Who searches. The query is the candidate's side in the first, the offer's in the second."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be ranked: an offer when candidates search, a candidate when offers do.

    Args:
        doc_id: Identifier, unique in its corpus.
        title: Short view: the offer's title, the candidate's occupation.
        text: Long view: the offer's description, the candidate's profile lines. May be empty.
    """

    doc_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """One search: the side that looks for documents. Same two views as :class:`Document`."""

    query_id: str
    title: str
    text: str


@runtime_checkable
class Ranker(Protocol):
    """What every ranker does: index a corpus once, then rank it for any number of queries.

    The contract suite (``tests/contract``) runs over every registered ranker: a run holds at most
    ``top_k`` documents a query, finite scores, in order of decreasing score with ties broken by
    ``doc_id`` ascending, and does not depend on the order or the batching of the queries.
    """

    def index(self, documents: Sequence[Document]) -> None:
        """Prepares the corpus; replaces what was indexed before.

        Raises:
            InputError: Two documents share a ``doc_id``.
        """

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        ...


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """Model name and revision, as recorded in bundles and answers."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Any:
        """Returns float32 embeddings ``(n_texts, dimension)``, rows of unit L2 norm."""
        ...


@runtime_checkable
class PairScorer(Protocol):
    """Reads a candidate's and an offer's text together and says how well they fit."""

    @property
    def name(self) -> str:
        """Model name, as recorded in bundles and results."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """Returns float32 scores ``(n_pairs,)``, higher is better; equal pairs score alike.

        Args:
            pairs: The candidate's text, then the offer's, whoever of the two searches.
        """
        ...
