"""Mining: what is kept, what is dropped and why, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from jobmatch_ml.training import hard_negatives
from jobmatch_ml.training.config import HardNegativeConfig
from jobmatch_ml.training.dataset import prepare_dataset
from jobmatch_ml.training.hard_negatives import (
    KEPT,
    MinedNegatives,
    RightAnswers,
    mine_hard_negatives,
    mobility_neighbours,
    rank_band,
    read_right_answers,
    sample_negatives,
    score_ceiling,
)
from tests.tiny_world import write_tiny_world

# p took o1 (occupation A). o2: the same job posted again. o3: another offer of A. o4: B, where
# people of A move to. o5 and o6: C and D. o7: an offer without a code.
KEYS = {"o1": "A", "o2": "Z", "o3": "A", "o4": "B", "o5": "C", "o6": "D", "o7": ""}
ANSWERS = RightAnswers(
    KEYS, {"o1": "o1", "o2": "o1"}, {"A": frozenset({"B"})}, {"p": frozenset({"o1"})}
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mining")
    return prepare_dataset(write_tiny_world(folder / "world"), folder / "dataset").dataset_dir


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        ("o1", "taken by the person"),
        ("o2", "near-duplicate of an offer taken"),
        ("o3", "occupation of an offer taken"),
        ("o4", "occupation that people move to"),
        ("o5", None),
        ("o7", None),
    ],
)
def test_an_offer_that_may_be_right_is_refused_with_the_reason(
    offer: str, reason: str | None
) -> None:
    assert ANSWERS.reason("p", offer) == reason


def test_nothing_speaks_for_an_offer_to_somebody_who_took_nothing() -> None:
    assert ANSWERS.reason("q", "o1") is None


def test_two_offers_without_a_code_are_not_one_occupation() -> None:
    answers = RightAnswers({"x": "", "y": ""}, {}, {}, {"p": frozenset({"x"})})
    assert answers.reason("p", "y") is None


def test_a_band_takes_both_its_ends() -> None:
    run = {"p": {f"o{rank}": -float(rank) for rank in range(1, 8)}}
    assert rank_band(run, 2, 4) == {"p": ["o2", "o3", "o4"]}
    assert rank_band(run, 6, 20) == {"p": ["o6", "o7"]}
    assert rank_band(run, 9, 20) == {"p": []}


def test_the_ceiling_is_a_share_of_the_positives_score() -> None:
    scores = {"a": 10.0, "b": 4.0}
    assert score_ceiling(scores, "a", 0.95) == pytest.approx(9.5)
    # A positive that was not found is below all that was.
    assert score_ceiling(scores, "missing", 0.5) == pytest.approx(2.0)


def test_mining_keeps_and_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scores = {"o3": 10.0, "o1": 8.0, "o5": 7.8, "o4": 7.0, "o6": 5.0, "o7": 4.0}
    monkeypatch.setattr(hard_negatives, "read_right_answers", lambda _: ANSWERS)
    monkeypatch.setattr(hard_negatives, "_rank_people", lambda *_: {"p": scores})
    monkeypatch.setattr(hard_negatives, "_examined_not_taken", lambda _: {"p": ["o2", "o6"]})
    config = HardNegativeConfig(per_pair=1, ranks=(1, 5))
    mined = mine_hard_negatives(tmp_path, [("p", "o1")], config)
    # o5 scores 7.8, more than 0.95 of 8.0; o6 comes from both sources and is kept once.
    assert mined.by_pair == {("p", "o1"): ("o6",)}
    assert mined.counts == {
        ("log", "near-duplicate of an offer taken"): 1,
        ("log", KEPT): 1,
        ("corpus", "occupation of an offer taken"): 1,
        ("corpus", "taken by the person"): 1,
        ("corpus", "score near the positive's or above"): 1,
        ("corpus", "occupation that people move to"): 1,
        ("corpus", KEPT): 1,
    }
    report = mined.report()
    assert [row["source"] for row in report] == ["corpus"] * 5 + ["log"] * 2
    assert sum(row["share"] for row in report if row["source"] == "log") == pytest.approx(1)


def test_too_few_mined_are_filled_with_wrong_offers() -> None:
    mined = MinedNegatives({("p", "o1"): ("o6",)}, {}, ANSWERS)
    for seed in range(20):
        drawn = sample_negatives(
            mined, ("p", "o1"), 2, sorted(KEYS), rng=np.random.default_rng(seed)
        )
        assert drawn[0] == "o6"
        assert drawn[1] in {"o5", "o7"}
    everything = sample_negatives(mined, ("p", "o1"), 7, sorted(KEYS), rng=np.random.default_rng(0))
    assert sorted(everything) == ["o5", "o6", "o7"]


def test_a_pair_draws_each_of_its_negatives_over_time() -> None:
    mined = MinedNegatives({("p", "o1"): ("o5", "o6", "o7")}, {}, ANSWERS)
    rng = np.random.default_rng(0)
    seen = {tuple(sample_negatives(mined, ("p", "o1"), 1, [], rng=rng)) for _ in range(40)}
    assert seen == {("o5",), ("o6",), ("o7",)}


def test_moves_go_both_ways() -> None:
    near = mobility_neighbours()
    assert near
    assert all(code in near[other] for code, others in near.items() for other in others)


def test_a_prepared_data_set_is_mined_without_a_right_answer(
    dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No word is shared between the sides: BM25 scores nothing, and the filter by score drops all.
    answers = read_right_answers(dataset)
    person, taken = min((user, min(offers)) for user, offers in answers.taken.items())
    config = HardNegativeConfig(per_pair=2, ranks=(1, 150))
    blind = mine_hard_negatives(dataset, [(person, taken)], config)
    assert blind.by_pair[person, taken] == ()
    monkeypatch.setattr(hard_negatives, "score_ceiling", lambda *_: float("inf"))
    mined = mine_hard_negatives(dataset, [(person, taken)], config)
    found = mined.by_pair[person, taken]
    assert found
    own = taken.partition("-")[0]
    assert not [offer for offer in found if offer.startswith(f"{own}-")]
    assert mined.counts["corpus", KEPT] == len(found)


def test_the_log_alone_needs_no_ranking(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing is to be ranked")

    monkeypatch.setattr(hard_negatives, "create_ranker", refuse)
    config = HardNegativeConfig(per_pair=1, miner="log")
    assert mine_hard_negatives(dataset, [("c0", "o0-0")], config).by_pair == {("c0", "o0-0"): ()}


@pytest.mark.parametrize("ranks", [(9, 3), (0, 3), (1, 1001)])
def test_a_band_that_is_none_is_refused(ranks: tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match="expected a first and a last rank, 1 to 1000"):
        HardNegativeConfig(ranks=ranks)
