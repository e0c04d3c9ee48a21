"""``jobmatch cv extract``: a table for people, the contract's JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.main import cli
from jobmatch_ml.errors import JobMatchError
from tests import hostile_files

TEXT = "Sophie Martin\nComptable\nsophie@example.org\n\nCompétences\nExcel, Sage\n"


@pytest.fixture
def cv_file(tmp_path: Path) -> Path:
    path = tmp_path / "cv.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_has_exactly_the_fields_of_the_contract(cv_file: Path) -> None:
    result = CliRunner().invoke(cli, ["cv", "extract", str(cv_file), "--json"])
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == {
        "extracted_lines", "language", "pages", "method", "warnings", "hidden_text",
    }  # fmt: skip
    assert answer["hidden_text"] == []
    assert answer["extracted_lines"][-1] == {
        "content_type": "skill_hard",
        "content": "Sage",
        "order": 4,
        "evidence": {"page": 1, "start": TEXT.index("Sage"), "end": TEXT.index("Sage") + 4},
    }


def test_a_model_is_named_before_its_eyes(cv_file: Path) -> None:
    result = CliRunner().invoke(cli, ["cv", "extract", str(cv_file), "--llm-vision"])
    assert result.exit_code == 2
    assert "--llm as well" in result.stderr


def test_people_get_a_table(cv_file: Path) -> None:
    result = CliRunner().invoke(cli, ["cv", "extract", str(cv_file)])
    assert result.exit_code == 0
    assert "skill_hard" in result.stdout
    assert "Aucune expérience" in result.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        (b"", "cv.pdf: the CV is empty"),
        (b"%PDF-1.7 no", "damaged"),
        (hostile_files.encrypted_pdf(), "password"),
    ],
    ids=["missing", "empty", "damaged", "encrypted"],
)
def test_a_refused_file_is_an_error_that_says_why(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "cv.pdf"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(cli, ["cv", "extract", str(path)])
    assert result.exit_code == 1
    assert isinstance(result.exception, JobMatchError)
    assert words in str(result.exception)


def test_a_missing_argument_is_a_usage_error() -> None:
    assert CliRunner().invoke(cli, ["cv", "extract"]).exit_code == 2
