"""Time-ordered, grouped splits: no future in the past, no person and no judged pair on both sides.

Three things leak in a random split of a log, and each is cut here:

- *time*: training sees only rows shown before the validation window, validation only rows before
  the test window, and labels are read as known at the cut-off (:mod:`.labels`);
- *people*: a candidate belongs to one split for good (by a seeded hash of the id), so a test CV
  was never a training CV;
- *offers*: a positive of the test or validation set, or a near-duplicate of one (same group), is
  not a training positive. (Its text is in the corpus that everyone ranks, and it may have been
  shown and left in training.)

What each rule removes is counted and returned, never silent. A log in memory and a log of any size
on disk are cut by the same queries. :func:`.leakage.check_leakage` looks for what slipped through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import InputError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.interactions.censoring import DelayModel, fit_delays_of, label_columns
from jobmatch_ml.interactions.engine import DEFAULT_MEMORY_LIMIT, literal, open_engine
from jobmatch_ml.interactions.labels import (
    GradeConfig,
    grade_expression,
    grade_interactions,
)
from jobmatch_ml.interactions.log import open_log

SPLITS = ("train", "validation", "test")
OTHER_SPLIT = "candidate belongs to another split"
HELD_OUT = "training positive is a held-out offer"


class SplitConfig(StrictModel):
    """How the log is cut."""

    validation_days: float = Field(7, gt=0, description="Length of the validation window, days.")
    test_days: float = Field(14, gt=0, description="Length of the test window at the end, days.")
    validation_share: float = Field(0.1, gt=0, lt=1, description="Share of candidates.")
    test_share: float = Field(0.3, gt=0, lt=1, description="Share of candidates.")
    seed: int = Field(0, ge=0, description="Seed of the assignment of candidates.")

    @model_validator(mode="after")
    def _leaves_training_candidates(self) -> SplitConfig:
        if self.validation_share + self.test_share >= 1:
            raise ValueError("validation_share + test_share must stay below 1")
        return self


@dataclass(frozen=True)
class InteractionSplits:
    """The three parts of a log, their labels, and what was left out.

    Args:
        tables: Rows of ``train``, ``validation`` and ``test``.
        grades: Grades of each part's rows, as known when the part ends.
        cutoffs: Start of the validation window, start of the test window, end of the log.
        dropped: Rows left out, by reason.
    """

    tables: Mapping[str, pa.Table]
    grades: Mapping[str, NDArray[np.int64]]
    cutoffs: tuple[datetime, datetime, datetime]
    dropped: Mapping[str, int]


@dataclass(frozen=True)
class SplitReport:
    """What :func:`write_splits` wrote.

    Args:
        folder: Holds `<split>/interactions.parquet`: the log's columns, then `grade`,
            `grade_known_stage`, `p_final` and `weight`.
        rows: Rows of each split.
        positives: Rows of each split with a grade above 0.
        cutoffs: As in :class:`InteractionSplits`.
        dropped: Rows left out, by reason.
    """

    folder: Path
    rows: Mapping[str, int]
    positives: Mapping[str, int]
    cutoffs: tuple[datetime, datetime, datetime]
    dropped: Mapping[str, int]


def split_interactions(
    table: pa.Table,
    config: SplitConfig | None = None,
    *,
    offer_groups: Mapping[str, str] | None = None,
    grade_config: GradeConfig | None = None,
) -> InteractionSplits:
    """Cuts a log in memory by time and by group.

    Args:
        table: Rows in the log's schema.
        config: Windows and shares.
        offer_groups: Near-duplicate group per offer id; an offer without one is its own group.
        grade_config: Grades of the funnel stages.

    Raises:
        InputError: A part is empty or has no positive row: says which, and what to change.
    """
    with open_engine() as connection:
        numbered = connection.from_arrow(table).project("*, row_number() OVER () AS log_row")
        numbered.create_view("log")
        cut = _Cut(connection, config or SplitConfig(), grade_config or GradeConfig(), offer_groups)
        tables: dict[str, pa.Table] = {}
        grades: dict[str, NDArray[np.int64]] = {}
        for name in SPLITS:
            part = cut.part(name).to_arrow_table()
            grades[name] = np.asarray(part["grade"].to_numpy(), dtype=np.int64)
            tables[name] = part.select(table.schema.names).cast(table.schema)
        return InteractionSplits(tables, grades, cut.cutoffs, cut.dropped)


def write_splits(
    log: Path,
    out_dir: Path,
    config: SplitConfig | None = None,
    *,
    offer_groups: Mapping[str, str] | None = None,
    grade_config: GradeConfig | None = None,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    threads: int | None = None,
) -> SplitReport:
    """Cuts a log of any size from Parquet to Parquet, with labels and their weights.

    Args:
        log: A Parquet file in the log's schema, or a folder of such files.
        out_dir: Folder to create; replaced when it exists.
        config: Windows and shares.
        offer_groups: Near-duplicate group per offer id.
        grade_config: Grades of the funnel stages.
        memory_limit: What the engine may hold before it spills to disk.
        threads: Worker threads; the result does not depend on them.

    Raises:
        MissingFileError: There is no such log.
        FormatError: It is none (:func:`.log.open_log`).
        InputError: A part is empty or has no positive row.
    """
    with (
        open_engine(memory_limit=memory_limit, threads=threads) as connection,
        staged_folder(out_dir) as work,
    ):
        rows = open_log(connection, log, file_row_number=True, filename=True)
        numbered = rows.project(
            "* EXCLUDE (file_row_number, filename), (filename, file_row_number) AS log_row"
        )
        numbered.create_view("log")
        cut = _Cut(connection, config or SplitConfig(), grade_config or GradeConfig(), offer_groups)
        for name in SPLITS:
            (work / name).mkdir()
            target = work / name / "interactions.parquet"
            cut.labelled(name).to_parquet(str(target), compression="zstd")
    return SplitReport(out_dir, cut.rows, cut.positives, cut.cutoffs, cut.dropped)


def split_at_random(
    table: pa.Table, config: SplitConfig | None = None, *, grade_config: GradeConfig | None = None
) -> InteractionSplits:
    """Cuts a log row by row at random: the habit that this module is there to break.

    For comparison only; :func:`.leakage.check_leakage` shows what is wrong with it. The cut-offs
    are those that :func:`split_interactions` would keep to; labels know all there is.
    """
    config = config or SplitConfig()
    rng = np.random.default_rng(config.seed)
    draw = rng.random(len(table))
    number = np.where(draw < config.test_share, 2, 0)
    number[(draw >= config.test_share) & (draw < config.test_share + config.validation_share)] = 1
    with open_engine() as connection:
        connection.from_arrow(table).create_view("log")
        cutoffs = _cutoffs(connection, config)
    tables = {name: table.filter(pa.array(number == n)) for n, name in enumerate(SPLITS)}
    grades = {name: grade_interactions(part, grade_config) for name, part in tables.items()}
    return InteractionSplits(tables, grades, cutoffs, {})


class _Cut:
    """The queries over the view `log`; counting happens in the constructor."""

    def __init__(
        self,
        connection: Any,
        config: SplitConfig,
        grades: GradeConfig,
        groups: Mapping[str, str] | None,
    ) -> None:
        self._connection = connection
        self._grades = grades
        self.cutoffs = _cutoffs(connection, config)
        connection.table("log").project(
            f"*, {_window(self.cutoffs)} AS split_window, {_owner(config)} AS split_owner"
        ).create_view("placed")
        _create_groups(connection, groups or {})
        self._find_held_out()
        self.rows, self.positives, self.dropped = self._count()
        self._refuse_empty()

    def _as_of(self, name: str) -> datetime | None:
        return None if name == "test" else self.cutoffs[SPLITS.index(name)]

    def _graded(self, name: str) -> Any:
        number = SPLITS.index(name)
        return (
            self._connection.table("placed")
            .filter(f"split_window = {number} AND split_owner = {number}")
            .project(
                "* EXCLUDE (split_window, split_owner), "
                f"{grade_expression(self._grades, self._as_of(name))} AS grade"
            )
        )

    def _find_held_out(self) -> None:
        """Creates the table of offers whose group has a positive in validation or test."""
        positive = "grade > 0"
        held_out = self._graded("validation").filter(positive).project("offer_external_id")
        held_out = held_out.union(
            self._graded("test").filter(positive).project("offer_external_id")
        )
        held_out.distinct().create("held_out_positives")
        self._connection.execute(_HELD_OUT_OFFERS)

    def part(self, name: str) -> Any:
        """Returns the rows of a split with their grade, in the log's order, as a relation."""
        rows = self._graded(name)
        if name == "train":
            # The filter is a join, which does not keep the order of the rows.
            rows = rows.filter(f"NOT ({_LEAKS})").order("log_row")
        return rows.project("* EXCLUDE (log_row)")

    def labelled(self, name: str) -> Any:
        """Returns the rows of a split with grade, known stage and weights, as a relation."""
        view = f"part_{name}"
        self.part(name).create_view(view)
        model: DelayModel = fit_delays_of(
            self._connection, view, self._grades, as_of=self._as_of(name)
        )
        columns = label_columns(self._connection, model)
        return self._connection.table(view).project(f"* EXCLUDE (grade), {columns}")

    def _count(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        everything = self._connection.table("log").aggregate("count(*)").fetchone()[0]
        rows: dict[str, int] = {}
        positives: dict[str, int] = {}
        leaks = 0
        for name in SPLITS:
            found = self._graded(name).aggregate(
                "count(*), count(*) FILTER (grade > 0), "
                + (f"count(*) FILTER ({_LEAKS})" if name == "train" else "0")
            )
            rows[name], positives[name], leaking = found.fetchone()
            leaks += leaking
        dropped = {OTHER_SPLIT: everything - sum(rows.values()), HELD_OUT: leaks}
        rows["train"] -= leaks
        positives["train"] -= leaks
        return rows, positives, dropped

    def _refuse_empty(self) -> None:
        for name in SPLITS:
            if not self.positives[name]:
                raise InputError(
                    f"the {name} split has {self.rows[name]} rows and no positive one; "
                    "expected at least one. Use a longer log, or change `split.*_days` and "
                    "`split.*_share`",
                    field="split",
                )


_LEAKS = "grade > 0 AND offer_external_id IN (FROM held_out_offers)"
_HELD_OUT_OFFERS = """
    CREATE TABLE held_out_offers AS
    WITH held_out AS (
        SELECT DISTINCT coalesce(offer_group, offer_external_id) AS offer_group
        FROM held_out_positives LEFT JOIN offer_groups USING (offer_external_id)
    )
    SELECT offer_external_id FROM offer_groups WHERE offer_group IN (FROM held_out)
    UNION
    -- An offer without a group is its own.
    SELECT offer_group FROM held_out
    WHERE offer_group NOT IN (SELECT offer_external_id FROM offer_groups)
"""


def _create_groups(connection: Any, groups: Mapping[str, str]) -> None:
    table = pa.table(
        {
            "offer_external_id": pa.array(list(groups), pa.string()),
            "offer_group": pa.array(list(groups.values()), pa.string()),
        }
    )
    connection.from_arrow(table).create("offer_groups")


def _cutoffs(connection: Any, config: SplitConfig) -> tuple[datetime, datetime, datetime]:
    latest = connection.table("log").aggregate("epoch_us(max(shown_at))").fetchone()[0]
    if latest is None:
        raise InputError("the interaction log is empty; expected at least one impression")
    last = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=latest)
    test = last - timedelta(days=config.test_days)
    return test - timedelta(days=config.validation_days), test, last


def _window(cutoffs: tuple[datetime, datetime, datetime]) -> str:
    return (
        f"CASE WHEN shown_at < {literal(cutoffs[0])} THEN 0 "
        f"WHEN shown_at < {literal(cutoffs[1])} THEN 1 ELSE 2 END"
    )


def _owner(config: SplitConfig) -> str:
    """Returns the SQL of a row's candidate's split: a hash of seed and id, read as a number.

    Hexadecimal digits of equal length sort like the numbers they are.
    """
    test = config.test_share
    validation = test + config.validation_share
    draw = f"""substr(sha256('{config.seed}:' || "user"), 1, 16)"""
    return (
        f"CASE WHEN {draw} < '{_hex(test)}' THEN 2 "
        f"WHEN {draw} < '{_hex(validation)}' THEN 1 ELSE 0 END"
    )


def _hex(share: float) -> str:
    return f"{int(share * 2**64):016x}"
