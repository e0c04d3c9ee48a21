"""The notebook that compares encoders: on the sample world, with and without an ablation."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.notebook.source import load_notebook
from tests.notebooks.test_notebooks import run

pytestmark = pytest.mark.notebook

TITLES = {"title_a": "Boulanger / Boulangère", "title_b": "boulangere"}


def test_encoders_are_compared_on_the_sample_the_same_each_time(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.json")
    records = run("12_compare_encoders", tmp_path, ablation_path=absent, **TITLES)
    pieces = records["pieces_per_word"]
    assert 1 <= pieces["box"] < pieces["MiniLM"] < 3, "French pieces cut French words less"
    names = {"bm25", "tfidf_char", "zero_shot", "static", "box", "hybrid"}
    assert set(records["ndcg_at_10"]) == names
    assert all(0 <= score <= 1 for score in records["ndcg_at_10"].values())
    assert records["ndcg_at_10"][records["best"]] == max(records["ndcg_at_10"].values())
    assert set(records["fusion_weights"]) == {"bodies", "titles", "labels"}
    assert records["title_cosines"]["static"] > 0.5, "one occupation, written in two ways"
    assert records["ablation_arms"] == 0
    assert all(Path(path).is_file() for path in records["artifacts"])
    executed = (tmp_path / "executed.ipynb").read_text(encoding="utf-8")
    assert "no ablation is recorded yet. `jobmatch bench adaptation --record" in executed
    again = run("12_compare_encoders", tmp_path, ablation_path=absent, **TITLES)
    assert again == records


def test_a_recorded_ablation_is_shown(tmp_path: Path) -> None:
    recorded = tmp_path / "adaptation.json"
    rows = [
        {"arm": "static: recipe", "seconds": 60, "mean of tasks": 0.75},
        {"arm": "static: nothing masked", "seconds": 61, "mean of tasks": 0.625},
    ]
    recorded.write_bytes(orjson.dumps({"bench": "adaptation", "rows": rows}))
    records = run(
        "12_compare_encoders",
        tmp_path,
        ablation_path=str(recorded),
        rankers=["bm25"],
        n_bootstrap=100,
    )
    assert records["ablation_arms"] == 2
    outputs = [
        cell.raw["outputs"] for cell in load_notebook(tmp_path / "executed.ipynb").code_cells
    ]
    shown = orjson.dumps(outputs).decode()
    assert "static: nothing masked" in shown
    assert "no ablation is recorded yet" not in shown
