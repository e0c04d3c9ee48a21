"""`jobmatch offers check`: exit codes and what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.offers_check import check
from jobmatch_ml.types.tables import GOLD_OFFERS
from jobmatch_ml.warehouse import arrow_schema


def _catalogue(path: Path, *titles: str) -> Path:
    rows = [
        {"offer_id": str(number), "title": title, "description": "court"}
        for number, title in enumerate(titles)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(GOLD_OFFERS)), path)
    return path


@pytest.fixture(autouse=True)
def _own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))


def test_warnings_are_printed_and_are_no_failure(tmp_path: Path) -> None:
    path = _catalogue(tmp_path / "c.parquet", "Boulanger", "Vendeur")
    result = CliRunner().invoke(check, ["--catalogue", str(path)])
    assert result.exit_code == 0, result.output
    assert "short_text" in result.output
    assert "100.0%" in result.output


def test_an_error_is_exit_1_and_json_says_which(tmp_path: Path) -> None:
    path = _catalogue(tmp_path / "c.parquet", "Boulanger", "")
    result = CliRunner().invoke(check, ["--catalogue", str(path), "--json"])
    assert result.exit_code == 1
    failed = {each["name"]: each for each in json.loads(result.output)["checks"] if each["failed"]}
    assert failed["no_title"]["examples"] == ["1"]
