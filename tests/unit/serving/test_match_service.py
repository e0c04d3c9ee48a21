"""The matching service as a class: both vectors matter, checks, readiness, one bundle an answer."""

from __future__ import annotations

import math
import uuid

import pytest

from jobmatch_ml.errors import InputError, LimitError, ModelMismatchError, NotReadyError
from jobmatch_ml.serving.match_service import MatchService
from jobmatch_ml.serving.state import Report, ServingState
from tests.toy_bundle import DIMENSION, toy_state

ACCOUNTANT = [1.0, 0.0, 0.0, 0.0]
WELDER = [0.0, 1.0, 0.0, 0.0]


@pytest.fixture
def service() -> MatchService:
    made = MatchService(lambda report: toy_state())
    made.load()
    return made


def test_vectors_rank_by_the_documented_score(service: MatchService) -> None:
    """The offer's title and body both count one "comptable" and the constant 0.1.

    Against (1, 0, 0, 0) each cosine is 1 / √1.01 = 0.995037, so is their mean whatever w is.
    """
    answer = service.match_vectors(ACCOUNTANT, ACCOUNTANT, top_k=2)
    matches = answer.response.matches
    assert matches[0].offer_id == "A1"
    assert matches[0].score == pytest.approx(1 / math.sqrt(1.01), abs=1e-6)
    assert str(matches[0].ingestion_date) == "2026-05-04"
    assert len(matches) == 2
    assert answer.bundle_sha256 == "ab" * 32
    assert uuid.UUID(answer.request_id).version == 4


def test_each_vector_changes_the_answer(service: MatchService) -> None:
    def order(title: list[float], cv: list[float]) -> list[tuple[str, float]]:
        response = service.match_vectors(title, cv, top_k=3).response
        return [(match.offer_id, round(match.score, 4)) for match in response.matches]

    both = order(ACCOUNTANT, ACCOUNTANT)
    assert order(WELDER, ACCOUNTANT) != both
    assert order(ACCOUNTANT, WELDER) != both


@pytest.mark.parametrize(
    ("title", "cv", "field"),
    [
        ([1.0] * 3, ACCOUNTANT, "title_embedding"),
        (ACCOUNTANT, [1.0] * 5, "cv_embedding"),
        ([math.nan, 0, 0, 0], ACCOUNTANT, "title_embedding"),
        (ACCOUNTANT, [math.inf, 0, 0, 0], "cv_embedding"),
        (ACCOUNTANT, [0.0] * DIMENSION, "cv_embedding"),
    ],
)
def test_bad_vectors_are_refused_by_the_field_of_the_api(
    service: MatchService, title: list[float], cv: list[float], field: str
) -> None:
    with pytest.raises(InputError) as caught:
        service.match_vectors(title, cv)
    assert caught.value.field == field
    assert field in str(caught.value)


@pytest.mark.parametrize("top_k", [0, -1, 201])
def test_top_k_out_of_range_is_refused(service: MatchService, top_k: int) -> None:
    with pytest.raises(InputError, match="1 to 200"):
        service.match_vectors(ACCOUNTANT, ACCOUNTANT, top_k=top_k)
    with pytest.raises(InputError, match="1 to 200"):
        service.match_text("Comptable", "", top_k=top_k)


def test_vectors_of_another_model_are_a_conflict(service: MatchService) -> None:
    service.match_vectors(ACCOUNTANT, ACCOUNTANT, embedding_model="toy-words@1")
    with pytest.raises(ModelMismatchError, match="toy-words@1"):
        service.match_vectors(ACCOUNTANT, ACCOUNTANT, embedding_model="other")


