"""Which versions of the tables a warehouse has, and the statements that bring it up to date.

To change the tables: change their specification, add a :class:`Migration` at the end whose
statements do the same to tables that exist, and never edit one that was released. Every statement
must be repeatable (``IF NOT EXISTS``, ``OR REPLACE``): BigQuery has no transaction around DDL, so a
run that was cut short is simply run again. DuckDB takes all of them in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from jobmatch_ml.errors import FormatError
from jobmatch_ml.types.derived_tables import EMBEDDING_TABLES, ENRICHMENT_TABLES, MATCHES
from jobmatch_ml.types.tables import (
    COUNT,
    GOLD_TABLES,
    MOMENT,
    SILVER_TABLES,
    TEXT,
    Column,
    Table,
)
from jobmatch_ml.warehouse.schema import Datasets, Dialect, create_statements
from jobmatch_ml.warehouse.views import create_view_statement

APPLIED = Table(
    "gold",
    "schema_migrations",
    (Column("version", COUNT), Column("name", TEXT), Column("applied_at", MOMENT)),
)
"""One row a migration that was applied."""


class Engine(Protocol):
    """What migrations need of a warehouse."""

    dialect: Dialect
    datasets: Datasets

    def run(self, statements: Sequence[str]) -> None:
        """Runs statements in order."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the tables to the next.

    Args:
        version: Its number, counted from 1 without gaps.
        name: What it does, in a few words.
        statements: Gives its statements for a dialect and the names of the layers.
    """

    version: int
    name: str
    statements: Callable[[Dialect, Datasets], Sequence[str]]


def _creates(*tables: Table) -> Callable[[Dialect, Datasets], Sequence[str]]:
    return lambda dialect, datasets: create_statements(dialect, tables, datasets)


def _creates_enrichment(dialect: Dialect, datasets: Datasets) -> Sequence[str]:
    tables = create_statements(dialect, ENRICHMENT_TABLES, datasets)
    return (*tables, create_view_statement(dialect, datasets))


MIGRATIONS = (
    Migration(1, "silver and structural gold", _creates(*SILVER_TABLES, *GOLD_TABLES)),
    Migration(2, "embeddings and matches", _creates(*EMBEDDING_TABLES, MATCHES)),
    Migration(3, "text enrichment", _creates_enrichment),
)


def pending(engine: Engine) -> list[Migration]:
    """Returns the migrations that were not applied yet, oldest first.

    Raises:
        FormatError: The warehouse was made by a newer version of this program.
    """
    engine.run(create_statements(engine.dialect, (APPLIED,), engine.datasets))
    query = exp.select(exp.column("version", quoted=True)).from_(engine.datasets.name(APPLIED))
    done = {int(version) for (version,) in engine.rows(query.sql(engine.dialect))}
    newest = MIGRATIONS[-1].version
    if done and max(done) > newest:
        raise FormatError(
            f"the warehouse is at version {max(done)}, and this program knows versions up to "
            f"{newest}: update the program"
        )
    return [migration for migration in MIGRATIONS if migration.version not in done]


def migrate(engine: Engine) -> list[Migration]:
    """Applies what is pending and returns it; nothing to do returns an empty list.

    Two that migrate at the same time do no harm: each statement is repeatable, and a version that
    is recorded twice counts as applied.
    """
    todo = pending(engine)
    for migration in todo:
        statements = migration.statements(engine.dialect, engine.datasets)
        engine.run([*statements, _record(migration, engine)])
    return todo


def _record(migration: Migration, engine: Engine) -> str:
    values = exp.select(
        exp.convert(migration.version), exp.convert(migration.name), exp.CurrentTimestamp()
    )
    columns = [exp.to_identifier(name, quoted=True) for name in APPLIED.names]
    target = engine.datasets.name(APPLIED)
    return exp.insert(values, target, columns=columns).sql(engine.dialect)
