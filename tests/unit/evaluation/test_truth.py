"""The truth has a reader of its own, and no room that trains or serves may use it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.evaluation.truth import (
    read_hidden_candidates,
    read_hidden_offers,
    read_true_impressions,
    read_true_propensities,
    read_true_relevance,
)

# Rooms that may know the truth: the one that makes it, the one that reads it, and measurements.
ALLOWED = {"world", "evaluation", "bench"}
READERS: dict[str, Callable[[Path], Any]] = {
    "qrels.tsv": read_true_relevance,
    "propensities.parquet": read_true_propensities,
    "impressions.parquet": read_true_impressions,
    "offers.parquet": read_hidden_offers,
    "candidates.parquet": read_hidden_candidates,
}


def test_the_sample_worlds_truth_is_graded(project_root: Path) -> None:
    truth = read_true_relevance(project_root / "data" / "sample")
    grades = {grade for judged in truth.values() for grade in judged.values()}
    assert grades <= {1, 2, 3, 4}
    assert len(grades) > 1


def test_the_sample_worlds_propensities_fall_from_1(project_root: Path) -> None:
    model = read_true_propensities(project_root / "data" / "sample")
    assert set(model.curves) == {"search", "top_offers"}
    for curve in model.curves.values():
        assert (np.diff(curve.propensities) < 0).all()


@pytest.mark.parametrize("name", READERS)
def test_a_world_without_truth_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=f"{name} .*only synthetic worlds know the truth"):
        READERS[name](tmp_path)


@pytest.mark.parametrize("name", [name for name in READERS if name.endswith(".parquet")])
def test_another_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "truth" / name
    path.parent.mkdir()
    path.write_bytes(b"PAR?")
    with pytest.raises(FormatError, match=f"{name}: not a Parquet file"):
        READERS[name](tmp_path)
    pq.write_table(pa.table({"other": [1]}), path)
    with pytest.raises(FormatError, match=f"{name}: columns missing: "):
        READERS[name](tmp_path)


@pytest.mark.parametrize("positions", [[1, 3], [1, 1], [0, 1], [2, 3]])
def test_propensities_with_a_gap_are_refused(positions: list[int], tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    table = pa.table(
        {"surface": ["api"] * 2, "position": positions, "propensity": [1.0, 0.5]},
    )
    pq.write_table(table, tmp_path / "truth" / "propensities.parquet")
    with pytest.raises(FormatError, match="surface 'api' has positions"):
        read_true_propensities(tmp_path)


def test_no_room_that_trains_or_serves_names_the_truth(project_root: Path) -> None:
    named = []
    for path in (project_root / "src" / "jobmatch_ml").rglob("*.py"):
        room = path.relative_to(project_root / "src" / "jobmatch_ml").parts[0]
        if room in ALLOWED:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} & {
            "jobmatch_ml.evaluation.truth",
            "jobmatch_ml.evaluation.oracle",
            "jobmatch_ml.evaluation.hidden_market",
        }
        paths = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (node.value == "truth" or node.value.startswith("truth/"))
        ]
        if imports or paths:
            named.append(str(path))
    assert named == []
