"""The two encoders in the box by themselves: what each is worth without the other."""

from __future__ import annotations

from jobmatch_ml.errors import RankerNotApplicableError
from jobmatch_ml.ranking.box import Box, open_box
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
            RankerNotApplicableError: The box is not there.
        """
        del context
        weights = {"bodies": _STATIC, "titles": _STATIC, "labels": {"static_title": 1.0}}
        return cls(require_box(cls.name).static_encoder(), None, FusionWeights(weights))


class BoxRanker(HybridRanker):
    """The transformer alone: titles, title against body, bodies, equally weighted."""

    name = "box"

    @classmethod
    def from_context(cls, context: RankerContext) -> BoxRanker:
        """Builds the ranker from the box; the context's encoder replaces its own.

        Raises:
            RankerNotApplicableError: The box is not there.
        """
        weights = {"bodies": _DENSE, "titles": _DENSE, "labels": {"dense_title": 1.0}}
        encoder = context.encoder or require_box(cls.name).encoder()
        return cls(None, encoder, FusionWeights(weights))


def require_box(ranker: str) -> Box:
    """Returns the box.

    Raises:
        RankerNotApplicableError: It is not there.
    """
    box = open_box()
    if box is None:
        raise RankerNotApplicableError(
            f"the ranker '{ranker}' needs the encoder in the box, data/models/jobmatch-encoder-fr: "
            "fetch it with the repository, or make it by `jobmatch encoder adapt`"
        )
    return box
