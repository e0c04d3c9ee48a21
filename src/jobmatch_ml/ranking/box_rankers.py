"""The two encoders in the box by themselves: what each is worth without the other."""

from __future__ import annotations

from jobmatch_ml.ranking.box import require_box
from jobmatch_ml.ranking.hybrid import FusionWeights, HybridRanker
from jobmatch_ml.ranking.registry import RankerContext

_STATIC = {"static_title": 1.0, "static_title_to_all": 1.0, "static_body": 1.0}
_DENSE = {"dense_title": 1.0, "dense_title_to_body": 1.0, "dense_body": 1.0}


class StaticRanker(HybridRanker):
    """The table of character n-grams alone: titles, title against all, bodies, equally weighted."""

    name = "static"

    @classmethod
    def from_context(cls, context: RankerContext) -> StaticRanker:
        """Builds the ranker from the box.

        Raises:
            MissingFileError: The box is not there.
        """
        del context
        weights = {"bodies": _STATIC, "titles": _STATIC, "labels": {"static_title": 1.0}}
        return cls(require_box().static_encoder(), None, FusionWeights(weights))


class BoxRanker(HybridRanker):
    """The transformer alone: titles, title against body, bodies, equally weighted."""

    name = "box"

    @classmethod
    def from_context(cls, context: RankerContext) -> BoxRanker:
        """Builds the ranker from the box; the context's encoder replaces its own.

        Raises:
            MissingFileError: The box is not there.
        """
        weights = {"bodies": _DENSE, "titles": _DENSE, "labels": {"dense_title": 1.0}}
        encoder = context.encoder or require_box().encoder()
        return cls(None, encoder, FusionWeights(weights))
