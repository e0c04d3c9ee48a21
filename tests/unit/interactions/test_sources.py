"""Where a table comes from: Parquet, CSV of any delimiter, a database; and what is refused."""

from __future__ import annotations

import gzip
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.interactions.engine import open_engine
from jobmatch_ml.interactions.importing import import_interactions
from jobmatch_ml.interactions.mapping import ImportMapping
from jobmatch_ml.interactions.sources import DatabaseQuery, Source, fetch_query, open_source
from tests.company_table import COLUMNS, MAPPING, company_rows, write_csv
from tests.log_factory import day, make_log

OURS = ImportMapping(**MAPPING)


def rows_of(source: Source, work: Path, delimiter: str | None = None) -> list[tuple[object, ...]]:
    with open_engine() as connection:
        relation = open_source(connection, source, work=work, name="table", delimiter=delimiter)
        found: list[tuple[object, ...]] = relation.fetchall()
        return found


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database with a company's table of 60,000 impressions: more than one batch."""
    path = tmp_path / "company.db"
    with sqlite3.connect(path) as connection:
        columns = ", ".join(COLUMNS)
        marks = ", ".join("?" for _ in COLUMNS)
        connection.execute(f"CREATE TABLE log ({columns})")
        rows = ({**company_rows({})[0], "vue": f"v{number}"} for number in range(60_000))
        connection.executemany(
            " ".join(("INSERT INTO log VALUES", f"({marks})")),
            ([value or None for value in row.values()] for row in rows),
        )
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out_and_nothing_is_guessed_from_values(
    tmp_path: Path, delimiter: str
) -> None:
    rows = [{"id": "0042", "when": "2026-01-01", "n": "1"}, {"id": "7", "when": "", "n": "x"}]
    path = write_csv(tmp_path / "table.csv", rows, delimiter=delimiter)
    assert rows_of(path, tmp_path) == [("0042", "2026-01-01", "1"), ("7", None, "x")]


@pytest.mark.parametrize("head", ["a;a\n", "a;;b\n", "\n"])
def test_a_header_must_name_each_column_once(tmp_path: Path, head: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(head, encoding="utf-8")
    with pytest.raises(FormatError, match="expected a header with a name for each column"):
        rows_of(path, tmp_path)


def test_a_compressed_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress('\ufeffnom,âge\r\n"Zoé, dite Z",3\r\n'.encode()))
    assert rows_of(path, tmp_path) == [("Zoé, dite Z", "3")]
    path.write_bytes(gzip.compress("nom\n".encode("utf-16")))
    with pytest.raises(FormatError, match="not UTF-8"):
        rows_of(path, tmp_path)


def test_a_declared_delimiter_wins(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("a~b\n1,5~2\n", encoding="utf-8")
    assert rows_of(path, tmp_path, "~") == [("1,5", "2")]


def test_lines_that_do_not_fit_are_counted_by_their_numbers(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "table.csv", company_rows(*({} for _ in range(50))))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[20] += ";too;many;fields"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = import_interactions(path, tmp_path / "out", OURS)
    (problem,) = report.problems
    assert (problem.reason, problem.count) == ("not a line of this CSV file", 1)
    assert problem.examples == ("21",)
    assert report.rows_written == 49
    (kept,) = pq.read_table(tmp_path / "out" / "broken_lines.parquet").to_pylist()
    assert (kept["line"], kept["text"]) == (21, lines[20])
    with pytest.raises(FormatError, match="not a line of this CSV"):
        import_interactions(path, tmp_path / "strict", OURS, strict=True)


def test_a_quote_that_is_never_closed_takes_all_lines_after_it_and_they_are_counted(
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / "table.csv", company_rows(*({} for _ in range(50))))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[41] = '"' + lines[41]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = import_interactions(path, tmp_path / "out", OURS)
    (problem,) = report.problems
    assert (problem.count, problem.examples, report.rows_written) == (10, ("42",), 40)


def test_lines_of_another_encoding_are_counted(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "table.csv", company_rows({}, {"candidat": "XX"}))
    path.write_bytes(path.read_bytes().replace(b"XX", "é".encode("latin-1")))
    report = import_interactions(path, tmp_path / "out", OURS)
    assert [(problem.count, problem.examples) for problem in report.problems] == [(1, ("3",))]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"a,b\r1,2\r", "lines that end in LF or CR LF"),
        ("t.csv", b"a" + b",c" * 2_001 + b"\n", "more than 2,000 columns"),
        ("t.csv", "a,b\n".encode("utf-16"), "not UTF-8 text"),
        ("t.csv.gz", gzip.compress(b"a,b\n" * 99, mtime=0)[:11], "not UTF-8 text"),
        ("t.csv.gz", b"a,b\n1,2\n", "not UTF-8 text"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=message):
        rows_of(tmp_path / name, tmp_path)


