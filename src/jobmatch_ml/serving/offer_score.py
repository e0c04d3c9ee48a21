"""How well one profile matches one offer, by the champion: what tailoring compares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from jobmatch_ml.types import Document, Query, TextEncoder


def offer_scorer(
    encoder: TextEncoder, document: Document, *, title_weight: float, lock: Any = None
) -> Callable[[str, str], float]:
    """Returns a function from a profile's title and text to its score for one offer.

    The score is the one that the ranking has: ``w · cos(titles) + (1 − w) · cos(bodies)``, in
    [−1, 1]. The offer need not be in the catalogue.

    Args:
        encoder: The champion's encoder.
        document: The offer as it would be indexed.
        title_weight: The champion's w.
        lock: Held while encoding, where other threads use the encoder too.
    """
    from contextlib import nullcontext

    from jobmatch_ml.ranking.views import embed_views

    guard = lock or nullcontext()
    with guard:
        title, body = (_unit(rows[0]) for rows in embed_views(encoder, [document]))

    def score(profile_title: str, profile_text: str) -> float:
        query = Query(query_id="cv", title=profile_title, text=profile_text)
        with guard:
            mine = [_unit(rows[0]) for rows in embed_views(encoder, [query])]
        cosines = float(mine[0] @ title), float(mine[1] @ body)
        return title_weight * cosines[0] + (1 - title_weight) * cosines[1]

    return score


def _unit(vector: Any) -> Any:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
