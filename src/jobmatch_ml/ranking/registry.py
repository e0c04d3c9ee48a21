"""The rankers by name. Importing this module loads none of them.

To add a ranker: write a class that fills :class:`jobmatch_ml.types.Ranker`, give it a
``from_context`` class method, and add one line to :data:`RANKERS`. ``jobmatch rank``, the
evaluation and the contract suite find it by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

from jobmatch_ml.errors import UnknownNameError, suggest
from jobmatch_ml.types import Direction, PairScorer, Ranker, TextEncoder

if TYPE_CHECKING:
    from jobmatch_ml.ranking.features import FeatureSource
    from jobmatch_ml.ranking.ltr import LtrModel


@dataclass(frozen=True, slots=True)
class RankerContext:
    """What a ranker may be built from; each takes what it needs and refuses when it is missing.

    Args:
        seed: Seed of whatever is drawn at random.
        interaction_counts: Positive interactions per document before the ranking moment.
        encoder: The encoder to rank with; ``None`` lets a ranker load its own default.
        title_weight: Weight of the title view in [0, 1] where title and body are both used.
        cross_encoder: The model that reads pairs; ``None``: those that need it refuse.
        rerank_depth: Documents that are reranked, >= 1.
        rerank_weight: The cross-encoder's share in the blend, in [0, 1].
        direction: Which side the queries are. Rankers of texts treat both sides alike; those that
            know the sides (salary, distance …) need it.
        ltr: The learned ranker over features; ``None``: those that need it refuse or do without.
        features: Facts of the offers and candidates that its features are made of.
        budget_s: Seconds a query may take where stages can be left out; ``None``: any time.
    """

    seed: int = 0
    interaction_counts: Mapping[str, float] | None = None
    encoder: TextEncoder | None = None
    title_weight: float = 0.5
    cross_encoder: PairScorer | None = None
    rerank_depth: int = 30
    rerank_weight: float = 0.5
    direction: Direction = "candidate_to_offer"
    ltr: LtrModel | None = None
    features: FeatureSource | None = None
    budget_s: float | None = None


@dataclass(frozen=True, slots=True)
class RankerSpec:
    """How a ranker is found and what it needs.

    Args:
        target: ``module:Class``, imported when the ranker is built.
        needs: ``text`` ranks any corpus; ``log`` needs interactions; ``model`` a trained bundle.
        description: One line for ``jobmatch rank --help``.
    """

    target: str
    needs: Literal["text", "log", "model"]
    description: str


RANKERS: dict[str, RankerSpec] = {
    "random": RankerSpec(
        "jobmatch_ml.ranking.random_order:RandomRanker", "text", "a seeded random order"
    ),
    "popularity": RankerSpec(
        "jobmatch_ml.ranking.popularity:PopularityRanker",
        "log",
        "recent positive interactions of everyone; the same order for all",
    ),
    "bm25": RankerSpec("jobmatch_ml.ranking.bm25:Bm25Ranker", "text", "BM25 over title and text"),
    "tfidf_char": RankerSpec(
        "jobmatch_ml.ranking.tfidf_char:CharTfidfRanker", "text", "character n-gram TF-IDF cosine"
    ),
    "zero_shot": RankerSpec(
        "jobmatch_ml.ranking.dual_view:ZeroShotRanker",
        "text",
        "the packaged encoder as it is: cosines of the titles and of the bodies",
    ),
    "zero_shot_single": RankerSpec(
        "jobmatch_ml.ranking.single_vector:SingleVectorRanker",
        "text",
        "the packaged encoder with one vector of title and text together",
    ),
    "static": RankerSpec(
        "jobmatch_ml.ranking.box_rankers:StaticRanker",
        "text",
        "the table of character n-grams in the box: titles, title against all, bodies",
    ),
    "box": RankerSpec(
        "jobmatch_ml.ranking.box_rankers:BoxRanker",
        "text",
        "the French transformer in the box: titles, title against body, bodies",
    ),
    "hybrid": RankerSpec(
        "jobmatch_ml.ranking.hybrid:HybridRanker",
        "text",
        "the encoders in the box and both lexical rankers, several views, fused",
    ),
    "bi_encoder": RankerSpec(
        "jobmatch_ml.ranking.dual_view:BiEncoderRanker",
        "model",
        "a trained encoder of a bundle: cosines of the titles and of the bodies",
    ),
    "cross_encoder": RankerSpec(
        "jobmatch_ml.ranking.cross_encoder:CrossEncoderRanker",
        "model",
        "a trained cross-encoder of a bundle reads every pair; for small corpora",
    ),
    "retrieve_rerank": RankerSpec(
        "jobmatch_ml.ranking.retrieve_rerank:RetrieveRerankRanker",
        "model",
        "the bundle's encoder finds, its cross-encoder reads the first 30 and reorders them",
    ),
    "ltr": RankerSpec(
        "jobmatch_ml.ranking.ltr_ranker:LtrRanker",
        "model",
        "a bundle's learned ranker scores every offer by its features; needs their facts",
    ),
    "cascade": RankerSpec(
        "jobmatch_ml.ranking.cascade:CascadeRanker",
        "model",
        "retrieve, reorder by learned features, read the first: stages that are missing are said",
    ),
}


class _Buildable(Protocol):
    @classmethod
    def from_context(cls, context: RankerContext) -> Ranker: ...


def ranker_class(name: str) -> type[_Buildable]:
    """Imports the class behind a ranker's name.

    Raises:
        UnknownNameError: No ranker has that name; the message suggests the nearest.
    """
    if name not in RANKERS:
        raise UnknownNameError(suggest(name, RANKERS, kind="ranker"), field="ranker")
    module, _, attribute = RANKERS[name].target.partition(":")
    return cast("type[_Buildable]", getattr(import_module(module), attribute))


def create_ranker(name: str, context: RankerContext | None = None) -> Ranker:
    """Builds a ranker by name.

    Raises:
        UnknownNameError: No ranker has that name.
        RankerNotApplicableError: The context lacks what the ranker cannot do without.
    """
    return ranker_class(name).from_context(context or RankerContext())
