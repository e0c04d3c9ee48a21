"""``jobmatch interactions import`` as a person types it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_ml.cli.main import main
from tests.company_table import company_rows, write_csv, write_mapping

Jobmatch = Callable[..., tuple[int, str, str]]


@pytest.fixture
def jobmatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jobmatch:
    """Runs the command on a company's table of three rows, one of them impossible."""
    rows = company_rows({}, {"rang": "0"}, {"gardee": "oui", "gardee_le": "2026-01-11 12:00:00"})
    write_csv(tmp_path / "table.csv", rows)
    write_mapping(tmp_path / "mapping.yaml")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jobmatch", "interactions", "import", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return int(str(code or 0)), captured.out, captured.err

    return run


def test_problems_are_a_table_and_the_log_has_its_place(jobmatch: Jobmatch) -> None:
    code, out, _ = jobmatch("table.csv", "--out", "out", "--mapping", "mapping.yaml")
    assert code == 0
    assert "position below 1" in out
    assert "v2" in out
    assert "3 rows read, 2 written, 1 refused" in out
    assert Path("out/interactions.parquet").is_file()
    assert Path("out/rejects.parquet").is_file()


def test_json_says_the_same(jobmatch: Jobmatch) -> None:
    _, out, _ = jobmatch("table.csv", "--out", "out", "--mapping", "mapping.yaml", "--json")
    report = json.loads(out)
    assert (report["rows_read"], report["rows_written"], report["rows_rejected"]) == (3, 2, 1)
    assert report["problems"] == [
        {"reason": "position below 1", "count": 1, "examples": ["v2"]},
    ]


def test_strict_is_one_line_and_exit_1(jobmatch: Jobmatch) -> None:
    code, out, err = jobmatch("table.csv", "--out", "out", "--mapping", "mapping.yaml", "--strict")
    assert (code, out) == (1, "")
    assert err.startswith("error: 1 rows: position below 1 (such as v2). Nothing was written")
    assert not Path("out/interactions.parquet").exists()


def test_a_database_is_read_by_url_and_query(jobmatch: Jobmatch) -> None:
    with sqlite3.connect("company.db") as connection:
        connection.execute("CREATE TABLE log (user, offer_external_id, shown_at, surface)")
        connection.execute("INSERT INTO log VALUES ('c1', 'o1', '2026-01-01T12:00:00Z', 'search')")
    connection.close()
    database = ("--database", "sqlite:///company.db", "--query", "SELECT * FROM log")
    code, out, _ = jobmatch("--out", "out", *database)
    assert code == 0
    assert "note: no position" in out
    assert "1 rows read, 1 written, 0 refused" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name either SOURCE, or --database and --query"),
        (("table.csv", "--query", "SELECT 1"), "name either SOURCE"),
        (("table.csv", "--applications-query", "SELECT 1"), "name either --applications"),
    ],
)
def test_a_mistaken_command_is_exit_2(
    jobmatch: Jobmatch, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = jobmatch("--out", "out", *arguments)
    assert code == 2
    assert message in err
