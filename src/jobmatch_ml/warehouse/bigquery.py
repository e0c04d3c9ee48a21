"""The warehouse on BigQuery: the same tables and transformations as on DuckDB.

Rows arrive as Parquet by load jobs (free of charge) in tables of passage; one multi-statement
transaction then puts them in the place of what they replace and rebuilds gold. A run that fails at
any point leaves every table as it was; tables of passage are removed, and expire by themselves
where even that fails.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from jobmatch_ml.errors import ConfigError, JobMatchError, missing_extra
from jobmatch_ml.settings import Settings
from jobmatch_ml.types.tables import Table
from jobmatch_ml.warehouse.bigquery_errors import named_errors
from jobmatch_ml.warehouse.migrations import Migration, migrate
from jobmatch_ml.warehouse.schema import DAY_COLUMN, Datasets, Dialect, ibis_schema

PASSAGE_HOURS = 6
"""A table of passage that nobody removed is gone after this time."""

_LONGEST_RETRY_S = 60.0


def dataset_names(settings: Settings) -> Datasets:
    """Returns the names of the datasets: those set, else made from the environment's name."""
    prefix = f"jobmatch_{settings.env}"
    return Datasets(
        settings.bigquery_silver_dataset or f"{prefix}_silver",
        settings.bigquery_gold_dataset or f"{prefix}_gold",
    )


@contextmanager
def open_bigquery(settings: Settings) -> Iterator[BigQueryWarehouse]:
    """Opens the BigQuery warehouse that the settings name; asks nothing of the service yet.

    Raises:
        ConfigError: No project is set.
        NoCredentialsError: No Google Cloud credentials were found.
        MissingExtraError: Google's client is not installed.
    """
    if not settings.bigquery_project:
        raise ConfigError(
            "no Google Cloud project: set JOBMATCH_BIGQUERY_PROJECT to the project's id "
            "(docs/bigquery.md)",
            field="bigquery_project",
        )
    client = _client(settings)
    try:
        yield BigQueryWarehouse(client, dataset_names(settings), settings)
    finally:
        client.close()


def _client(settings: Settings) -> Any:
    try:
        from google.api_core.client_options import ClientOptions
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import bigquery
    except ImportError as error:
        raise missing_extra("google-cloud-bigquery", "bigquery") from error
    endpoint = settings.bigquery_endpoint
    # An emulator speaks plain HTTP and knows no accounts; a token must never travel like that.
    open_server = endpoint.startswith("http://")
    with named_errors("connecting to BigQuery"):
        return bigquery.Client(
            project=settings.bigquery_project,
            location=settings.bigquery_location,
            credentials=AnonymousCredentials() if open_server else None,  # type: ignore[no-untyped-call]
            client_options=ClientOptions(api_endpoint=endpoint) if endpoint else None,
        )


