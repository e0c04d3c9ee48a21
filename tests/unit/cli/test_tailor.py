"""`jobmatch tailor` writes a CV and a letter for an offer, or says in one line why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.tailor import tailor
from jobmatch_ml.cv import extract_file
from jobmatch_ml.types import Offer
from tests.catalogue_file import write_catalogue

CV = """Nadia Belkacem
Hôtesse de caisse
nadia@example.org

Expériences professionnelles
Hôtesse de caisse, Carrefour, mars 2019 - juin 2024
- Encaissement de 220 clients par jour

Compétences
Encaissement
"""
OFFER = Offer("180GGWY", "Hôte / Hôtesse de caisse (H/F)", "Encaissement.", company="Verdier",
              required_skills=("Encaissement", "Anglais"))  # fmt: skip


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    (tmp_path / "cv.txt").write_text(CV, encoding="utf-8")
    write_catalogue([OFFER], tmp_path / "offers.parquet")
    return ["--cv", str(tmp_path / "cv.txt"), "--catalogue", str(tmp_path / "offers.parquet"),
            "--no-score"]  # fmt: skip


def test_a_cv_and_a_letter_are_written(given: list[str], tmp_path: Path) -> None:
    files = [tmp_path / "out.docx", tmp_path / "letter.docx"]
    options = ["--offer", "180GGWY", "--output", str(files[0]), "--letter", str(files[1]), "--json"]
    result = CliRunner().invoke(tailor, [*given, *options])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["missing"] == ["Anglais"]
    assert told["parse_back"]["recall"] == 1.0
    assert "220 clients" in extract_file(files[0]).raw_text
    assert "Verdier" in extract_file(files[1]).raw_text


def test_the_changes_are_told(given: list[str], tmp_path: Path) -> None:
    output = ["--offer", "180GGWY", "--output", str(tmp_path / "out.docx")]
    result = CliRunner().invoke(tailor, [*given, *output])
    assert result.exit_code == 0, result.output
    assert "À acquérir ou à confirmer" in result.output
    assert "informations retrouvées" in result.output


def test_a_file_of_another_kind_is_a_usage_error(given: list[str], tmp_path: Path) -> None:
    output = ["--offer", "180GGWY", "--output", str(tmp_path / "out.odt")]
    result = CliRunner().invoke(tailor, [*given, *output])
    assert result.exit_code == 2
    assert ".docx" in result.output


def test_an_unknown_offer_is_named(given: list[str], tmp_path: Path) -> None:
    output = ["--offer", "NOPE", "--output", str(tmp_path / "out.docx")]
    result = CliRunner().invoke(tailor, [*given, *output])
    assert result.exit_code != 0
    assert "NOPE" in str(result.exception)
