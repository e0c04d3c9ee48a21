"""What is recorded comes back as it was, and what JSON cannot carry is refused."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, MissingFileError, NotebookError
from jobmatch_ml.notebook.records import MIME_TYPE, read_records, record
from tests.notebooks.fixtures.factory import code, sound_cells, write_notebook


def executed(path: Path, *recorded: dict[str, Any]) -> Path:
    cells = sound_cells()
    for values in recorded:
        output = {"output_type": "display_data", "metadata": {}, "data": {MIME_TYPE: values}}
        cells.append({**code("record()"), "outputs": [output]})
    return write_notebook(path, cells)


def test_later_records_win(tmp_path: Path) -> None:
    path = executed(tmp_path / "n.ipynb", {"a": 1, "b": 2}, {"a": 3})
    assert read_records(path) == {"a": 3, "b": 2}


def test_a_notebook_without_records_and_a_missing_one_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="jobmatch notebook run"):
        read_records(executed(tmp_path / "n.ipynb"))
    with pytest.raises(MissingFileError):
        read_records(tmp_path / "missing.ipynb")


def test_outside_a_notebook_record_returns_plain_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        values = record(score=np.float32(0.5), n=np.int64(2), views=("a", None), ok=True)
    assert values == {"score": 0.5, "n": 2, "views": ["a", None], "ok": True}
    assert type(values["n"]) is int
    assert "4 values recorded outside a notebook" in caplog.text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "finite"),
        (float("-inf"), "finite"),
        (np.float64("nan"), "finite"),
        ({"deep": [1.0, float("inf")]}, r"deep\[1\]"),
        (Path("x"), r"str\(path\)"),
        (object(), "is a object"),
        ({1: 2}, "text keys"),
        (np.zeros(2), "ndarray"),
    ],
)
def test_values_that_json_cannot_carry_are_refused(value: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        record(value=value)
