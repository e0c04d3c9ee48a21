"""Bugs planted in learning to rank, cascade, bundle and review: a unit test must notice each.

The checks are the unit tests themselves, run once on sound code and once with the bug in it: a test
that stays green with the bug would be no test. Bugs of splits, metrics, propensities and
calibrators stand in ``test_seeded_bugs_of_evaluation``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import IntegrityError
from jobmatch_ml.ranking import manifest
from jobmatch_ml.ranking.bundle import load_bundle, write_bundle
from jobmatch_ml.ranking.cascade import CascadeRanker
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.features.activity import Activity
from jobmatch_ml.registry import review_gates
from jobmatch_ml.training import ltr, ltr_rows
from jobmatch_ml.training.ltr_rows import LtrRows
from tests.toy import build_tiny_model
from tests.unit.ranking import test_cascade, test_matrix
from tests.unit.registry import test_review_gates
from tests.unit.training import test_ltr, test_ltr_rows

Patch = pytest.MonkeyPatch


def labels_shifted(patch: Patch) -> None:
    sound = ltr_rows._labels
    patch.setattr(ltr_rows, "_labels", lambda *given: np.roll(sound(*given), 1))


def positions_off_by_one(patch: Patch) -> None:
    sound = LtrRows.propensities

    def shifted(rows: LtrRows, model: Any) -> Any:
        moved = np.minimum(rows.positions + 1, 10)
        return sound(LtrRows(**{**vars_of(rows), "positions": moved}), model)

    patch.setattr(LtrRows, "propensities", shifted)


def weights_not_inverted(patch: Patch) -> None:
    def multiplied(rows: LtrRows, config: Any, model: Any) -> Any:
        if config.correction != "ips":
            return rows.weights
        return rows.weights * np.where(rows.labels > 0, rows.propensities(model), 1.0)

    patch.setattr(ltr, "row_weights", multiplied)


def correction_left_out(patch: Patch) -> None:
    patch.setattr(ltr, "row_weights", lambda rows, config, model: rows.weights)


def constraints_turned_round(patch: Patch) -> None:
    sound = ltr._parameters

    def turned(*given: Any) -> dict[str, Any]:
        found = sound(*given)
        found["monotone_constraints"] = [-each for each in found["monotone_constraints"]]
        return found

    patch.setattr(ltr, "_parameters", turned)


def future_seen(patch: Patch) -> None:
    sound = Activity.count
    patch.setattr(
        Activity,
        "count",
        lambda self, event, rows, moment, **more: sound(self, event, rows, moment + 1e8, **more),
    )


def discount_dropped(patch: Patch) -> None:
    def flat(scores: Any, gains: Any, groups: Any, *, at: int = 10) -> float:
        values = []
        for group in np.unique(groups):
            rows = np.flatnonzero(groups == group)
            first = rows[np.argsort(-scores[rows], kind="stable")][:at]
            best = np.sort(gains[rows])[::-1][:at].sum()
            values += [gains[first].sum() / best] if best > 0 else []
        return float(np.mean(values)) if values else 0.0

    patch.setattr(test_ltr, "grouped_ndcg", flat)


def profiles_merged_by_the_worst(patch: Patch) -> None:
    sound = test_cascade.merge_profiles

    def worst(run: Any, person_of: Any, *, top_k: int) -> Any:
        turned = {name: {doc: -score for doc, score in row.items()} for name, row in run.items()}
        found = sound(turned, person_of, top_k=1000)
        return {
            person: dict(sorted(((d, -s) for d, s in row.items()), key=lambda x: -x[1])[:top_k])
            for person, row in found.items()
        }

    patch.setattr(test_cascade, "merge_profiles", worst)


def reading_turned_round(patch: Patch) -> None:
    sound = CrossEncoderRanker.score
    patch.setattr(
        CrossEncoderRanker,
        "score",
        lambda *given: {name: -values for name, values in sound(*given).items()},
    )


def foreign_offers_mixed_in(patch: Patch) -> None:
    sound = CascadeRanker.index

    def forgetful(self: CascadeRanker, documents: Any) -> None:
        sound(self, documents)
        self.is_foreign_ = False

    patch.setattr(CascadeRanker, "index", forgetful)


def loss_taken_for_a_gain(patch: Patch) -> None:
    """The gate looks at the interval's upper end: a loss that may be none would pass."""
    sound = test_review_gates.judge

    def lenient(evidence: Any, gates: Any) -> Any:
        rows = tuple(
            row.model_copy(update={"low": row.high, "high": row.low})
            for row in evidence.comparisons
        )
        return sound(evidence.model_copy(update={"comparisons": rows}), gates)

    patch.setattr(test_review_gates, "judge", lenient)


def calibration_not_judged(patch: Patch) -> None:
    fine = review_gates.Gate(name="calibration", passed=True, reason="")
    patch.setattr(review_gates, "_calibration", lambda evidence, gates: fine)


def vars_of(rows: LtrRows) -> dict[str, Any]:
    return {name: getattr(rows, name) for name in LtrRows.__dataclass_fields__}


def a_loss_fails() -> None:
    change = {"comparisons": (test_review_gates.comparison(0.0, 0.021),)}
    found = test_review_gates.failed(**change)
    assert list(found) == ["quality ndcg@10"]


def a_miscalibrated_score_fails() -> None:
    row = test_review_gates.CalibrationRow(stage="view", challenger=0.031)
    assert list(test_review_gates.failed(calibration=(row,))) == ["calibration"]


BUGS: dict[Callable[[Patch], None], Callable[[], None]] = {
    labels_shifted: test_ltr_rows.test_labels_are_the_furthest_stage_known,
    positions_off_by_one: test_ltr.test_what_was_opened_at_a_position_seen_by_half_counts_twice,
    weights_not_inverted: (
        test_ltr.test_debiasing_finds_the_truth_where_the_naive_model_learns_the_old_ranker
    ),
    correction_left_out: (
        test_ltr.test_debiasing_finds_the_truth_where_the_naive_model_learns_the_old_ranker
    ),
    constraints_turned_round: test_ltr.test_constraints_make_the_score_monotone,
    future_seen: test_matrix.test_nothing_at_or_after_the_moment_is_seen,
    discount_dropped: test_ltr.test_ndcg_of_groups_is_the_definition,
    profiles_merged_by_the_worst: (
        test_cascade.test_profiles_of_one_person_are_merged_by_the_best_score
    ),
    reading_turned_round: (
        test_cascade.test_features_reorder_what_was_retrieved_and_the_reader_comes_last
    ),
    foreign_offers_mixed_in: test_cascade.test_on_a_foreign_corpus_the_text_stages_rank_alone,
    loss_taken_for_a_gain: a_loss_fails,
    calibration_not_judged: a_miscalibrated_score_fails,
}


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_the_bug_is_caught(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    check = BUGS[plant]
    check()
    plant(monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        check()


def test_only_the_checksums_tell_a_tampered_bundle(tmp_path: Path, monkeypatch: Patch) -> None:
    write_bundle(
        tmp_path / "b",
        encoder_dir=build_tiny_model(tmp_path / "tiny"),
        ranker={
            "kind": "bi_encoder", "encoder_name": "t", "dimension": 32, "max_length_tokens": 64,
        },
        lineage={},
        metrics={},
    )  # fmt: skip
    weights = tmp_path / "b" / "encoder" / "model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(bytes(changed))
    with pytest.raises(IntegrityError, match="was changed"):
        load_bundle(tmp_path / "b")
    monkeypatch.setattr(manifest, "_check_files", lambda *_: None)
    load_bundle(tmp_path / "b")  # nothing else would have noticed
