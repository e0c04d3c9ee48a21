"""``jobmatch match``: the service's path and any text ranker, over a catalogue file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_ml.cli.main import cli
from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.ranking.bundle import write_bundle
from tests.catalogue_file import write_catalogue
from tests.toy import build_tiny_model
from tests.toy_bundle import OFFERS

CV = "Comptable\n\nCompétences\nSage, clôtures mensuelles\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A CV and a catalogue."""
    cv = tmp_path / "cv.txt"
    cv.write_text(CV, encoding="utf-8")
    return str(cv), str(write_catalogue(OFFERS, tmp_path / "catalogue.parquet"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["match", *arguments])


def test_a_named_ranker_prints_offers_with_shared_words(files: tuple[str, str]) -> None:
    cv, catalogue = files
    result = run("--cv", cv, "--catalogue", catalogue, "--ranker", "bm25", "--top-k", "2")
    assert result.exit_code == 0, result.exception
    first = next(line for line in result.stdout.splitlines() if line.startswith("|      1"))
    assert "Comptable H/F" in first
    assert "Cabinet Durand" in first
    assert "Sage" in first


def test_json_carries_ranks_scores_and_highlights(files: tuple[str, str]) -> None:
    cv, catalogue = files
    result = run("--cv", cv, "--catalogue", catalogue, "--ranker", "tfidf_char", "--json")
    answer = json.loads(result.stdout)
    assert [offer["rank"] for offer in answer["offers"]] == [1, 2, 3]
    scores = [offer["score"] for offer in answer["offers"]]
    assert scores == sorted(scores, reverse=True)
    assert answer["offers"][0]["offer_id"] == "A1"


def test_a_title_changes_what_is_looked_for(files: tuple[str, str]) -> None:
    cv, catalogue = files
    result = run(
        "--cv", cv, "--catalogue", catalogue, "--ranker", "bm25", "--title", "Soudeur", "--json"
    )  # fmt: skip
    assert json.loads(result.stdout)["profile_title"] == "Soudeur"


def test_a_bundle_ranks_and_its_index_is_kept(
    files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cv, catalogue = files
    encoder = build_tiny_model(tmp_path / "encoder")
    bundle = tmp_path / "bundle"
    recipe = {"kind": "zero_shot", "encoder_name": "tiny", "dimension": 32, "max_length_tokens": 64}
    write_bundle(bundle, encoder_dir=encoder, ranker=recipe, lineage={}, metrics={})
    monkeypatch.setenv("JOBMATCH_DATA_DIR", str(tmp_path / "data"))
    arguments = ["--cv", cv, "--catalogue", catalogue, "--model", str(bundle), "--json"]
    first = json.loads(run(*arguments).stdout)
    assert len(first["offers"]) == 3
    assert len(list((tmp_path / "data" / "serving").glob("index-*"))) == 1
    second = json.loads(run(*arguments).stdout)
    assert first["offers"] == second["offers"]
    assert first["bundle_sha256"] == second["bundle_sha256"]


@pytest.mark.parametrize(
    ("change", "exit_code", "words"),
    [
        (["--ranker", "bm52"], 1, "Did you mean 'bm25'"),
        (["--ranker", "popularity"], 1, "interaction"),
        (["--catalogue", "nowhere.parquet", "--ranker", "bm25"], 1, "jobmatch offers ingest"),
        (["--cv", "nowhere.pdf"], 1, "does not exist"),
        ([], 1, "jobmatch pipeline run train"),
        (["--top-k", "0"], 2, "--top-k"),
        (["--ranker", "bm25", "--model", "x"], 2, "exclude each other"),
    ],
)
def test_errors_say_what_to_do(
    files: tuple[str, str], change: Sequence[str], exit_code: int, words: str
) -> None:
    cv, catalogue = files
    result = run("--cv", cv, "--catalogue", catalogue, *change)
    assert result.exit_code == exit_code
    if exit_code == 1:
        assert isinstance(result.exception, JobMatchError)
    assert words in (str(result.exception) if exit_code == 1 else result.output)
