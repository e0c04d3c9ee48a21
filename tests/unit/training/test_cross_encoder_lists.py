"""Lists hold what was taken, with grades and weights, and nothing right among the negatives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.cross_encoder_lists import (
    MAX_WEIGHT,
    ListSources,
    TakenOffer,
    draw_lists,
    lay_out_lists,
    read_sources,
)
from jobmatch_ml.training.dataset import prepare_dataset
from jobmatch_ml.types import Run
from tests.tiny_world import write_tiny_world

CONFIG = CrossEncoderConfig(list_size=4, positives_per_list=2, lists_per_batch=2)
SOURCES = ListSources(
    taken={"c1": (TakenOffer("o1", 4, 1.0), TakenOffer("o2", 1, 2.0), TakenOffer("o3", 2, 1.0))},
    refused={"c1": ("r1", "r2", "r3")},
    mined={"c1": ("m1", "m2", "m3")},
    offer_ids=("o1", "o2", "o3", "r1", "r2", "r3", "m1", "m2", "m3", "x1", "x2"),
    counts={},
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    return prepare_dataset(write_tiny_world(folder / "world"), folder / "dataset").dataset_dir


def retrieved(n_each: int = 192) -> Run:
    """A retriever that puts the offers of all occupations in one order."""
    offers = [f"o{code}-{number}" for number in range(24) for code in range(8)][:n_each]
    return {
        f"c{person}": {offer: -float(r) for r, offer in enumerate(offers)} for person in range(64)
    }


def test_every_taken_offer_is_in_one_list_a_pass() -> None:
    lists = draw_lists(SOURCES, CONFIG)
    taken = [one.offer_id for _, items in lists for one in items if one.grade > 0]
    assert sorted(taken) == ["o1", "o2", "o3"]
    assert {len(items) for _, items in lists} == {4}


def test_negatives_are_of_both_kinds_and_never_repeated() -> None:
    for _, items in draw_lists(SOURCES, CONFIG):
        wrong = [one.offer_id for one in items if one.grade == 0]
        assert len(set(wrong)) == len(wrong)
        assert {name[0] for name in wrong} == {"r", "m"}
        assert all(one.weight == 1.0 for one in items if one.grade == 0)


@pytest.mark.parametrize(("share", "kind"), [(0.0, "m"), (1.0, "r")])
def test_the_share_of_the_log_says_where_negatives_come_from(share: float, kind: str) -> None:
    config = CONFIG.model_copy(update={"log_share": share})
    wrong = {
        one.offer_id[0]
        for _, items in draw_lists(SOURCES, config)
        for one in items
        if not one.grade
    }
    assert wrong == {kind}


def test_missing_negatives_are_topped_up_with_other_offers() -> None:
    poor = replace(SOURCES, refused={}, mined={})
    wrong = {
        one.offer_id for _, items in draw_lists(poor, CONFIG) for one in items if not one.grade
    }
    assert wrong <= set(SOURCES.offer_ids) - {"o1", "o2", "o3"}


def test_a_corpus_that_is_too_small_is_refused() -> None:
    tiny = replace(SOURCES, refused={}, mined={}, offer_ids=("o1", "o2", "o3", "x1"))
    with pytest.raises(InputError, match="too few offers"):
        draw_lists(tiny, CONFIG)


def test_draws_follow_the_seed_and_the_pass() -> None:
    assert draw_lists(SOURCES, CONFIG) == draw_lists(SOURCES, CONFIG)
    assert draw_lists(SOURCES, CONFIG) != draw_lists(SOURCES, CONFIG, epoch=1)
    assert len(draw_lists(SOURCES, CONFIG.model_copy(update={"max_lists": 1}))) == 1


def test_mined_offers_are_of_another_occupation_than_what_was_taken(dataset: Path) -> None:
    sources = read_sources(dataset, retrieved())
    assert sources.taken
    for person, offers in sources.mined.items():
        own = {one.offer_id.split("-")[0] for one in sources.taken[person]}
        assert offers
        assert own.isdisjoint(offer.split("-")[0] for offer in offers)
    assert sources.counts["mined, dropped: occupation of an offer taken"] > 0


def test_what_was_taken_carries_grade_and_capped_weight(dataset: Path) -> None:
    sources = read_sources(dataset, retrieved())
    for person, offers in sources.taken.items():
        assert all(1 <= one.grade <= 4 and 0 < one.weight <= MAX_WEIGHT for one in offers)
        assert {one.offer_id for one in offers}.isdisjoint(sources.refused.get(person, ()))


def test_batches_hold_the_candidate_s_text_first(dataset: Path) -> None:
    sources = read_sources(dataset, retrieved())
    batches = lay_out_lists(draw_lists(sources, CONFIG), dataset, CONFIG)
    batch = batches[0]
    assert batch.labels.shape == batch.weights.shape == (2, 4)
    assert len(batch.pairs) == len(batch.ids) == 8
    # Candidates write with a to h, offers with s to z.
    assert all(pair[0][0] <= "h" and pair[1][0] >= "s" for pair in batch.pairs)
    assert (
        np.array_equal(batch.labels > 0, [[True, True, False, False]] * 2)
        or (batch.labels[:, 0] > 0).all()
    )


def test_an_item_without_texts_is_refused(dataset: Path) -> None:
    with pytest.raises(InputError, match="no texts, such as"):
        lay_out_lists(draw_lists(SOURCES, CONFIG), dataset, CONFIG)
