"""A key changes with whatever could change a stage's result, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.pipeline.keys import content_hash, hash_code, package_hash, stage_key


def test_each_part_changes_the_key_and_order_does_not(tmp_path: Path) -> None:
    notebook = tmp_path / "n.ipynb"
    notebook.write_text("a")
    first = stage_key(notebook, {"a": 1, "b": 2}, inputs_hash="i", code_hash="c")
    assert first == stage_key(notebook, {"b": 2, "a": 1}, inputs_hash="i", code_hash="c")
    assert len(first) == 16
    others = {
        stage_key(notebook, {"a": 1, "b": 3}, inputs_hash="i", code_hash="c"),
        stage_key(notebook, {"a": 1, "b": 2.0}, inputs_hash="i", code_hash="c"),
        stage_key(notebook, {"a": 1, "b": 2}, inputs_hash="j", code_hash="c"),
        stage_key(notebook, {"a": 1, "b": 2}, inputs_hash="i", code_hash="d"),
    }
    notebook.write_text("b")
    others.add(stage_key(notebook, {"a": 1, "b": 2}, inputs_hash="i", code_hash="c"))
    assert len(others | {first}) == 6


def test_content_counts_names_and_bytes_but_not_the_place(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "a.txt").write_text("1")
    assert content_hash(tmp_path / "x") == content_hash(tmp_path / "y")
    (tmp_path / "y" / "deep" / "a.txt").write_text("2")
    changed = content_hash(tmp_path / "y")
    (tmp_path / "y" / "deep" / "a.txt").write_text("1")
    (tmp_path / "y" / "deep" / "a.txt").rename(tmp_path / "y" / "deep" / "b.txt")
    assert len({content_hash(tmp_path / "x"), changed, content_hash(tmp_path / "y")}) == 3
    with pytest.raises(MissingFileError, match="does not exist"):
        content_hash(tmp_path / "z")


def test_the_code_is_the_package_and_what_it_is_locked_to(tmp_path: Path) -> None:
    assert len(package_hash()) == 64
    unlocked = hash_code(tmp_path)
    assert unlocked == hash_code(tmp_path / "another checkout")
    (tmp_path / "requirements.lock").write_text("torch==2.11.0")
    locked = hash_code(tmp_path)
    (tmp_path / "requirements.lock").write_text("torch==2.12.0")
    assert len({unlocked, locked, hash_code(tmp_path)}) == 3
