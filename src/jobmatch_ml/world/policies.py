"""Who chooses what is shown: the policy ranker, popularity, or chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.types import Document, Query, Ranker
from jobmatch_ml.world.config import PolicyMixture
from jobmatch_ml.world.randomness import chance

RANKER, POPULARITY, EXPLORE = "ranker", "popularity", "explore"


@dataclass(frozen=True, slots=True)
class Slate:
    """Offers to show, best first, as positions in the world's list of offers.

    ``scores`` has one score per offer, ``None`` where the policy has none.
    """

    offers: tuple[int, ...]
    scores: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One candidate's offers by the policy ranker: positions and scores, best first."""

    offers: NDArray[np.int64]
    scores: NDArray[np.float64]


def rank_for_policy(
    ranker: Ranker, documents: Sequence[Document], queries: Sequence[Query], *, depth: int
) -> dict[str, Ranking]:
    """Ranks all offers for all candidates once; each request then shows the best live ones.

    Ranking once is what makes a large log cheap. It only means that word statistics are those of
    the whole world, which changes an order of live offers very little. Scores are rounded, and
    ordered again after it, because their last bits may differ between machines.
    """
    ranker.index(documents)
    rows = {document.doc_id: row for row, document in enumerate(documents)}
    rankings: dict[str, Ranking] = {}
    for query_id, scored in ranker.rank(queries, top_k=min(depth, len(documents))).items():
        ordered = sorted((-round(score, 3), rows[doc_id]) for doc_id, score in scored.items())
        rankings[query_id] = Ranking(
            offers=np.array([row for _, row in ordered], dtype=np.int64),
            scores=np.array([-score for score, _ in ordered], dtype=np.float64),
        )
    return rankings


def ranked_slate(ranking: Ranking, allowed: NDArray[np.bool_], size: int) -> Slate:
    """Returns the ranker's best allowed offers with their scores."""
    keep = np.flatnonzero(allowed[ranking.offers])[:size]
    return Slate(
        offers=tuple(int(row) for row in ranking.offers[keep]),
        scores=tuple(float(score) for score in ranking.scores[keep]),
    )


def popular_slate(counts: NDArray[np.float64], allowed: NDArray[np.bool_], size: int) -> Slate:
    """Returns the allowed offers that others saved or applied to most; ties: the newest first."""
    rows = np.flatnonzero(allowed)
    order = np.lexsort((-rows, -counts[rows]))[:size]
    return Slate(
        offers=tuple(int(row) for row in rows[order]),
        scores=tuple(float(counts[row]) for row in rows[order]),
    )


def explored_slate(
    rng: np.random.Generator,
    policy: PolicyMixture,
    allowed: NDArray[np.bool_],
    *,
    in_domain: NDArray[np.bool_],
    size: int,
) -> Slate:
    """Draws offers at random, a share of them from the candidate's domain, in random order."""
    inside = rng.permutation(np.flatnonzero(allowed & in_domain)).tolist()
    outside = rng.permutation(np.flatnonzero(allowed & ~in_domain)).tolist()
    chosen: list[int] = []
    while len(chosen) < size and (inside or outside):
        wants_inside = chance(rng, policy.explore_domain_share)
        pool = inside if (wants_inside and inside) or not outside else outside
        chosen.append(int(pool.pop()))
    return Slate(offers=tuple(chosen), scores=(None,) * len(chosen))


def policy_shares(policy: PolicyMixture) -> Mapping[str, float]:
    """Returns the probability of each policy, by the name that the log gives it."""
    return {RANKER: policy.ranker, POPULARITY: policy.popularity, EXPLORE: policy.explore}
