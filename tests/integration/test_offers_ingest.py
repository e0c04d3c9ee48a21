"""``jobmatch offers ingest`` as a person types it: exit codes, tables, JSON and messages."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_ml.cli.main import main
from jobmatch_ml.offers import find_catalogue, read_catalogue
from jobmatch_ml.settings import get_settings
from tests.offer_records import full, offer, write_bronze, write_lines

Jobmatch = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    write_lines(tmp_path / "good.jsonl", full("1"), offer("2"))
    write_lines(tmp_path / "mixed.jsonl", offer("1"), "broken", {"intitule": "x"}, offer("1"))
    write_lines(tmp_path / "bad.jsonl", "broken", "again")
    write_bronze(tmp_path / "world", "2025-03-01", offer("1"))
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.fixture
def jobmatch(
    inputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jobmatch:
    """Runs ``jobmatch offers ingest`` in this process: (exit code, stdout, stderr)."""
    monkeypatch.chdir(inputs)

    def run(arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jobmatch", "offers", "ingest", *arguments.split()])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return int(str(code or 0)), captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        ("good.jsonl", 0, "2 records read, 2 offers loaded, 0 refused, 0 duplicates"),
        ("good.jsonl", 0, "| silver.offers_competences "),
        ("good.jsonl --date 2025-03-01", 0, "ingestion_date=2025-03-01/offer_2025-03-01.json"),
        ("world good.jsonl", 0, "3 records read, 3 offers loaded"),
        ("mixed.jsonl", 0, "4 records read, 1 offers loaded, 2 refused, 1 duplicates"),
        ("mixed.jsonl", 0, "mixed.jsonl, line 2"),
        ("mixed.jsonl", 0, "-offers.jsonl"),
        ("mixed.jsonl --strict", 1, "error: nothing was loaded (--strict)"),
        ("bad.jsonl", 1, "error: bad.jsonl: not one offer could be read"),
        ("missing.json", 1, "error: missing.json does not exist"),
        ("empty", 1, "error: folder empty holds no offers"),
        ("good.jsonl --warehouse bad.jsonl", 1, "cannot be opened as a DuckDB database"),
        ("", 2, "Missing argument 'PATHS...'"),
        ("good.jsonl --date yesterday", 2, "does not match the format '%Y-%m-%d'"),
        ("good.jsonl --unknown", 2, "No such option"),
    ],
)
def test_ingest_answers(jobmatch: Jobmatch, arguments: str, exit_code: int, text: str) -> None:
    code, out, err = jobmatch(arguments)
    assert code == exit_code, err
    assert text in (err if exit_code else out)
    if exit_code == 1:
        assert len(err.splitlines()) == 1
        assert not get_settings().catalogue_path.exists()


def test_json_is_for_programs_and_the_catalogue_is_found_afterwards(
    jobmatch: Jobmatch,
) -> None:
    _, out, _ = jobmatch("mixed.jsonl --json --date 2025-03-01")
    report = json.loads(out)
    assert (report["read"], report["loaded"], report["rejected"]) == (4, 1, 2)
    assert report["duplicates"] == 1
    assert report["days"] == ["2025-03-01"]
    assert {found["count"] for found in report["reasons"]} == {1}
    assert Path(report["rejects_path"]).is_file()
    assert [each.offer_id for each in read_catalogue(find_catalogue(get_settings()))] == ["1"]


def test_replacing_a_day_is_said(jobmatch: Jobmatch) -> None:
    jobmatch("good.jsonl --date 2025-03-01")
    _, out, _ = jobmatch("world")
    assert "replaced the 2 offers that 2025-03-01 held before" in out
