"""The truth has a reader of its own, and no room that trains or serves may use it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.evaluation.truth import read_true_relevance

# Rooms that may know the truth: the one that makes it, the one that reads it, and measurements.
ALLOWED = {"world", "evaluation", "bench"}


def test_the_sample_worlds_truth_is_graded(project_root: Path) -> None:
    truth = read_true_relevance(project_root / "data" / "sample")
    grades = {grade for judged in truth.values() for grade in judged.values()}
    assert grades <= {1, 2, 3, 4}
    assert len(grades) > 1


def test_a_world_without_truth_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="only synthetic worlds know the truth"):
        read_true_relevance(tmp_path)


def test_no_room_that_trains_or_serves_names_the_truth(project_root: Path) -> None:
    named = []
    for path in (project_root / "src" / "jobmatch_ml").rglob("*.py"):
        room = path.relative_to(project_root / "src" / "jobmatch_ml").parts[0]
        if room in ALLOWED:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} & {
            "jobmatch_ml.evaluation.truth"
        }
        paths = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and node.value in {"truth", "truth/qrels.tsv"}
        ]
        if imports or paths:
            named.append(str(path))
    assert named == []
