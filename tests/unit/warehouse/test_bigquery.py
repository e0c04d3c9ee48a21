"""BigQuery's warehouse where no server is needed: names, settings, and the script of a load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from jobmatch_ml.errors import ConfigError
from jobmatch_ml.settings import Settings
from jobmatch_ml.types.tables import DAILY_STATS, PERMIS
from jobmatch_ml.warehouse.bigquery import (
    BigQueryWarehouse,
    _swap_script,
    dataset_names,
    open_bigquery,
)
from jobmatch_ml.warehouse.bigquery_errors import NoCredentialsError
from jobmatch_ml.warehouse.schema import Datasets


def test_dataset_names_come_from_the_settings_or_the_environment() -> None:
    assert dataset_names(Settings(env="prod")) == Datasets(
        "jobmatch_prod_silver", "jobmatch_prod_gold"
    )
    named = Settings(bigquery_silver_dataset="a", bigquery_gold_dataset="b")
    assert dataset_names(named) == Datasets("a", "b")


def test_a_project_is_asked_for() -> None:
    with pytest.raises(ConfigError, match="JOBMATCH_BIGQUERY_PROJECT"), open_bigquery(Settings()):
        pass


def test_no_credentials_name_both_ways_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with (
        pytest.raises(NoCredentialsError, match="gcloud auth application-default login"),
        open_bigquery(Settings(bigquery_project="p")),
    ):
        pass


def test_a_load_is_one_transaction_that_replaces_the_days_alone() -> None:
    passage = {PERMIS: "passing_1_offers_permis"}
    rows = "SELECT DATE '2025-01-01' AS ingestion_date, '' AS rome_code"
    script = _swap_script(Datasets("s", "g"), passage, [date(2025, 1, 2)], {DAILY_STATS: rows})
    kinds = [type(each).__name__ for each in sqlglot.parse(script, read="bigquery")]
    assert kinds == ["Transaction", "Delete", "Insert", "Delete", "Insert", "Commit"]
    _, emptied, filled, rebuilt, *_ = script.split(";\n")
    assert "WHERE `ingestion_date` IN (CAST('2025-01-02' AS DATE))" in emptied
    assert "FROM `s`.`passing_1_offers_permis`" in filled
    assert rebuilt == "DELETE FROM `g`.`daily_stats` WHERE TRUE"


def test_a_query_may_bill_no_more_than_the_settings_allow() -> None:
    seen: dict[str, Any] = {}

    class Client:
        project = "p"

        def query(self, script: str, **options: Any) -> Any:
            seen.update(options, script=script)
            return self

        def result(self, **options: Any) -> list[Any]:
            seen.update(wait=options["timeout"])
            return []

    settings = Settings(bigquery_max_gb_billed=2, bigquery_timeout_s=7)
    BigQueryWarehouse(Client(), Datasets(), settings).run(["SELECT 1", "SELECT 2"])
    assert seen["script"] == "SELECT 1;\nSELECT 2"
    assert seen["job_config"].maximum_bytes_billed == 2_000_000_000
    assert seen["wait"] == 7
