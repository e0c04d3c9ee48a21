"""What commands print: JSON of our values, plain tables, short cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
import pytest

from jobmatch_ml.cli.output import echo_json, echo_table, save_json, shorten


@dataclass
class Result:
    folder: Path
    scores: dict[int, np.float64]


VALUE = Result(Path("runs/a"), {1: np.float64(0.5)})


def test_json_knows_paths_numbers_and_dataclasses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    echo_json(VALUE)
    printed = capsys.readouterr().out
    assert orjson.loads(printed) == {"folder": "runs/a", "scores": {"1": 0.5}}
    save_json(VALUE, tmp_path / "new" / "result.json")
    assert (tmp_path / "new" / "result.json").read_text() == printed


def test_a_result_that_is_no_json_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    save_json(VALUE, path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_json({"text": "\ud800"}, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_has_its_title_and_three_digits(capsys: pytest.CaptureFixture[str]) -> None:
    echo_table([{"metric": "mrr", "value": 0.12345}], title="test")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["", "test"]
    assert lines[-1] == "| mrr      |   0.123 |"


def test_long_values_are_cut_to_their_cell() -> None:
    assert shorten(0.123456789) == "0.123457"
    assert shorten("abcdef", width=4) == "abc…"
