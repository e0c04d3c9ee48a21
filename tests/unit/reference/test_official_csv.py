"""Official CSV files: the named columns, and every problem of a folder."""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.reference.official_csv import SourceFolder


def source(folder: Path, **files: bytes) -> SourceFolder:
    for name, data in files.items():
        (folder / f"{name}.csv").write_bytes(data)
    return SourceFolder(folder, expected="test files")


def test_named_columns_are_read_in_the_order_asked_with_optional_ones_last(tmp_path: Path) -> None:
    found = source(tmp_path, a='\ufeff"x","y","z"\n"1"," é ","line\nbreak"\n\n'.encode())
    assert list(found.rows("a.csv", ("y", "x"), optional=("z", "none"))) == [
        ("é", "1", "line\nbreak", "")
    ]
    assert found.problems == []
    assert list(found.sha256) == ["a.csv"]


def test_every_problem_is_kept_and_none_stops_the_reading(tmp_path: Path) -> None:
    found = source(tmp_path, a=b"x,y\n1,2\n3\n", b=b"p\n1\n", c=b"")
    assert list(found.rows("a.csv", ("x",))) == [("1",)]
    for name in ("b.csv", "c.csv", "missing.csv"):
        assert list(found.rows(name, ("x", "y"))) == []
    assert found.problems == [
        "a.csv: 1 rows have not the header's 2 columns (line 3 first)",
        "b.csv: no column x, y (found: p)",
        "c.csv: no column x, y (found: nothing)",
        "missing.csv: not there, or not readable",
    ]


def test_a_file_in_another_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    found = source(tmp_path, a="x\nJardinière\n".encode("cp1252"))
    assert list(found.rows("a.csv", ("x",))) == [("Jardinière",)]
    assert found.warnings == ["a.csv: not UTF-8 (byte 9), read as Windows-1252"]


def test_a_field_without_end_is_a_problem(tmp_path: Path) -> None:
    found = source(tmp_path, a=b'x\n"' + b"a" * 1_100_000 + b'"\n')
    assert list(found.rows("a.csv", ("x",))) == []
    assert "a.csv, line" in found.problems[0]
