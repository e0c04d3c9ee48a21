"""People and their profiles from the CVs; what is no candidate is named by line."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.training import ltr_data as module
from jobmatch_ml.training.dataset import open_dataset
from jobmatch_ml.training.ltr_data import (
    bundle_features,
    open_features,
    person_of,
    read_people,
)
from tests.conftest import ROOT
from tests.feature_market import MOMENT, space

ROW = {
    "candidate_id": "c1",
    "title": "Boulanger",
    "cv_text": "Jean Petit\nBoulanger\n\nCompétences\n- Levain, pousse lente, division, boulage\n",
    "profiles": [{"title": "Boulanger"}, {"title": "Pâtissier"}],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_each_profile_is_a_query_with_the_same_cv(tmp_path: Path) -> None:
    facts, queries = read_people(write(tmp_path / "c.jsonl", ROW), space(), moment=MOMENT)
    assert list(queries) == ["c1", "c1#2"]
    assert (facts["c1"].wished, facts["c1#2"].wished) == (("D1102",), ("D1104",))
    assert facts["c1"].skills == facts["c1#2"].skills == ("dough",)
    assert queries["c1"].text == queries["c1#2"].text
    assert {person_of(name) for name in queries} == {"c1"}


def test_hidden_fields_of_a_row_are_not_read(tmp_path: Path) -> None:
    more = {**ROW, "preferences": {"salaryMin": 99_000, "place": "Lyon"}, "truth": 4}
    plain = read_people(write(tmp_path / "a.jsonl", ROW), space(), moment=MOMENT)
    assert read_people(write(tmp_path / "b.jsonl", more), space(), moment=MOMENT) == plain


def test_broken_lines_are_named_without_their_text(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", ROW, {"candidate_id": "c2", "title": "Secret"})
    with pytest.raises(FormatError, match="line 2") as caught:
        read_people(path, space(), moment=MOMENT)
    assert "Secret" not in str(caught.value)
    with pytest.raises(MissingFileError):
        read_people(tmp_path / "none.jsonl", space(), moment=MOMENT)
    with pytest.raises(MissingFileError):
        open_features(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("recipe", "asked"),
    [(None, False), ({}, False), ({"rome": False}, False), ({"rome": True}, True)],
)
def test_features_are_of_the_table_that_a_bundle_was_learnt_with(
    monkeypatch: pytest.MonkeyPatch, recipe: Any, *, asked: bool
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(module, "open_features", lambda *_, **more: given.update(more))
    bundle: Any = SimpleNamespace(encoder=object, manifest=SimpleNamespace(cascade=recipe))
    bundle_features(bundle, Path("data"), Path("world"))
    assert given["rome"] is asked


def test_a_rome_that_was_not_imported_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when the embedded table takes its place: the trees would read other numbers."""
    world = ROOT / "data" / "sample"
    data = open_dataset("", run_dir=tmp_path, sample=world).dataset_dir
    monkeypatch.setattr(module, "get_settings", lambda: SimpleNamespace(data=tmp_path))
    with pytest.raises(MissingFileError, match="jobmatch rome import"):
        open_features(data, world, rome=True)
