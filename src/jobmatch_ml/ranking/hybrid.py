"""Hybrid retrieval: two encoders and two lexical rankers, several views each, one weighted sum.

Each component scores the whole corpus; its scores are brought to mean 0 and deviation 1 over the
corpus, query by query, and added with weights learned on validation data. Scores of rankers live
on different scales and spread differently from query to query; standardised, they can be added
(linear fusion: Bruch et al. 2023, https://arxiv.org/abs/2210.11934).

Weights depend on what texts there are, because a body says nothing where there is none:
``bodies`` (both sides have them), ``titles`` (the query is a title, documents have bodies) and
``labels`` (documents are titles alone).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, suggest
from jobmatch_ml.ranking.bm25 import Bm25Ranker
from jobmatch_ml.ranking.full_scan import FullScanRanker, check_request, sort_documents
from jobmatch_ml.ranking.order import top_documents
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.ranking.tfidf_char import CharTfidfRanker
from jobmatch_ml.types import Document, Query, Run, TextEncoder

Regime = Literal["bodies", "titles", "labels"]
REGIMES: tuple[Regime, ...] = ("bodies", "titles", "labels")
# Component: which encoder, the query's view, the document's view.
DENSE: dict[str, tuple[str, str, str]] = {
    "static_title": ("static", "title", "title"),
    "static_title_to_all": ("static", "title", "all"),
    "static_all": ("static", "all", "all"),
    "static_body": ("static", "body", "body"),
    "dense_title": ("dense", "title", "title"),
    "dense_title_to_body": ("dense", "title", "body"),
    "dense_body": ("dense", "body", "body"),
}
LEXICAL: dict[str, type[FullScanRanker]] = {"bm25": Bm25Ranker, "tfidf_char": CharTfidfRanker}
COMPONENTS = (*DENSE, *LEXICAL)
_SLACK = 1e-4  # more than a block product of unit vectors can be off, after standardising
_FLAT = 1e-9  # a component that says the same of every document says nothing


@dataclass(frozen=True)
class FusionWeights:
    """How much each component counts, regime by regime.

    Args:
        weights: ``{regime: {component: weight >= 0}}``; components that are not named count 0.

    Raises:
        InputError: A regime or component that does not exist, a negative or missing weight, or a
            regime without any weight.
    """

    weights: Mapping[str, Mapping[str, float]]

    def __post_init__(self) -> None:
        if set(self.weights) != set(REGIMES):
            raise InputError(
                f"fusion weights for {sorted(self.weights)}; expected one set each for "
                f"{', '.join(REGIMES)}"
            )
        for regime, parts in self.weights.items():
            for name, weight in parts.items():
                if name not in COMPONENTS:
                    raise InputError(suggest(name, COMPONENTS, kind="component"), field=regime)
                if not (np.isfinite(weight) and weight >= 0):
                    raise InputError(
                        f"fusion weight of '{name}' is {weight}; expected a number >= 0",
                        field=regime,
                    )
            if not any(parts.values()):
                raise InputError(f"all fusion weights of '{regime}' are 0", field=regime)

    def of(self, regime: Regime) -> dict[str, float]:
        """Returns the components that count in a regime, with their weights."""
        return {name: value for name, value in self.weights[regime].items() if value > 0}


@dataclass
class _Views:
    """The vectors of one side, by encoder and view."""

    vectors: dict[tuple[str, str], NDArray[np.float32]] = field(default_factory=dict)


class HybridRanker:
    """Ranks by the weighted sum of standardised components.

    Scores are comparable within a query only. A component whose encoder is missing is left out,
    and the others keep their weights.

    Args:
        static: The table of character n-grams; ``None`` leaves its components out.
        dense: The transformer; ``None`` leaves its components out.
        weights: What each component counts.

    Raises:
        InputError: With the encoders given, a regime has no component left.
    """

    name = "hybrid"

    def __init__(
        self,
        static: TextEncoder | None,
        dense: TextEncoder | None,
        weights: FusionWeights,
    ) -> None:
        self.encoders = {
            name: encoder
            for name, encoder in (("static", static), ("dense", dense))
            if encoder is not None
        }
        self.weights = {
            regime: {
                name: value
                for name, value in weights.of(regime).items()
                if name in LEXICAL or DENSE[name][0] in self.encoders
            }
            for regime in REGIMES
        }
        empty = [regime for regime, parts in self.weights.items() if not parts]
        if empty:
            raise InputError(f"no component is left for {', '.join(empty)}: give its encoder")
        self.doc_ids_: list[str] = []

    @classmethod
    def from_context(cls, context: RankerContext) -> HybridRanker:
        """Builds the ranker from the encoder in the box; the context's encoder replaces its own.

        Raises:
            MissingFileError: The box is not there.
        """
        from jobmatch_ml.ranking.box import require_box  # which reads this module's weights

        box = require_box()
        return cls(box.static_encoder(), context.encoder or box.encoder(), box.fusion_weights())

    def index(self, documents: Sequence[Document]) -> None:
        """Embeds and indexes the corpus; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        ordered = sort_documents(documents)
        self._has_bodies = any(item.text.strip() for item in ordered)
        used = {name for regime in self._regimes() for name in self.weights[regime]}
        self._documents = self._embed(ordered, {name for name in used if name in DENSE}, side=2)
        self._lexical: dict[str, FullScanRanker] = {}
        for name in sorted(used & set(LEXICAL)):
            self._lexical[name] = LEXICAL[name]()
            self._lexical[name].index(ordered)
        self.doc_ids_ = [item.doc_id for item in ordered]

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        check_request(queries, top_k=top_k, n_docs=len(self.doc_ids_))
        if not queries:
            return {}
        regimes = [self._regime(query) for query in queries]
        used = {name for regime in regimes for name in self.weights[regime] if name in DENSE}
        views = self._embed(queries, used, side=1)
        run: Run = {}
        with tqdm(total=len(queries), desc=self.name, unit="query", delay=2, leave=False) as bar:
            for row, (query, regime) in enumerate(zip(queries, regimes, strict=True)):
                run[query.query_id] = self._rank_one(query, regime, views, row, top_k)
                bar.update()
        return run

    def component_scores(self, queries: Sequence[Query]) -> list[dict[str, NDArray[np.float64]]]:
        """Returns, for each query, each component's standardised scores of all documents.

        Documents are in ascending order of id (``doc_ids_``). For learning the weights, and for
        saying why a document stands where it does.

        Raises:
            InputError: Duplicate query ids, or nothing was indexed.
        """
        check_request(queries, top_k=1, n_docs=len(self.doc_ids_))
        regimes = [self._regime(query) for query in queries]
        used = {name for regime in regimes for name in self.weights[regime] if name in DENSE}
        views = self._embed(queries, used, side=1)
        return [
            {
                name: _standardise(self._score(name, query, views, row))
                for name in self.weights[regime]
            }
            for row, (query, regime) in enumerate(zip(queries, regimes, strict=True))
        ]

    def _regimes(self) -> tuple[Regime, ...]:
        return ("bodies", "titles") if self._has_bodies else ("labels",)

    def _regime(self, query: Query) -> Regime:
        if not self._has_bodies:
            return "labels"
        return "bodies" if query.text.strip() else "titles"

    def _rank_one(
        self, query: Query, regime: Regime, views: _Views, row: int, top_k: int
    ) -> dict[str, float]:
        weights = self.weights[regime]
        fused = np.zeros(len(self.doc_ids_))
        scales: dict[str, tuple[float, float]] = {}
        lexical: dict[str, NDArray[np.float64]] = {}  # dear, and the same at any second look
        for name, weight in weights.items():
            scores = self._score(name, query, views, row).astype(np.float64)
            mean, deviation = float(scores.mean()), float(scores.std())
            if deviation <= _FLAT:
                continue
            scales[name] = (mean, weight / deviation)
            fused += (scores - mean) * scales[name][1]
            if name in LEXICAL:
                lexical[name] = scores
        kept = np.arange(len(fused))
        if top_k < len(fused):
            cut = np.partition(fused, -top_k)[-top_k] - _SLACK * sum(
                scale for _, scale in scales.values()
            )
            kept = np.flatnonzero(fused >= cut)
        exact = np.zeros(len(kept))
        for name, (mean, scale) in scales.items():
            scores = (
                lexical[name][kept] if name in lexical else self._cosines(name, views, row, kept)
            )
            exact += (scores - mean) * scale
        return top_documents(exact, [self.doc_ids_[place] for place in kept.tolist()], top_k)

    def _score(self, name: str, query: Query, views: _Views, row: int) -> NDArray[np.floating]:
        """Returns a component's scores of all documents."""
        if name in LEXICAL:
            return np.asarray(self._lexical[name]._scores([query])[0])
        encoder, left, right = DENSE[name]
        documents = self._documents.vectors[encoder, right]
        return np.asarray(documents @ views.vectors[encoder, left][row])

    def _cosines(
        self, name: str, views: _Views, row: int, kept: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Returns an encoder's scores of some documents, pair by pair.

        A matrix product's last digits depend on where a row lies; pair by pair, equal texts tie.
        """
        encoder, left, right = DENSE[name]
        documents = self._documents.vectors[encoder, right][kept]
        return np.asarray((documents * views.vectors[encoder, left][row]).sum(axis=1), np.float64)

    def _embed(
        self, items: Sequence[Document] | Sequence[Query], names: set[str], *, side: int
    ) -> _Views:
        views = _Views()
        wanted = sorted({(DENSE[name][0], DENSE[name][side]) for name in names})
        for encoder in sorted({encoder for encoder, _ in wanted}):
            own = [view for name, view in wanted if name == encoder]
            texts = [text for view in own for text in _view_texts(items, view)]
            # One call an encoder: it sorts by length and embeds a repeated text once.
            vectors = np.asarray(self.encoders[encoder].encode(texts), dtype=np.float32)
            for place, view in enumerate(own):
                start = place * len(items)
                views.vectors[encoder, view] = vectors[start : start + len(items)]
        return views


def _view_texts(items: Sequence[Any], view: str) -> list[str]:
    """Returns one view of each item; an empty title or body is represented by the other."""
    titles = [join_views(item.title, "") for item in items]
    bodies = [join_views("", item.text) for item in items]
    if view == "title":
        return [title or body for title, body in zip(titles, bodies, strict=True)]
    if view == "body":
        return [body or title for title, body in zip(titles, bodies, strict=True)]
    return [join_views(item.title, item.text, separator=". ") for item in items]


def _standardise(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    values = scores.astype(np.float64)
    deviation = values.std()
    flat: NDArray[np.float64] = np.zeros(len(values))
    return flat if deviation <= _FLAT else (values - values.mean()) / deviation
