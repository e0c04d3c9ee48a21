"""Two sides on the same data: what is compared, what is timed, and the values of two orders."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.counterfactual_rows import NORMAL_95
from jobmatch_ml.interactions.propensity import PropensityModel, known_propensities
from jobmatch_ml.registry import review_evidence
from jobmatch_ml.registry.review_evidence import (
    ReviewData,
    Subject,
    counterfactual_row,
    gather_evidence,
)
from jobmatch_ml.types import Run
from tests.log_factory import make_log
from tests.review_world import CONFIG, NamedRanker, write_dataset

MODEL = known_propensities({"top_offers": np.array([1.0, 0.5])})


def slates(folder: Path, *clicked: bool, requests: int = 2) -> Path:
    """Slates of offers x and y, in this order; y was clicked or not, request by request."""
    (folder / "test").mkdir()
    rows = [
        {
            "request_id": f"r{number}",
            "user": f"c{number}",
            "offer_external_id": offer,
            "position": position,
            "slate_size": 2,
            "viewed": clicked[number] and offer == "y",
        }
        for number in range(requests)
        for position, offer in ((1, "x"), (2, "y"))
    ]
    pq.write_table(make_log(*rows), folder / "test" / "interactions.parquet")
    return folder


def run(*best_first: str, requests: int = 2) -> Run:
    scores = {offer: -float(place) for place, offer in enumerate(best_first)}
    return {f"c{number}": scores for number in range(requests)}


def test_a_click_counts_by_its_position_and_by_the_new_rank(tmp_path: Path) -> None:
    found = counterfactual_row(run("y", "x"), run("x", "y"), slates(tmp_path, True, False), MODEL)
    # One click at propensity 0.5 in two requests: 2 · weight / 2, weight 1 first, 1 / log2(3) next.
    second = 1 / math.log2(3)
    assert found.challenger == pytest.approx(1.0)
    assert found.champion == pytest.approx(second)
    assert found.difference == pytest.approx(1 - second)
    # The differences of the requests are d and 0: standard deviation d / √2, error d / 2.
    half = NORMAL_95 * (2 - 2 * second) / 2
    assert found.low == pytest.approx(found.difference - half)
    assert found.high == pytest.approx(found.difference + half)
    assert found.n_requests == 2


def test_one_request_gives_no_interval(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected at least two"):
        counterfactual_row(run("y", "x"), run("x", "y"), slates(tmp_path, True, requests=1), MODEL)


def test_requests_of_one_person_are_not_so_many_people(tmp_path: Path) -> None:
    dataset = slates(tmp_path, True, False, True, False, requests=4)
    path = dataset / "test" / "interactions.parquet"
    log = pq.read_table(path)
    people = pa.array([f"c{int(name[1:]) % 2}" for name in log["request_id"].to_pylist()])
    pq.write_table(log.set_column(log.column_names.index("user"), "user", people), path)
    found = counterfactual_row(run("y", "x"), run("x", "y"), dataset, MODEL)
    # c0 clicks in both requests, c1 in none: two people, 2d and 0 over four requests.
    difference = 2 - 2 / math.log2(3)
    assert found.n_requests == 4
    assert found.difference == pytest.approx(difference / 2)
    assert found.high - found.difference == pytest.approx(NORMAL_95 * difference / 2)


def test_a_log_without_clicks_is_no_certain_zero(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nobody opened"):
        counterfactual_row(run("y", "x"), run("x", "y"), slates(tmp_path, False, False), MODEL)


def test_both_sides_answer_the_same_people(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path)
    sides = [
        Subject(name, NamedRanker(name, dataset), n_bytes=size)
        for name, size in (("0.8", 10), ("0.2", 20))
    ]
    found = gather_evidence(sides[0], sides[1], ReviewData(dataset), CONFIG)
    row = found.comparisons[0]
    assert row.challenger > row.champion + 0.2
    assert row.low <= row.difference <= row.high
    assert [item.metric for item in found.comparisons] == ["ndcg@10", "recall@100"]
    assert found.validation is not None
    assert found.validation.n_queries < row.n_queries
    assert (found.challenger_cost.n_bytes, found.champion_cost.n_bytes) == (10, 20)
    assert found.challenger_cost.median_ms > 0
    # Nobody viewed anything in this world: no propensities, and the review says so.
    assert found.counterfactual is None
    assert any(note.startswith("no propensities, so no counterfactual") for note in found.notes)
    swapped = gather_evidence(sides[1], sides[0], ReviewData(dataset), CONFIG).comparisons[0]
    assert swapped.difference == pytest.approx(-row.difference)


def test_calibration_is_judged_where_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = write_dataset(tmp_path)
    ranker = NamedRanker("0.5", dataset)

    def judge(shown: Run, folder: Path, model: PropensityModel) -> dict[str, float]:
        assert (folder, model) == (dataset, MODEL)
        assert all(shown.values())
        return {"view": 0.02}

    monkeypatch.setattr(review_evidence, "estimate_by_em", lambda table: MODEL)

    data = ReviewData(dataset)
    with_some, without = Subject("a", ranker, calibration=judge), Subject("b", ranker)
    (row,) = gather_evidence(with_some, without, data, CONFIG).calibration
    assert (row.stage, row.challenger, row.champion) == ("view", 0.02, None)
    found = gather_evidence(without, with_some, data, CONFIG)
    assert found.calibration == ()
    assert any("has no calibrators" in note for note in found.notes)