def test_names_of_columns_may_stand_among_spaces(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(" user , position\nu,1\n", encoding="utf-8")
    with open_engine() as connection:
        relation = open_source(connection, tmp_path / "t.csv", work=tmp_path, name="table")
        assert relation.columns == ["user", "position"]


def test_a_folder_of_parquet_files_is_one_table_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "log" / "part"
    folder.mkdir(parents=True)
    for number in (2, 1):
        row = {"impression_id": f"i{number}", "shown_at": day(number)}
        pq.write_table(make_log(row), folder / f"{number}.parquet")
    report = import_interactions(tmp_path / "log", tmp_path / "out")
    assert read_interactions(report.path)["impression_id"].to_pylist() == ["i1", "i2"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingFileError, match=r"no \.parquet file in the folder"):
        rows_of(tmp_path / "empty", tmp_path)


def test_a_file_that_is_neither_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(FormatError, match=r"cannot be read as Parquet; .* CSV file named \.csv"):
        rows_of(path, tmp_path)


def test_a_database_is_read_in_batches_like_the_same_table_in_csv(
    tmp_path: Path, database: str
) -> None:
    source = DatabaseQuery(database, "SELECT * FROM log ORDER BY rowid")
    report = import_interactions(source, tmp_path / "sql", OURS, strict=True)
    assert report.rows_written == 60_000
    found = read_interactions(report.path)
    plain = import_interactions(
        write_csv(tmp_path / "one.csv", company_rows({})), tmp_path / "csv", OURS
    )
    expected = read_interactions(plain.path).to_pylist()[0]
    assert found.to_pylist()[-1] == {**expected, "impression_id": "v59999"}


def test_values_of_a_database_keep_what_they_say(tmp_path: Path) -> None:
    from jobmatch_ml.interactions.sources import _text

    assert _text(None) is None
    assert _text(True) == "True"
    assert _text(datetime(2026, 1, 1, 12, tzinfo=UTC)) == "2026-01-01T12:00:00+00:00"
    assert _text(date(2026, 1, 1)) == "2026-01-01"
    assert _text(0.5) == "0.5"


def test_a_query_names_each_column_once(tmp_path: Path, database: str) -> None:
    query = DatabaseQuery(database, "SELECT vue, vue FROM log")
    with pytest.raises(InputError, match="two columns of one name"):
        fetch_query(query, tmp_path / "query.parquet")


def test_an_empty_result_keeps_its_columns(tmp_path: Path, database: str) -> None:
    query = DatabaseQuery(database, "SELECT vue, rang FROM log WHERE 0")
    table = pq.read_table(fetch_query(query, tmp_path / "rows.parquet"))
    assert table.schema == pa.schema([("vue", pa.string()), ("rang", pa.string())])
    assert len(table) == 0


@pytest.mark.parametrize(
    ("url", "query", "message"),
    [
        ("not a url", "SELECT 1", "database URL is not one"),
        ("nosuch://user:secret@host/db", "SELECT 1", "URL is not one"),
        ("sqlite:////nowhere/secret.db", "SELECT 1", r"refuses .* \(OperationalError\)"),
        ("sqlite://", "SELECT secret FROM nothing", r"refuses .* \(OperationalError\)"),
        ("sqlite://", "CREATE TABLE t (x)", "refuses the connection or the query"),
    ],
)
def test_a_database_that_refuses_is_reported_without_its_secrets(
    tmp_path: Path, url: str, query: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        fetch_query(DatabaseQuery(url, query), tmp_path / "rows.parquet")
    assert "secret" not in str(caught.value)
