"""The matching service as a plain class: no web framework, so the command line uses it too."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_ml.cv import CvReading, Profile, build_profile, extract_text, profile_query
from jobmatch_ml.errors import InputError, JobMatchError, ModelMismatchError, NotReadyError
from jobmatch_ml.serving.presenting import clean_title, present_offers, similarities
from jobmatch_ml.serving.schemas import (
    MAX_TOP_K,
    EmbedAnswer,
    Match,
    MatchAnswer,
    MatchResponse,
)
from jobmatch_ml.serving.state import Report, ServingState
from jobmatch_ml.types import Offer, Query

Loader = Callable[[Report], ServingState]
COMPONENTS = ("catalogue", "model", "index")
READY = "ready"


@dataclass(frozen=True, slots=True)
class VectorAnswer:
    """Ranked offers for two vectors, and which bundle ranked them."""

    response: MatchResponse
    bundle_version: str
    bundle_sha256: str
    request_id: str


class NothingToRankError(InputError):
    """Neither a title nor a text with words."""

    user_message = (
        "Indiquez au moins le poste recherché ou le texte de votre CV, puis relancez la recherche."
    )


class MatchService:
    """Ranks the catalogue for vectors or for a CV's text.

    Scores are the dual-view scale: ``w · cos(titles) + (1 − w) · cos(bodies)`` in [−1, 1].

    Thread-safe: a request works on the state that it found, whatever is loaded meanwhile.

    Args:
        loader: Loads everything an answer needs, reporting progress; see
            :func:`jobmatch_ml.serving.state.load_state`.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._state: ServingState | None = None
        self._components = dict.fromkeys(COMPONENTS, "not loaded")
        self._load_error = ""
        self._registry_error = ""
        self._load_lock = threading.Lock()
        # A fast tokenizer refuses two threads at once ("Already borrowed").
        self._encode_lock = threading.Lock()

    def load(self) -> None:
        """Loads a new state and swaps it in; what was served stays when loading fails.

        Raises:
            JobMatchError: What is missing or damaged, and what to do.
        """
        with self._load_lock:
            try:
                self._state = self._loader(self._tell)
                self._load_error = ""
            except JobMatchError as error:
                self._load_error = str(error)
                raise
            except Exception as error:
                # Its text may be anything; the log has it, readiness names the kind.
                self._load_error = f"failed: {type(error).__name__}"
                raise

    def readiness(self) -> dict[str, str]:
        """Returns ``{component: state}``; each is ``ready`` once answers can be given."""
        if self._state is not None:
            return dict.fromkeys(COMPONENTS, READY)
        return dict(self._components)

    def report(self) -> dict[str, Any]:
        """Returns what ``/readyz`` says: the components, what is served, what last failed."""
        state = self._state
        served = state and {
            "bundle_version": state.version,
            "bundle_sha256": state.bundle_sha256,
            "embedding_model": state.encoder.name,
            "offers": len(state.offers),
        }
        return {
            "components": self.readiness(),
            "served": served,
            "last_load_error": self._load_error or None,
            "registry_error": self._registry_error or None,
        }

    def note_registry(self, problem: str) -> None:
        """Remembers why the registry cannot say which champion is right; empty when it can."""
        self._registry_error = problem

    @property
    def is_ready(self) -> bool:
        """Whether answers can be given now."""
        return self._state is not None

    @property
    def offers(self) -> dict[str, Offer]:
        """The served catalogue by offer id.

        Raises:
            NotReadyError: Nothing is loaded yet.
        """
        return self._require().offers

    @property
    def withdrawn(self) -> frozenset[str]:
        """Ids of offers that were served before and are not any more; none while loading."""
        return self._state.withdrawn if self._state else frozenset()

    @property
    def source(self) -> tuple[str, ...]:
        """Identity of what is served; empty while nothing is."""
        return self._state.source if self._state else ()

    def match_vectors(
        self,
        title_embedding: Sequence[float],
        cv_embedding: Sequence[float],
        *,
        top_k: int = 20,
        embedding_model: str | None = None,
    ) -> VectorAnswer:
        """Ranks the catalogue for two vectors of the champion's encoder.

        Args:
            title_embedding: Embedding of the profile's title, of the champion's length.
            cv_embedding: Embedding of the profile's lines, same length.
            top_k: 1 to 200.
            embedding_model: The model that made the vectors, when the client knows.

        Raises:
            NotReadyError: Nothing to rank with yet.
            ModelMismatchError: ``embedding_model`` is not the champion's.
            InputError: Wrong lengths, NaN, infinity, zeros, or ``top_k`` out of range.
        """
        state = self._require()
        _check_top_k(top_k)
        if embedding_model is not None and embedding_model != state.encoder.name:
            raise ModelMismatchError(
                f"the vectors are of another model than the one served, {state.encoder.name}: "
                "get vectors from POST /api/embed",
                field="embedding_model",
            )
        dimension = state.encoder.dimension
        for name, vector in (("title_embedding", title_embedding), ("cv_embedding", cv_embedding)):
            if len(vector) != dimension:
                raise InputError(
                    f"{name} has {len(vector)} numbers; expected {dimension}, the length of "
                    f"{state.encoder.name}",
                    field=name,
                )
        run = _rank_vectors(state, title_embedding, cv_embedding, top_k)
        matches = [
            Match(
                offer_id=offer_id,
                score=score,
                ingestion_date=state.offers[offer_id].ingestion_date,
            )
            for offer_id, score in run.items()
        ]
        return VectorAnswer(
            MatchResponse(matches=matches), state.version, state.bundle_sha256, _new_id()
        )

    def match_text(self, title: str, text: str, *, top_k: int = 20) -> MatchAnswer:
        """Ranks the catalogue for a CV's text, read as training reads it.

        Raises:
            NotReadyError: Nothing to rank with yet.
            InputError: Neither title nor text, text too long, or ``top_k`` out of range.
        """
        return self.match_reading(extract_text(text), title=title, top_k=top_k)

    def match_reading(
        self, reading: CvReading, *, title: str | None = None, top_k: int = 20
    ) -> MatchAnswer:
        """Ranks the catalogue for a CV that was read; ``title`` wins over the CV's headline."""
        from jobmatch_ml.ranking.views import embed_views

        state = self._require()
        _check_top_k(top_k)
        profile = _profile_of(reading, title)
        with self._encode_lock:
            title_row, body_row = embed_views(state.encoder, [profile_query(profile, "cv")])
        run = state.ranker.rank_embeddings(["cv"], title_row, body_row, top_k=top_k)["cv"]
        cosines = state.ranker.view_cosines(list(run), title_row, body_row)
        return MatchAnswer(
            request_id=_new_id(),
            bundle_version=state.version,
            bundle_sha256=state.bundle_sha256,
            embedding_model=state.encoder.name,
            profile_title=profile.title,
            offers=[
                offer.model_copy(update={"reasons": [*offer.reasons, *similarities(*pair)]})
                for offer, pair in zip(
                    present_offers(run, state.offers, profile, state.rarity), cosines, strict=True
                )
            ],
        )

    def score_texts(self, title: str, text: str, *, offer_title: str, offer_text: str) -> float:
        """Returns how well a CV's text fits an offer's, on the champion's scale.

        Neither needs to be known to the catalogue: this is for an offer from anywhere.

        Raises:
            NotReadyError: Nothing to score with yet.
            InputError: Neither title nor text, or text too long.
        """
        from jobmatch_ml.ranking.views import embed_views

        state = self._require()
        profile = _profile_of(extract_text(text), title)
        offer = Query("offer", title=offer_title, text=offer_text)
        with self._encode_lock:
            titles, bodies = embed_views(state.encoder, [profile_query(profile, "cv"), offer])
        weight = state.ranker.title_weight
        return float(weight * (titles[0] @ titles[1]) + (1 - weight) * (bodies[0] @ bodies[1]))

    def embed(self, title: str, text: str) -> EmbedAnswer:
        """Returns the vectors of a profile: what :meth:`match_vectors` takes.

        Raises:
            NotReadyError: Nothing to embed with yet.
            InputError: Neither title nor text, or text too long.
        """
        from jobmatch_ml.ranking.views import embed_views

        state = self._require()
        profile = _profile_of(extract_text(text), title)
        with self._encode_lock:
            titles, bodies = embed_views(state.encoder, [profile_query(profile, "cv")])
        return EmbedAnswer(
            title_embedding=titles[0].tolist(),
            cv_embedding=bodies[0].tolist(),
            embedding_model=state.encoder.name,
            dimension=state.encoder.dimension,
            bundle_version=state.version,
            bundle_sha256=state.bundle_sha256,
            request_id=_new_id(),
        )

    def _tell(self, component: str, state: str) -> None:
        self._components[component] = state

    def _require(self) -> ServingState:
        if self._state is None:
            waiting = [f"{name}: {state}" for name, state in self.readiness().items()]
            raise NotReadyError(f"the service is not ready ({'; '.join(waiting)})")
        return self._state


def _profile_of(reading: CvReading, title: str | None) -> Profile:
    try:
        return build_profile(reading, title=clean_title(title))
    except InputError as error:
        raise NothingToRankError(str(error), field=error.field) from error


def _rank_vectors(
    state: ServingState, title: Sequence[float], body: Sequence[float], top_k: int
) -> Mapping[str, float]:
    try:
        run = state.ranker.rank_embeddings(["cv"], [title], [body], top_k=top_k)
    except InputError as error:
        # The ranker speaks of bodies; the API's field is the CV's vector.
        field = "cv_embedding" if error.field == "body_embedding" else error.field
        raise InputError(str(error).replace("body_embedding", "cv_embedding"), field=field) from (
            error
        )
    ranked: Mapping[str, float] = run["cv"]
    return ranked


def _check_top_k(top_k: int) -> None:
    if not 1 <= top_k <= MAX_TOP_K:
        raise InputError(f"top_k is {top_k}; expected 1 to {MAX_TOP_K}", field="top_k")


def _new_id() -> str:
    return str(uuid.uuid4())
