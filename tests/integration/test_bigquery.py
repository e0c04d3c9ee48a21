"""The same warehouse on DuckDB and on BigQuery: the real client against an emulator.

The emulator stands in for the service; what it lacks (VECTOR_SEARCH, vector indexes) is compiled
and checked by sqlglot in `tests/unit/warehouse/test_matching.py`.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.main import cli
from jobmatch_ml.errors import InputError
from jobmatch_ml.settings import Settings, get_settings
from jobmatch_ml.types.derived_tables import (
    CANDIDATE_DESCRIPTIONS,
    CANDIDATE_TITLES,
    MATCHES,
    OFFER_DESCRIPTIONS,
    OFFER_ENRICHMENT,
    OFFER_TITLES,
)
from jobmatch_ml.types.tables import (
    GOLD_TABLES,
    OFFERS,
    PERMIS,
    SILVER_TABLES,
    SKILLS_RANKING,
    Table,
)
from jobmatch_ml.warehouse import open_warehouse
from jobmatch_ml.warehouse.bigquery import BigQueryWarehouse, open_bigquery
from jobmatch_ml.warehouse.bigquery_errors import (
    BigQueryDownError,
    BigQueryError,
    DatasetMissingError,
)
from jobmatch_ml.warehouse.embeddings import embedding_rows
from jobmatch_ml.warehouse.matching import exact_match_query, match_all, match_by_query
from jobmatch_ml.warehouse.migrations import MIGRATIONS, pending
from jobmatch_ml.warehouse.schema import arrow_schema, compile_sql
from jobmatch_ml.warehouse.transfer import load_days, load_tables, write_parquet
from jobmatch_ml.warehouse.views import enriched_offers
from tests.bigquery_server import bigquery_server
from tests.conftest import ROOT
from tests.offer_records import full, ingest, offer, write_bronze

EVERY_STORED = (*SILVER_TABLES, *GOLD_TABLES)


@dataclass(frozen=True)
class Pair:
    """The two warehouses after the same loads."""

    home: Path
    target: BigQueryWarehouse

    def local(self, table: Table) -> list[dict[str, Any]]:
        with open_warehouse(self.home / "w.duckdb", read_only=True) as warehouse:
            return _sorted(warehouse.table(table).to_pyarrow().cast(arrow_schema(table)))

    def remote(self, table: Table) -> list[dict[str, Any]]:
        query = compile_sql(self.target.datasets.source(table), "bigquery")
        return _sorted(self.target.fetch(query, arrow_schema(table)))


def _sorted(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: tuple(map(str, row.values())))


def _settings(address: str, name: str, **changes: Any) -> Settings:
    values = {
        "bigquery_project": "tests",
        "bigquery_endpoint": address,
        "bigquery_silver_dataset": f"{name}_silver",
        "bigquery_gold_dataset": f"{name}_gold",
        "bigquery_timeout_s": 120,
    }
    return Settings(**{**values, **changes})


def _command(*arguments: str) -> Any:
    result = CliRunner().invoke(cli, ["warehouse", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return orjson.loads(result.stdout)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with bigquery_server(tmp_path_factory.mktemp("bigquery")) as found:
        yield found


@pytest.fixture(scope="module")
def pair(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both warehouses, filled by the commands a user would type; a day is loaded twice."""
    home = tmp_path_factory.mktemp("pair")
    first = write_bronze(home / "a", "2025-03-01", full("1"), offer("2"), offer("gone"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _settings(address, "pair").model_dump(include=_SET).items():
            patch.setenv(f"JOBMATCH_{name.upper()}", str(value))
        patch.setenv("JOBMATCH_WAREHOUSE", "bigquery")
        get_settings.cache_clear()
        assert len(_command("init")["applied"]) == len(MIGRATIONS)
        ingest(home, first)
        with (
            open_warehouse(home / "w.duckdb", read_only=True) as source,
            open_bigquery(get_settings()) as target,
        ):
            # Silver alone: the whole of gold is built by the command below.
            load_days(source, target, {})
        ingest(home, *_second_load(home), ROOT / "data/sample/bronze")
        report = _command("load", "--warehouse", str(home / "w.duckdb"))
        assert "2025-03-01" in report["days"]
        assert _command("migrate")["applied"] == []
        with open_bigquery(get_settings()) as target:
            yield Pair(home, target)
    get_settings.cache_clear()


_SET = {
    "bigquery_project",
    "bigquery_endpoint",
    "bigquery_silver_dataset",
    "bigquery_gold_dataset",
    "bigquery_timeout_s",
}


def _second_load(home: Path) -> list[Path]:
    """A day again without an offer, and the next day, which tells some offers anew."""
    skills = [
        {"libelle": "Éducation", "exigence": "E"},
        {"libelle": "Zèle", "exigence": "E"},
        {"libelle": "accueil", "exigence": "E"},
        {"libelle": "Caisse", "exigence": None},
        {"libelle": "Caisse", "exigence": "E"},
    ]
    odd = [
        offer("3", intitule="  Vendeur\u00a0 \t", competences=skills, nombrePostes=3),
        offer("4", lieuTravail={"libelle": "2A - AJACCIO", "latitude": 4875.0, "longitude": 2.3}),
        offer("5", lieuTravail={"codePostal": "97410"}, salaire={"commentaire": "selon profil"}),
        offer("6", lieuTravail={"libelle": "France"}, permis=[{"libelle": "B", "exigence": "E"}]),
    ]
    again = write_bronze(home / "b", "2025-03-01", full("1"), offer("2", intitule="Changé"), *odd)
    return [again, write_bronze(home / "c", "2025-03-02", full("1", intitule="Neuf"), offer("7"))]


@pytest.mark.parametrize("table", EVERY_STORED, ids=lambda table: f"{table.layer}.{table.name}")
def test_same_inputs_give_the_same_rows_on_both_engines(pair: Pair, table: Table) -> None:
    local, remote = pair.local(table), pair.remote(table)
    assert len(local) == len(remote)
    for one, other in zip(local, remote, strict=True):
        assert one == other


def test_the_rows_compared_are_those_that_make_gold_difficult(pair: Pair) -> None:
    rows = {row["offer_id"]: row for row in pair.remote(GOLD_TABLES[0])}
    assert "gone" not in rows
    assert rows["1"]["title"] == "Neuf"
    # As code points: capitals, small letters, then accents, on both engines.
    assert rows["3"]["required_skills"] == ["Caisse", "Zèle", "accueil", "Éducation"]
    assert rows["4"]["department"] == "2A"
    assert rows["4"]["latitude"] is None
    assert rows["5"]["region"] == "La Réunion"
    assert rows["6"]["required_licences"] == ["B"]


def test_tables_are_partitioned_by_day_and_nothing_is_pending(pair: Pair) -> None:
    stored = pair.target.client.get_table(f"{pair.target.datasets.silver}.offers")
    assert stored.time_partitioning.field == "ingestion_date"
    assert pending(pair.target) == []
    names = [table.table_id for table in pair.target.client.list_tables("pair_silver")]
    assert not [name for name in names if name.startswith("passing_")]


def test_what_was_read_in_the_texts_joins_gold_alike(pair: Pair) -> None:
    values = {
        "offer_id": ["1", "3"],
        "salary_min": [38_000.0, None],
        "skills_required": [["python", "sql"], []],
        "ingestion_date": [date(2025, 3, 2)] * 2,
    }
    schema = arrow_schema(OFFER_ENRICHMENT)
    read = pa.table(
        [values.get(name, [None, None]) for name in schema.names], names=schema.names
    ).cast(schema)
    load_tables(pair.target, {OFFER_ENRICHMENT: read})
    query = compile_sql(enriched_offers(pair.target.datasets.source), "bigquery")
    with open_warehouse(pair.home / "w.duckdb") as warehouse:
        with warehouse.transaction():
            warehouse.replace(OFFER_ENRICHMENT, read)
        local = warehouse.connection.table("offers_enriched", database="gold").to_pyarrow()
    remote = pair.target.fetch(query, local.schema)
    # A stored array is never null in BigQuery: what was not read is there an empty list.
    assert _sorted(_without_null_lists(local)) == _sorted(remote)
    assert {row["offer_id"]: row["salary_min"] for row in remote.to_pylist()}["1"] == 38_000.0


def _without_null_lists(table: pa.Table) -> pa.Table:
    rows = [
        {
            name: [] if value is None and pa.types.is_list(table.schema.field(name).type) else value
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=table.schema)


def test_matching_everyone_gives_the_same_on_both_engines_and_as_numpy(pair: Pair) -> None:
    rng = np.random.default_rng(5)
    sides = {"o": (40, OFFER_TITLES, OFFER_DESCRIPTIONS)}
    sides["c"] = (6, CANDIDATE_TITLES, CANDIDATE_DESCRIPTIONS)
    vectors, rows = {}, {}
    for letter, (count, *tables) in sides.items():
        ids = [f"{letter}{number:02d}" for number in range(count)]
        for table in tables:
            vectors[table] = rng.standard_normal((count, 16)).astype(np.float32)
            rows[table] = embedding_rows(table, ids, vectors[table], model="m1")
    load_tables(pair.target, rows)
    query = exact_match_query(pair.target.datasets, top_k=5, title_weight=0.3)
    assert match_by_query(pair.target, query, with_index=False) == 30
    with open_warehouse(pair.home / "w.duckdb") as warehouse:
        with warehouse.transaction():
            for table, found in rows.items():
                warehouse.replace(table, found)
        assert match_all(warehouse, top_k=5, title_weight=0.3) == 30
    local, remote = pair.local(MATCHES), pair.remote(MATCHES)
    keys = ("candidate_id", "rank", "offer_id")
    assert [[row[key] for key in keys] for row in local] == [
        [row[key] for key in keys] for row in remote
    ]
    assert [row["score"] for row in local] == pytest.approx([row["score"] for row in remote])
    units = {table: each / np.linalg.norm(each, axis=1)[:, None] for table, each in vectors.items()}
    expected = 0.3 * units[CANDIDATE_TITLES] @ units[OFFER_TITLES].T
    expected += 0.7 * units[CANDIDATE_DESCRIPTIONS] @ units[OFFER_DESCRIPTIONS].T
    best = {(row["candidate_id"], row["rank"]): row["offer_id"] for row in remote}
    for place, scores in enumerate(expected):
        order = [f"o{number:02d}" for number in np.argsort(-scores)[:5]]
        assert [best[f"c{place:02d}", rank] for rank in range(1, 6)] == order


def test_a_load_that_fails_at_the_end_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    before = {table: pair.remote(table) for table in (OFFERS, SKILLS_RANKING)}
    empty = {OFFERS: write_parquet(OFFERS, [], tmp_path)}
    numbers = ", ".join(f"0 AS `{name}`" for name in SKILLS_RANKING.names[2:])
    failing = f"SELECT ERROR('no') AS rome_code, '' AS skill, {numbers}"
    with pytest.raises(BigQueryError, match="refused the job"):
        pair.target.load(empty, rebuilt={SKILLS_RANKING: failing})
    assert {table: pair.remote(table) for table in before} == before
    names = [table.table_id for table in pair.target.client.list_tables("pair_silver")]
    assert not [name for name in names if name.startswith("passing_")]


def test_a_file_that_cannot_be_loaded_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    before = pair.remote(PERMIS)
    broken = tmp_path / "x.parquet"
    broken.write_bytes(b"no parquet")
    with pytest.raises(BigQueryError, match=r"loading silver\.offers_permis: BigQuery refused"):
        pair.target.load({PERMIS: broken})
    assert pair.remote(PERMIS) == before


def test_a_day_that_was_never_ingested_is_named(pair: Pair) -> None:
    with (
        open_warehouse(pair.home / "w.duckdb", read_only=True) as source,
        pytest.raises(InputError, match=r"no offers of 2020-01-01.*jobmatch offers ingest"),
    ):
        load_days(source, pair.target, {}, days=[date(2020, 1, 1)])


def test_missing_datasets_name_the_command_that_makes_them(address: str) -> None:
    with (
        open_bigquery(_settings(address, "nowhere")) as target,
        pytest.raises(DatasetMissingError, match=r"tests\.nowhere_silver.*warehouse init"),
    ):
        target.migrate()


def test_a_service_that_is_down_is_said_to_be_within_the_time_allowed() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with (
        open_bigquery(_settings(address, "x", bigquery_timeout_s=2)) as target,
        pytest.raises(BigQueryDownError, match="cannot be reached"),
    ):
        target.migrate()
