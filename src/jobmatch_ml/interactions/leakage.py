"""Looking for what a split should have kept apart: people, time, labels, offers, rows.

The rules of :mod:`.splits` are checked here by other queries, on what came out. A split made
elsewhere, or one that was joined or filtered since, is checked the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.interactions.engine import identifier, literal, open_engine
from jobmatch_ml.interactions.labels import GradeConfig, grade_expression
from jobmatch_ml.interactions.splits import SPLITS, InteractionSplits

Cutoffs = tuple[datetime, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Leak:
    """What one check found.

    Args:
        check: What was looked for.
        count: How often it was found; 0 is as it should be.
        unit: What is counted.
        examples: Ids of the first few.
    """

    check: str
    count: int
    unit: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeakageReport:
    """All checks, with and without findings."""

    leaks: tuple[Leak, ...]

    @property
    def is_clean(self) -> bool:
        """Whether no check found anything."""
        return not any(leak.count for leak in self.leaks)

    def found(self) -> dict[str, int]:
        """Returns the checks that found something, with their counts."""
        return {leak.check: leak.count for leak in self.leaks if leak.count}

    def refuse(self) -> None:
        """Raises InputError, naming every leak, unless the report is clean."""
        if not self.is_clean:
            texts = [
                f"{leak.check}: {leak.count:,} {leak.unit}" for leak in self.leaks if leak.count
            ]
            raise InputError(
                f"the splits leak: {'; '.join(texts)}. Make them anew with `split_interactions`"
            )


def check_leakage(
    splits: InteractionSplits,
    *,
    offer_groups: Mapping[str, str] | None = None,
    grade_config: GradeConfig | None = None,
) -> LeakageReport:
    """Looks for leaks between the parts of a split in memory.

    Args:
        splits: Tables, grades and cut-offs.
        offer_groups: Near-duplicate group per offer id; an offer without one is its own group.
        grade_config: Grades that the labels were made with.
    """
    with open_engine() as connection:
        for name in SPLITS:
            grades = pa.array(splits.grades[name], pa.int32())
            graded = splits.tables[name].append_column("grade", grades)
            connection.from_arrow(graded).create(f"part_{name}")
        return _check(connection, splits.cutoffs, offer_groups, grade_config)


def check_split_folder(
    folder: Path,
    cutoffs: Cutoffs,
    *,
    offer_groups: Mapping[str, str] | None = None,
    grade_config: GradeConfig | None = None,
) -> LeakageReport:
    """Looks for leaks between the parts of a split on disk, of any size.

    Args:
        folder: Holds `<split>/interactions.parquet` with a column `grade`.
        cutoffs: As in :class:`.splits.InteractionSplits`.
        offer_groups: Near-duplicate group per offer id.
        grade_config: Grades that the labels were made with.

    Raises:
        MissingFileError: A part is not there.
    """
    with open_engine() as connection:
        for name in SPLITS:
            path = folder / name / "interactions.parquet"
            if not path.is_file():
                raise MissingFileError(f"{path} does not exist; expected a split of a log")
            connection.read_parquet(str(path)).create_view(f"part_{name}")
        return _check(connection, cutoffs, offer_groups, grade_config)


def _check(
    connection: Any,
    cutoffs: Cutoffs,
    groups: Mapping[str, str] | None,
    grade_config: GradeConfig | None,
) -> LeakageReport:
    groups = groups or {}
    pairs = {"offer_external_id": list(groups), "offer_group": list(groups.values())}
    schema = pa.schema([(name, pa.string()) for name in pairs])
    connection.from_arrow(pa.table(pairs, schema=schema)).create("offer_groups")
    connection.execute(_ALL_PARTS)
    leaks = [
        _leak(connection, "candidate in two splits", "candidates", _PEOPLE),
        _outside(connection, cutoffs),
        _future_labels(connection, cutoffs, grade_config or GradeConfig()),
        _leak(connection, "held-out positive among training positives", "offers", _OFFERS),
        _leak(connection, "impression in two splits", "impressions", _ROWS),
        _leak(connection, "same showing under two ids in two splits", "showings", _SHOWINGS),
    ]
    return LeakageReport(tuple(leaks))


def _leak(connection: Any, check: str, unit: str, query: str) -> Leak:
    found = connection.sql(query)
    count = found.aggregate("count(*)").fetchone()[0]
    shown = found.order(identifier(found.columns[0])).limit(3).fetchall() if count else []
    return Leak(check, int(count), unit, tuple(str(row[0]) for row in shown))


def _outside(connection: Any, cutoffs: Cutoffs) -> Leak:
    """Rows of a part that were shown outside its window."""
    first, second = literal(cutoffs[0]), literal(cutoffs[1])
    rows = connection.table("parts").filter(
        f"(split = 'train' AND shown_at >= {first}) "
        f"OR (split = 'validation' AND (shown_at < {first} OR shown_at >= {second})) "
        f"OR (split = 'test' AND shown_at < {second})"
    )
    return _rows_leak(rows, "row outside its split's window")


def _future_labels(connection: Any, cutoffs: Cutoffs, grades: GradeConfig) -> Leak:
    """Rows whose label is higher than what was known when their part ends."""
    known = " ".join(
        f"WHEN split = '{name}' THEN {grade_expression(grades, moment)}"
        for name, moment in (("train", cutoffs[0]), ("validation", cutoffs[1]), ("test", None))
    )
    rows = connection.table("parts").filter(f"grade > CASE {known} END")
    return _rows_leak(rows, "label from an event after the cut-off")


def _rows_leak(rows: Any, check: str) -> Leak:
    count = rows.aggregate("count(*)").fetchone()[0]
    shown = rows.project("impression_id").order("impression_id").limit(3).fetchall()
    return Leak(check, int(count), "rows", tuple(str(row[0]) for row in shown))


_ALL_PARTS = """
    CREATE VIEW parts AS
    SELECT 'train' AS split, * FROM part_train
    UNION ALL BY NAME SELECT 'validation' AS split, * FROM part_validation
    UNION ALL BY NAME SELECT 'test' AS split, * FROM part_test
"""
_PEOPLE = """SELECT "user" FROM parts GROUP BY "user" HAVING count(DISTINCT split) > 1"""
_ROWS = """
    SELECT impression_id FROM parts GROUP BY impression_id HAVING count(DISTINCT split) > 1
"""
# A row copied under another id, even to another person's name, is still the same slate's row.
_SHOWINGS = """
    SELECT min(impression_id) FROM parts
    GROUP BY request_id, offer_external_id, shown_at, position
    HAVING count(DISTINCT split) > 1 AND count(DISTINCT impression_id) > 1
"""
_OFFERS = """
    WITH positives AS (
        SELECT DISTINCT split, offer_external_id,
            coalesce(offer_group, offer_external_id) AS offer_group
        FROM parts LEFT JOIN offer_groups USING (offer_external_id)
        WHERE grade > 0
    )
    SELECT DISTINCT trained.offer_external_id
    FROM positives trained SEMI JOIN (FROM positives WHERE split <> 'train') held_out
        USING (offer_group)
    WHERE trained.split = 'train'
"""
