"""Imports on disk: whole, checked, and not on top of other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError, IntegrityError, MissingFileError
from jobmatch_ml.reference.imported import (
    MANIFEST,
    ImportManifest,
    read_import_table,
    read_manifest,
    write_import,
)

PLAIN = ImportManifest("rome", "460", "licence", "source", {"fiches": 1}, {"a.csv": "00"}, ("odd",))


def test_what_was_written_is_read_and_an_import_can_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "rome"
    for rows in ([{"a": "é"}], [{"a": 1}, {"a": 2}]):
        written = write_import(target, PLAIN, {"fiches": rows})
        assert read_manifest(target, name="rome") == written
        assert read_import_table(target, written, "fiches") == rows
    assert set(written.summary()) == {
        "name", "version", "licence", "attribution", "counts", "warnings", "format"
    }  # fmt: skip


def test_a_failing_table_leaves_the_earlier_import(tmp_path: Path) -> None:
    target = tmp_path / "rome"
    before = write_import(target, PLAIN, {"fiches": [1]})
    with pytest.raises(TypeError):
        write_import(target, PLAIN, {"fiches": [object()]})
    assert read_manifest(target, name="rome") == before


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(FormatError, match="not an import of rome; name an empty"):
        write_import(tmp_path, PLAIN, {})
    assert (tmp_path / "thesis.txt").exists()


def test_a_changed_or_missing_table_is_refused(tmp_path: Path) -> None:
    manifest = write_import(tmp_path / "rome", PLAIN, {"fiches": [1]})
    (tmp_path / "rome" / "fiches.jsonl").write_text("2\n")
    with pytest.raises(IntegrityError, match=r"fiches\.jsonl: missing or changed"):
        read_import_table(tmp_path / "rome", manifest, "fiches")
    with pytest.raises(IntegrityError, match="jobmatch rome import DIR"):
        read_import_table(tmp_path / "rome", manifest, "items")


def test_no_import_another_import_and_a_broken_manifest_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no ROME import here; run `jobmatch rome import"):
        read_manifest(tmp_path, name="rome")
    write_import(tmp_path / "rome", PLAIN, {})
    with pytest.raises(FormatError, match="rome in format 1; expected esco"):
        read_manifest(tmp_path / "rome", name="esco")
    for text in ("{}", "[]", "not json", '{"warnings": [], "format": 1}'):
        (tmp_path / "rome" / MANIFEST).write_text(text)
        with pytest.raises(FormatError, match="not the manifest of an import"):
            read_manifest(tmp_path / "rome", name="rome")
