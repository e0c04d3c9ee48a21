"""``jobmatch warehouse`` on DuckDB; the same commands on BigQuery: tests/integration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_ml.cli.main import cli
from jobmatch_ml.errors import JobMatchError, NotReadyError
from jobmatch_ml.ranking.bundle import write_bundle
from jobmatch_ml.settings import get_settings
from jobmatch_ml.types.derived_tables import MATCHES
from jobmatch_ml.warehouse import open_warehouse
from jobmatch_ml.warehouse.migrations import MIGRATIONS
from tests.catalogue_file import write_catalogue
from tests.toy import build_tiny_model
from tests.toy_bundle import OFFERS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["warehouse", *arguments])


def test_init_makes_a_file_that_is_up_to_date(tmp_path: Path) -> None:
    file = str(tmp_path / "w.duckdb")
    assert run("init", "--warehouse", file).exit_code == 0
    result = run("migrate", "--warehouse", file)
    assert f"up to date: version {MIGRATIONS[-1].version}" in result.stdout
    assert json.loads(run("migrate", "--warehouse", file, "--json").stdout)["applied"] == []


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("load",), "set JOBMATCH_WAREHOUSE=bigquery"),
        (("match", "--vector-search"), "need JOBMATCH_WAREHOUSE=bigquery"),
        (("match", "--top-k", "0"), "is not in the range"),
    ],
)
def test_what_only_bigquery_can_do_is_a_usage_error(arguments: tuple[str, ...], text: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert text in result.stderr


def test_bigquery_without_a_project_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_WAREHOUSE", "bigquery")
    get_settings.cache_clear()
    with pytest.raises(JobMatchError, match="JOBMATCH_BIGQUERY_PROJECT"):
        CliRunner().invoke(cli, ["warehouse", "init"], catch_exceptions=False)


def test_the_sql_of_vector_search_can_be_read_without_running_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JOBMATCH_WAREHOUSE", "bigquery")
    monkeypatch.setenv("JOBMATCH_BIGQUERY_PROJECT", "p")
    monkeypatch.setenv("JOBMATCH_BIGQUERY_ENDPOINT", "http://127.0.0.1:1")
    get_settings.cache_clear()
    result = run("match", "--vector-search", "--dry-run", "--top-k", "3")
    assert result.exit_code == 0
    assert "VECTOR_SEARCH(TABLE `jobmatch_local_gold`.`offer_title_embeddings`" in result.stdout


def test_candidates_are_embedded_and_matched_by_a_bundle(tmp_path: Path) -> None:
    encoder = build_tiny_model(tmp_path / "encoder")
    bundle = tmp_path / "bundle"
    recipe = {
        "kind": "bi_encoder",
        "title_weight": 0.5,
        "encoder_name": "tiny",
        "dimension": 32,
        "max_length_tokens": 32,
    }
    write_bundle(bundle, encoder_dir=encoder, ranker=recipe, lineage={}, metrics={})
    people = tmp_path / "candidates.jsonl"
    texts = {"c1": "Comptable", "c2": "Soudeur"}
    lines = [
        json.dumps({"candidate_id": name, "title": title, "cv_text": f"{title}\nSage"})
        for name, title in texts.items()
    ]
    people.write_text("\n".join(lines), encoding="utf-8")
    file, catalogue = tmp_path / "w.duckdb", write_catalogue(OFFERS, tmp_path / "c.parquet")
    where = ("--warehouse", str(file))
    with pytest.raises(NotReadyError, match="no embeddings of offers and candidates"):
        CliRunner().invoke(cli, ["warehouse", "match", *where], catch_exceptions=False)
    embedded = run(
        "embed", *where, "--candidates", str(people), "--model", str(bundle),
        "--catalogue", str(catalogue), "--json",
    )  # fmt: skip
    assert embedded.exit_code == 0, embedded.exception
    assert sorted(json.loads(embedded.stdout).values()) == [2, 2, 3, 3]
    matched = run("match", *where, "--top-k", "2", "--json")
    assert json.loads(matched.stdout)["rows"] == 4
    with open_warehouse(file, read_only=True) as warehouse:
        rows = warehouse.table(MATCHES).to_pyarrow().to_pylist()
    assert {row["candidate_id"] for row in rows} == {"c1", "c2"}
