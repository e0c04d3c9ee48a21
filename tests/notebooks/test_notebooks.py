"""Each notebook as a data scientist first runs it: toy defaults, fresh kernel, the sample world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.notebook.execute import execute_notebook
from jobmatch_ml.notebook.lint import lint_notebook
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.notebook


def run(name: str, run_dir: Path, **parameters: Any) -> dict[str, Any]:
    executed = execute_notebook(
        ROOT / "notebooks" / f"{name}.ipynb",
        run_dir / "executed.ipynb",
        {"run_dir": str(run_dir), **parameters},
        cwd=ROOT,
        timeout_s=300,
    )
    return executed.records


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_rules_are_kept(path: Path) -> None:
    assert [str(problem) for problem in lint_notebook(path)] == []


def test_every_notebook_has_a_row_in_the_table() -> None:
    table = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in NOTEBOOKS if f"`{path.stem}`" not in table] == []


def test_quickstart_ranks_the_sample_offers_for_a_cv(tmp_path: Path) -> None:
    records = run("01_quickstart", tmp_path, rankers=["bm25", "zero_shot"])
    assert records["n_offers"] > 50
    assert records["n_lines"] > 5
    assert set(records["best"]) == {"bm25", "zero_shot"}
    assert all(len(set(offers)) == 5 for offers in records["best"].values())


def test_prepared_data_are_the_same_each_time(tmp_path: Path) -> None:
    first = run("02_prepare_data", tmp_path / "first")
    again = run("02_prepare_data", tmp_path / "again")
    assert first["data_hash"] == again["data_hash"]
    assert first["test_candidates"] > 0
    assert (Path(first["dataset_dir"]) / "test" / "qrels.tsv").is_file()
    assert all(Path(path).is_file() for path in first["artifacts"])


def test_a_trained_encoder_is_evaluated_and_registered(tmp_path: Path) -> None:
    """The three last notebooks hand over to each other by records alone."""
    trained = run("03_train_bi_encoder", tmp_path / "train", max_length_tokens=64)
    again = run("03_train_bi_encoder", tmp_path / "train", max_length_tokens=64)
    assert again == trained, "the same inputs must record the same values"
    assert 0 <= trained["title_weight"] <= 1
    evaluated = run(
        "04_evaluate_rankers",
        tmp_path / "evaluate",
        encoder_dir=trained["encoder_dir"],
        title_weight=trained["title_weight"],
        max_length_tokens=64,
        n_bootstrap=200,
    )
    scores = {key: value for key, value in evaluated.items() if key.endswith("_ndcg_at_10")}
    assert set(scores) == {
        f"test_{name}_ndcg_at_10"
        for name in ("random", "popularity", "bm25", "tfidf_char", "zero_shot", "bi_encoder")
    }
    beaten = [
        name
        for name in ("bm25", "tfidf_char", "zero_shot", "bi_encoder")
        if scores[f"test_{name}_ndcg_at_10"] <= scores["test_random_ndcg_at_10"]
    ]
    assert beaten == [], "every ranker that reads must beat chance"
    parameters = {
        "encoder_dir": trained["encoder_dir"],
        "title_weight": trained["title_weight"],
        "max_length_tokens": 64,
        "evaluation_path": evaluated["evaluation_path"],
    }
    registered = run("05_register_model", tmp_path / "register", **parameters)
    assert registered["version"] == "1"
    assert run("05_register_model", tmp_path / "register", **parameters) == registered
    assert registered["metrics"]["ndcg@10"] == scores["test_bi_encoder_ndcg_at_10"]


def test_registering_by_hand_takes_the_packaged_encoder_as_it_is(tmp_path: Path) -> None:
    records = run("05_register_model", tmp_path)
    assert (Path(records["bundle_dir"]) / "manifest.json").is_file()
    assert records["metrics"] == {}


def test_a_world_compared_with_itself_looks_like_itself(tmp_path: Path) -> None:
    first = run("06_world_realism", tmp_path)
    assert first == run("06_world_realism", tmp_path), "the same inputs must record the same values"
    assert first["compared_with"] == "world"
    assert first["n_world"] == first["n_other"] > 15
    assert {"intitule", "description"} <= set(first["aucs"])
    # Fifty offers leave wide intervals; a collection of another kind is told in every one.
    assert 0.2 < first["aucs"]["description"] < 0.85
    assert Path(first["artifacts"][0]).is_file()