def test_text_is_ranked_with_what_a_page_shows(service: MatchService) -> None:
    answer = service.match_text("", "Comptable\n\nCompétences\nSage, clôtures mensuelles", top_k=3)
    best = answer.offers[0]
    assert (best.rank, best.offer_id, best.company, best.contract) == (
        1, "A1", "Cabinet Durand", "CDI",
    )  # fmt: skip
    assert answer.profile_title == "Comptable"
    assert {"Sage", "clôtures", "mensuelles"} <= set(best.highlights)
    description = "Tenue des comptes sous Sage, clôtures mensuelles. Comptable confirmé."
    span = next(span for span in best.highlight_spans if span.term == "Sage")
    assert description[span.start : span.end] == "Sage"
    assert [offer.rank for offer in answer.offers] == [1, 2, 3]


def test_the_reasons_are_the_parts_of_the_score_and_the_shared_words(
    service: MatchService,
) -> None:
    """The titles are the same words: cosine 1. The weight of the toy's ranker is one half."""
    best = service.match_text("Comptable H/F", "Compétences\nSage, soudeur").offers[0]
    words, title, body = best.reasons
    assert (words.kind, title.kind, body.kind) == (
        "shared_words", "title_similarity", "body_similarity",
    )  # fmt: skip
    assert words.words == best.highlights
    assert title.value == pytest.approx(1, abs=1e-6)
    assert body.value < title.value
    assert best.score == pytest.approx((title.value + body.value) / 2, abs=1e-6)
    assert [type(r).__name__ for r in service.match_text("Infirmier", "").offers[-1].reasons] == [
        "Similarity", "Similarity",
    ]  # fmt: skip


def test_an_explicit_title_wins_over_the_headline(service: MatchService) -> None:
    answer = service.match_text("Soudeur", "Comptable\n\nCompétences\nSage")
    assert answer.profile_title == "Soudeur"
    assert answer.offers[0].score != service.match_text("", "Comptable").offers[0].score


def test_text_and_its_own_vectors_give_the_same_scores(service: MatchService) -> None:
    text = "Soudeur\n\nCompétences\nTIG, soudeur qualifié"
    vectors = service.embed("", text)
    by_vector = service.match_vectors(
        vectors.title_embedding, vectors.cv_embedding, embedding_model=vectors.embedding_model
    ).response.matches
    by_text = service.match_text("", text).offers
    assert [match.offer_id for match in by_vector] == [offer.offer_id for offer in by_text]
    assert [match.score for match in by_vector] == pytest.approx(
        [offer.score for offer in by_text], abs=1e-6
    )


def test_nothing_to_rank_by_is_refused(service: MatchService) -> None:
    with pytest.raises(InputError, match="no line to rank by"):
        service.match_text("", "  ")
    for call in (service.match_text, service.embed):
        with pytest.raises(InputError, match="no line to rank by"):
            call("\x00 \u200b", "\u200b")
    with pytest.raises(LimitError):
        service.match_text("", "a" * 200_001)


def test_control_characters_of_a_title_go_nowhere(service: MatchService) -> None:
    assert service.match_text("\x00Compta\u200bble\x1b\n H/F", "").profile_title == "Comptable H/F"


def test_before_loading_every_answer_says_what_is_missing() -> None:
    def loader(report: Report) -> ServingState:
        report("model", "no champion yet: run `make demo`")
        raise NotReadyError("no champion yet")

    service = MatchService(loader)
    with pytest.raises(NotReadyError):
        service.load()
    assert service.readiness()["model"] == "no champion yet: run `make demo`"
    with pytest.raises(NotReadyError, match="make demo"):
        service.match_text("Comptable", "")


def test_a_failed_reload_keeps_what_was_served() -> None:
    states = iter([toy_state()])

    def loader(report: Report) -> ServingState:
        try:
            return next(states)
        except StopIteration:
            raise NotReadyError("the registry is down") from None

    service = MatchService(loader)
    service.load()
    with pytest.raises(NotReadyError):
        service.load()
    assert service.match_text("Comptable", "").bundle_version == "1"
    assert set(service.readiness().values()) == {"ready"}
    report = service.report()
    assert report["served"]["bundle_version"] == "1"
    assert report["last_load_error"] == "the registry is down"
    assert report["registry_error"] is None
