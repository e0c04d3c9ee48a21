"""A company's table becomes an OfferInteraction log: whole or not at all, nothing lost silently.

Three steps, each a query that spills to disk: type the columns, join the applications, check every
row. All problems are found before anything is written. Rows that cannot be true are refused: with
`strict` the import fails and says why, otherwise they go to a file of their own with their reasons.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_ml.errors import FormatError, LimitError, summarise
from jobmatch_ml.interactions.applications import (
    APPLICATION_RULES,
    create_joined,
    create_outcomes,
)
from jobmatch_ml.interactions.casting import Casting, plan_casting
from jobmatch_ml.interactions.checks import (
    DUPLICATED,
    Problem,
    Rule,
    duplicated_ids,
    find_problems,
    row_rules,
)
from jobmatch_ml.interactions.completing import (
    create_complete,
    null_rules,
    position_rules,
)
from jobmatch_ml.interactions.engine import DEFAULT_MEMORY_LIMIT, literal, open_engine
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA
from jobmatch_ml.interactions.mapping import (
    APPLICATION_KINDS,
    INTERACTION_KINDS,
    ImportMapping,
    TableMapping,
)
from jobmatch_ml.interactions.sources import (
    BrokenLines,
    Source,
    is_text,
    keep_broken_lines,
    open_source,
    quoted_columns,
)

UNKNOWN_OFFER = "the offer is not in the catalogue"
_REQUIRED = ("user", "offer_external_id", "shown_at", "surface")
_REQUIRED_OF_APPLICATIONS = ("user", "offer_external_id", "status", "added_at")
_LOG_FILE, _REJECTS_FILE = "interactions.parquet", "rejects.parquet"
_APPLICATION_REJECTS_FILE = "application_rejects.parquet"
# Lines of CSV files that could not be read at all.
_BROKEN_FILES = {
    "interactions": "broken_lines.parquet",
    "applications": "application_broken_lines.parquet",
}
_ASIDE = (_REJECTS_FILE, _APPLICATION_REJECTS_FILE, *_BROKEN_FILES.values())
_BROKEN = "not a line of this CSV file"


@dataclass(frozen=True)
class ImportReport:
    """What an import read, wrote and refused.

    Args:
        path: The log that was written.
        rows_read: Rows of the company's table, lines that could not be read not counted.
        rows_written: Rows of the log, imported offers included.
        rows_rejected: Rows kept in `rejects_path`.
        problems: Every kind of problem: a row can have several.
        application_problems: The same for the applications.
        applications_joined: Applications that met an impression.
        applications_imported: Applications that became rows of their own.
        rejects_path: Refused rows with their reasons; ``None`` when there are none.
        aside: All files of what was refused or could not be read, of the applications too.
        notes: What the table does not tell, and what that costs.
        seconds: Time taken.
    """

    path: Path
    rows_read: int
    rows_written: int
    rows_rejected: int
    problems: tuple[Problem, ...]
    application_problems: tuple[Problem, ...]
    applications_joined: int
    applications_imported: int
    rejects_path: Path | None
    aside: tuple[Path, ...]
    notes: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Returns the report for JSON."""
        return asdict(self)


def import_interactions(
    source: Source,
    out_dir: Path,
    mapping: ImportMapping | None = None,
    *,
    applications: Source | None = None,
    offers: Path | None = None,
    strict: bool = False,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    threads: int | None = None,
) -> ImportReport:
    """Reads a company's table of interactions into a log in our schema.

    Args:
        source: Parquet file or folder, CSV file, or a database query.
        out_dir: Folder for `interactions.parquet`, and `rejects.parquet` if rows are refused;
            other files there stay. The file that is there before stays until the new one is whole.
        mapping: Their names, values and clocks.
        applications: A table of applications to join.
        offers: Catalogue (Parquet with `offer_id`): rows of other offers are refused.
        strict: Fail when one row is refused.
        memory_limit: What the engine may hold before it spills to disk.
        threads: Worker threads; the result does not depend on them.

    Raises:
        MissingFileError: A file is not there.
        FormatError: A file that cannot be read, columns that are missing, or no row that can be
            true; with `strict`, any refused row. All problems are in the message.
        InputError: Times without a zone, or a database that refuses.
        LimitError: The engine needs more memory than allowed.
    """
    started = time.perf_counter()
    mapping = mapping or ImportMapping()
    out_dir.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=out_dir, prefix=".import-") as folder,
        open_engine(memory_limit=memory_limit, threads=threads) as connection,
    ):
        work = _Work(connection, Path(folder), strict=strict)
        try:
            casting = work.type_table(source, mapping)
            joined = work.join_applications(applications, mapping.applications)
            problems = work.check(casting, offers)
            written, rejected = work.write()
        except duckdb.OutOfMemoryException as error:
            raise LimitError(
                f"the import does not fit into {memory_limit}; allow more with --memory-limit"
            ) from error
        read = int(connection.table("typed").aggregate("count(*)").fetchone()[0])
        _put_in_place(Path(folder), out_dir)
    return ImportReport(
        path=out_dir / _LOG_FILE,
        rows_read=read,
        rows_written=written,
        rows_rejected=rejected,
        problems=tuple(problems),
        application_problems=tuple(work.application_problems),
        applications_joined=joined[0],
        applications_imported=joined[1],
        rejects_path=out_dir / _REJECTS_FILE if rejected else None,
        aside=tuple(out_dir / name for name in _ASIDE if (out_dir / name).exists()),
        notes=tuple(_notes(casting)),
        seconds=time.perf_counter() - started,
    )