class BigQueryWarehouse:
    """An open BigQuery warehouse; made by :func:`open_bigquery`."""

    dialect: Dialect = "bigquery"

    def __init__(self, client: Any, datasets: Datasets, settings: Settings) -> None:
        self.client = client
        self.datasets = datasets
        self._location = settings.bigquery_location
        self._timeout_s = settings.bigquery_timeout_s
        self._max_bytes_billed = int(settings.bigquery_max_gb_billed * 1e9)

    # Every call is tried again by Google's client, but never for its default of ten minutes.
    @property
    def _retry(self) -> Any:
        from google.cloud.bigquery import DEFAULT_RETRY

        return DEFAULT_RETRY.with_timeout(min(_LONGEST_RETRY_S, self._timeout_s))

    def create_datasets(self) -> None:
        """Creates the datasets where they are lacking, in the location of the settings."""
        from google.cloud import bigquery

        for name in (self.datasets.silver, self.datasets.gold):
            dataset = bigquery.Dataset(f"{self.client.project}.{name}")
            dataset.location = self._location
            with named_errors(f"creating the dataset {name}"):
                self.client.create_dataset(dataset, exists_ok=True, retry=self._retry)

    def check_datasets(self) -> None:
        """Raises DatasetMissingError when a dataset is not there."""
        for name in (self.datasets.silver, self.datasets.gold):
            with named_errors(f"dataset {self.client.project}.{name}"):
                self.client.get_dataset(name, retry=self._retry)

    def migrate(self) -> list[Migration]:
        """Creates and changes tables as :mod:`jobmatch_ml.warehouse.migrations` says."""
        self.check_datasets()
        return migrate(self)

    def run(self, statements: Sequence[str]) -> None:
        """Runs statements as one script, which is one job."""
        self._finished(";\n".join(statements))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query."""
        with named_errors("reading rows"):
            return [tuple(row.values()) for row in self._finished(query)]

    def fetch(self, query: str, schema: pa.Schema) -> pa.Table:
        """Returns the rows of a query as an Arrow table of a schema.

        Rows come page by page over REST: what is fetched is small, the rest stays in BigQuery.
        """
        with named_errors("reading rows"):
            found = self._finished(query).to_arrow(create_bqstorage_client=False)
        return found.select(schema.names).cast(schema)

    def _finished(self, script: str) -> Any:
        from google.cloud import bigquery

        config = bigquery.QueryJobConfig(maximum_bytes_billed=self._max_bytes_billed)
        with named_errors("a query"):
            # A script has its own jobs; retrying it as a whole is safe: it is one transaction.
            job = self.client.query(
                script, job_config=config, retry=self._retry, job_retry=self._retry
            )
            return job.result(timeout=self._timeout_s, retry=self._retry)

    def load(
        self,
        files: Mapping[Table, Path],
        *,
        days: Sequence[date] | None = None,
        rebuilt: Mapping[Table, str] | None = None,
    ) -> dict[Table, int]:
        """Puts the rows of Parquet files in the place of what the tables held, all or nothing.

        Args:
            files: A Parquet file a table, with the table's columns.
            days: Replace these days alone; ``None`` replaces whole tables.
            rebuilt: Tables to empty and fill anew in the same transaction, in this order, with
                their rows as BigQuery SQL.

        Returns:
            Rows that each file brought.
        """
        self.check_datasets()
        run = uuid.uuid4().hex[:12]
        passage = {table: f"passing_{run}_{table.name}" for table in files}
        try:
            counts = self._load_passage(files, passage)
            script = _swap_script(self.datasets, passage, days, rebuilt or {})
            with named_errors("putting the rows in place"):
                self._finished(script)
        finally:
            self._remove(passage)
        return counts

    def _load_passage(
        self, files: Mapping[Table, Path], passage: Mapping[Table, str]
    ) -> dict[Table, int]:
        jobs = {}
        for table, path in files.items():
            target = f"{self.client.project}.{self.datasets.of(table)}.{passage[table]}"
            with named_errors(f"loading {table.layer}.{table.name}"), path.open("rb") as stream:
                self._create_passage(target, table)
                jobs[table] = self.client.load_table_from_file(
                    stream, target, rewind=True, job_config=_load_config(table)
                )
        counts = {}
        # All are under way before the first is waited for.
        for table, job in jobs.items():
            with named_errors(f"loading {table.layer}.{table.name}"):
                job.result(timeout=self._timeout_s, retry=self._retry)
            counts[table] = int(job.output_rows)
        return counts

    def _create_passage(self, target: str, table: Table) -> None:
        from google.cloud import bigquery

        passing = bigquery.Table(target, schema=_fields(table))
        passing.expires = datetime.now(UTC) + timedelta(hours=PASSAGE_HOURS)
        self.client.create_table(passing, retry=self._retry)

    def _remove(self, passage: Mapping[Table, str]) -> None:
        for table, name in passage.items():
            target = f"{self.client.project}.{self.datasets.of(table)}.{name}"
            # The error that brought us here matters more; the table expires by itself.
            with suppress(JobMatchError), named_errors("tidying up"):
                self.client.delete_table(target, not_found_ok=True, retry=self._retry)

    def replace_by_query(self, table: Table, query: str) -> None:
        """Puts the rows of a query in the place of all that a table held, in one transaction."""
        script = _transaction(_refill(self.datasets, table, query))
        with named_errors(f"filling {table.layer}.{table.name}"):
            self._finished(script)

    def count(self, table: Table) -> int:
        """Returns the number of rows of a table."""
        query = exp.select(exp.Count(this=exp.Star())).from_(self.datasets.name(table))
        return int(self.rows(query.sql("bigquery"))[0][0])


def _fields(table: Table) -> list[Any]:
    """Returns a table's columns as Google's client describes them."""
    from google.cloud import bigquery
    from ibis.backends.bigquery.datatypes import BigQuerySchema

    fields: list[bigquery.SchemaField] = list(BigQuerySchema.from_ibis(ibis_schema(table)))
    return fields


def _load_config(table: Table) -> Any:
    from google.cloud import bigquery

    lists = bigquery.ParquetOptions()  # type: ignore[no-untyped-call]
    # Without it a list arrives as a record of records.
    lists.enable_list_inference = True
    config = bigquery.LoadJobConfig(
        source_format=bigquery.SourceFormat.PARQUET,
        write_disposition=bigquery.WriteDisposition.WRITE_APPEND,
        schema=_fields(table),
    )
    config.parquet_options = lists
    return config


def _swap_script(
    datasets: Datasets,
    passage: Mapping[Table, str],
    days: Sequence[date] | None,
    rebuilt: Mapping[Table, str],
) -> str:
    statements = []
    for table, name in passage.items():
        arrived = exp.table_(name, db=datasets.of(table), quoted=True)
        rows = exp.select(*_columns(table)).from_(arrived)
        statements += _refill(datasets, table, rows.sql("bigquery"), days=days)
    for table, query in rebuilt.items():
        statements += _refill(datasets, table, query)
    return _transaction(statements)


def _refill(
    datasets: Datasets, table: Table, query: str, *, days: Sequence[date] | None = None
) -> list[str]:
    """Returns the deletion of a table's rows, of some days or all, and the insertion of others."""
    replaced: exp.Expression = exp.true()
    if days is not None:
        literals = [exp.cast(exp.Literal.string(day.isoformat()), "DATE") for day in days]
        replaced = exp.column(DAY_COLUMN, quoted=True).isin(*literals)
    rows: Any = sqlglot.parse_one(query, read="bigquery")
    chosen = exp.select(*_columns(table)).from_(rows.subquery("incoming"))
    names = [exp.to_identifier(name, quoted=True) for name in table.names]
    target = datasets.name(table)
    return [
        exp.delete(target, where=replaced).sql("bigquery"),
        exp.insert(chosen, target, columns=names).sql("bigquery"),
    ]


def _columns(table: Table) -> list[exp.Column]:
    return [exp.column(name, quoted=True) for name in table.names]


def _transaction(statements: Sequence[str]) -> str:
    return ";\n".join(["BEGIN TRANSACTION", *statements, "COMMIT TRANSACTION"])
