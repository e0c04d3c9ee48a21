"""ROME as values: items by kind, and codes in old and untidy spellings."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.reference.rome import resolve_rome_code, resolve_rome_codes
from jobmatch_ml.reference.rome_files import read_rome
from tests.tiny_classifications import write_rome


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("J1501", "J1501"),
        (" j-1506 ", "J1506"),
        ("M 1805", "M1805"),
        ("J1599", "J1501"),
        ("J1505", "J1501"),
        ("Z1501", None),
        ("J15", None),
        ("J15011", None),
        ("A1101", None),
        ("", None),
    ],
)
def test_a_code_stands_for_itself_or_for_the_nearest_old_fiche_of_its_field(
    tmp_path: Path, code: str, target: str | None
) -> None:
    assert resolve_rome_code(code, read_rome(write_rome(tmp_path))) == target


def test_it_is_counted_how_codes_were_resolved(tmp_path: Path) -> None:
    tables = read_rome(write_rome(tmp_path))
    found = resolve_rome_codes(["J1501", "J1501", "j1501", "J1599", "nothing"], tables)
    assert found.counts == {"exact": 2, "cleaned": 1, "field": 1, "unknown": 1}
    assert found.codes["nothing"] is None


def test_what_a_table_holds_is_counted_by_kind(tmp_path: Path) -> None:
    assert read_rome(write_rome(tmp_path)).counts() == {
        "fiches": 3, "appellations": 6, "skills": 4, "knowledge": 3, "soft_skills": 1,
        "contexts": 1, "links": 11, "core_links": 4, "emerging_links": 1, "mobility": 2,
        "sector_links": 1,
    }  # fmt: skip