class _Work:
    """The steps of one import, over views of one engine: typed -> joined -> complete."""

    def __init__(self, connection: Any, folder: Path, *, strict: bool) -> None:
        self._connection = connection
        self._folder = folder
        self._strict = strict
        self._view = "typed"
        # A join does not keep the order of rows; sorting costs time, so only where there is one.
        self._joins = False
        self._refused: list[Rule] = []
        self._broken = BrokenLines(0, ())
        self.application_problems: list[Problem] = []

    def type_table(self, source: Source, mapping: ImportMapping) -> Casting:
        """Creates the view `typed`; returns how."""
        relation = open_source(
            self._connection,
            source,
            work=self._folder,
            name="interactions",
            delimiter=mapping.delimiter,
        )
        casting = plan_casting(
            relation, mapping, INTERACTION_KINDS, required=_REQUIRED, table="interactions"
        )
        self._store(relation, casting, "typed", source)
        self._broken = self._keep_broken(source, "interactions")
        return casting

    def _keep_broken(self, source: Source, table: str) -> BrokenLines:
        if isinstance(source, Path) and is_text(source):
            target = self._folder / _BROKEN_FILES[table]
            return keep_broken_lines(self._connection, source, target)
        return BrokenLines(0, ())

    def _store(self, relation: Any, casting: Casting, name: str, source: Source) -> None:
        # Typed once, kept on disk: text is not parsed again by each of the queries that follow.
        path = self._folder / f"{name}.stage.parquet"
        try:
            relation.project(casting.projection()).to_parquet(str(path), compression="snappy")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            kind = "CSV" if is_text(source) else "Parquet"
            table = "interactions" if name == "typed" else "applications"
            raise FormatError(
                f"{table}: the table cannot be read as {kind} to its end; expected a whole file, "
                "and the same columns and types in all files of a folder"
            ) from error
        self._connection.read_parquet(str(path), file_row_number=True).create_view(name)

    def join_applications(self, source: Source | None, mapping: TableMapping) -> tuple[int, int]:
        """Joins the applications; returns how many met an impression and how many did not."""
        if source is None:
            return 0, 0
        relation = open_source(
            self._connection,
            source,
            work=self._folder,
            name="applications",
            delimiter=mapping.delimiter,
        )
        casting = plan_casting(
            relation,
            mapping,
            APPLICATION_KINDS,
            required=_REQUIRED_OF_APPLICATIONS,
            table="applications",
        )
        self._store(relation, casting, "all_applications", source)
        broken = self._keep_broken(source, "applications")
        if broken.count:
            self.application_problems.append(Problem(_BROKEN, broken.count, broken.first))
        self._refuse_applications(casting)
        create_outcomes(self._connection)
        joined = create_joined(self._connection)
        self._view, self._joins = "joined", True
        return joined

    def _refuse_applications(self, casting: Casting) -> None:
        rows = self._connection.table("all_applications")
        rules = [*casting.rules(), *APPLICATION_RULES]
        flags = ", ".join(
            f"coalesce({rule.condition}, false) AS bad_{n}" for n, rule in enumerate(rules)
        )
        rows.project(f"*, {flags}").create_view("flagged_applications")
        flagged = self._connection.table("flagged_applications")
        for number, rule in enumerate(rules):
            count = flagged.filter(f"bad_{number}").aggregate("count(*)").fetchone()[0]
            if count:
                self.application_problems.append(Problem(rule.reason, count))
        bad = " OR ".join(f"bad_{n}" for n in range(len(rules)))
        columns = quoted_columns(list(APPLICATION_KINDS))
        flagged.filter(f"NOT ({bad})").project(columns).create_view("good_applications")
        if any(problem.reason != _BROKEN for problem in self.application_problems):
            reasons = ", ".join(
                f"CASE WHEN bad_{n} THEN {literal(rule.reason)} END" for n, rule in enumerate(rules)
            )
            flagged.filter(bad).project(
                f"{columns}, concat_ws('; ', {reasons}) AS reasons"
            ).to_parquet(str(self._folder / _APPLICATION_REJECTS_FILE), compression="zstd")

    def check(self, casting: Casting, offers: Path | None) -> list[Problem]:
        """Creates the view `complete` and finds every problem of its rows.

        Raises:
            FormatError: There are problems, and the import is strict.
        """
        create_complete(self._connection, self._view, casting, offers)
        rules = [*casting.rules(), *null_rules(), *position_rules(casting), *row_rules()]
        if offers is not None:
            rules.append(Rule(UNKNOWN_OFFER, "unknown_offer"))
            self._joins = True
        problems = find_problems(self._connection, "complete", rules)
        found = {problem.reason for problem in problems}
        self._refused = [rule for rule in rules if rule.reason in found]
        if DUPLICATED in found:
            self._joins = True
            duplicated_ids(self._connection, "complete").create("twice")
            self._refused.append(
                Rule(
                    f"{DUPLICATED}; the first row is kept",
                    "impression_id IN (SELECT impression_id FROM twice) "
                    "AND file_row_number NOT IN (SELECT first_row FROM twice)",
                )
            )
        if self._broken.count:
            problems.append(Problem(_BROKEN, self._broken.count, self._broken.first))
        if self._strict and (problems or self.application_problems):
            texts = [str(problem) for problem in problems]
            texts += [f"applications: {problem}" for problem in self.application_problems]
            raise FormatError(
                f"{summarise(texts, shown=40)}. Nothing was written; without --strict these rows "
                f"are set aside in {_REJECTS_FILE}"
            )
        return problems

    def write(self) -> tuple[int, int]:
        """Writes the sound rows and the refused ones; returns how many of each."""
        complete = self._connection.table("complete")
        bad = " OR ".join(f"coalesce({rule.condition}, false)" for rule in self._refused)
        rejected = 0
        if bad:
            reasons = ", ".join(
                f"CASE WHEN {rule.condition} THEN {literal(rule.reason)} END"
                for rule in self._refused
            )
            path = str(self._folder / _REJECTS_FILE)
            complete.filter(bad).order("file_row_number").project(
                f"{quoted_columns(INTERACTION_SCHEMA.names)}, file_row_number + 1 AS row, "
                f"concat_ws('; ', {reasons}) AS reasons"
            ).to_parquet(path, compression="zstd")
            rejected = self._connection.read_parquet(path).aggregate("count(*)").fetchone()[0]
            complete = complete.filter(f"NOT ({bad})")
        if self._joins:
            complete = complete.order("file_row_number")
        path = str(self._folder / _LOG_FILE)
        complete.project(quoted_columns(INTERACTION_SCHEMA.names)).to_parquet(
            path, compression="zstd"
        )
        written = self._connection.read_parquet(path).aggregate("count(*)").fetchone()[0]
        if not written:
            raise FormatError(
                f"no row can be used: {rejected:,} were refused. Expected interactions as "
                "`docs/interactions.md` describes; --strict says what is wrong with them"
            )
        return int(written), int(rejected)


_ABSENCES = {
    "impression_id": "no impression_id: one was made of user, offer, time and position",
    "request_id": "no request_id: what a person was shown at one moment counts as one request",
    "position": "no position: propensities cannot be estimated from this log",
    "policy": "no policy: the log does not tell which ranker chose what",
    "got_interview": "no got_interview: interviews are known from their times or applications only",
    "got_hired": "no got_hired: hires are known from their times or applications only",
}


def _notes(casting: Casting) -> Sequence[str]:
    return [text for name, text in _ABSENCES.items() if name in casting.absent]


def _put_in_place(folder: Path, out_dir: Path) -> None:
    """Moves the results over what was there, the log last: it is what others look for."""
    for name in (*_ASIDE, _LOG_FILE):
        if (folder / name).exists():
            (folder / name).replace(out_dir / name)
        else:
            (out_dir / name).unlink(missing_ok=True)
