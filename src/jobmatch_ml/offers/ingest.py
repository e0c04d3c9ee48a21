"""Ingestion: files of offers → bronze → silver → gold → catalogue, whole or not at all.

Records stream through in chunks, so memory does not grow with the number of offers. All tables
change in one transaction; what is refused is counted and kept, and stops nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from tqdm import tqdm

from jobmatch_ml.errors import InputError, summarise
from jobmatch_ml.offers.bronze import (
    Broken,
    BronzeWriter,
    OfferFile,
    find_offer_files,
    read_offers,
    with_fetched,
)
from jobmatch_ml.offers.enriching import EnrichOptions, store_enrichment
from jobmatch_ml.offers.gold import build_gold, rebuild_skills_ranking, stage_catalogue
from jobmatch_ml.offers.gold_schema import ENRICHMENT_TABLES
from jobmatch_ml.offers.imported import as_record, is_imported
from jobmatch_ml.offers.rejects import RejectLog, RejectReason
from jobmatch_ml.offers.silver import RecordError, Row, SilverRows, normalise_record, to_arrow
from jobmatch_ml.types.tables import GOLD_OFFERS, GOLD_TABLES, OFFERS, SILVER_TABLES, Table
from jobmatch_ml.warehouse import Warehouse, arrow_schema, open_warehouse

DEFAULT_CHUNK_SIZE = 10_000
DUPLICATE = "duplicate id within a day: this later record was kept"

Chunk = dict[date, dict[str, SilverRows]]
"""Normalised offers: day -> offer id -> rows."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingestion did. ``read = loaded + rejected + duplicates``.

    Args:
        read: Records found in the files, broken lines and files included.
        loaded: Offers now in silver for the days of this run.
        rejected: Records refused.
        reasons: Why, the most frequent first, with the first places of each.
        rejects_path: The file that keeps them and the places of duplicates; ``None``: none.
        duplicates: Records replaced by a later one of the same id and day.
        tables: Rows that this run put into each silver table (``silver.offers`` …), and all rows
            of each gold table, the enrichment's among them when this run made it.
        replaced: Offers that each day held before, for days that held any.
        days: Days loaded.
        bronze_files: Raw copies written.
        seconds: Duration in seconds.
    """

    read: int
    loaded: int
    rejected: int
    reasons: tuple[RejectReason, ...]
    rejects_path: Path | None
    duplicates: int
    tables: Mapping[str, int]
    replaced: Mapping[date, int]
    days: tuple[date, ...]
    bronze_files: tuple[Path, ...]
    catalogue_path: Path
    seconds: float

    @property
    def catalogue_offers(self) -> int:
        """Offers in the catalogue, of all days ever loaded."""
        return self.tables[f"gold.{GOLD_OFFERS.name}"]

    @property
    def offers_per_s(self) -> float:
        """Records read a second, from file to catalogue."""
        return self.read / self.seconds if self.seconds > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Returns the report for programs: plain values, paths and days as text."""
        return {
            **asdict(self),
            "rejects_path": str(self.rejects_path) if self.rejects_path else None,
            "replaced": {day.isoformat(): count for day, count in self.replaced.items()},
            "days": [day.isoformat() for day in self.days],
            "bronze_files": [str(path) for path in self.bronze_files],
            "catalogue_path": str(self.catalogue_path),
            "catalogue_offers": self.catalogue_offers,
            "offers_per_s": round(self.offers_per_s, 1),
        }


def ingest_offers(
    paths: Sequence[Path],
    *,
    warehouse_path: Path,
    catalogue_path: Path,
    rejects_dir: Path,
    bronze_dir: Path | None = None,
    ingestion_date: date | None = None,
    strict: bool = False,
    chunk_size: int = DEFAULT_CHUNK_SIZE,
    enrich: EnrichOptions | None = None,
) -> IngestReport:
    """Loads files of France Travail offers into the warehouse and exports the catalogue.

    Each day met in the files is replaced in silver by what the files say of it, and by what was
    fetched that day; gold is rebuilt; the catalogue is replaced last. On any error everything is
    as it was before.

    Args:
        paths: Files or folders; see :func:`~jobmatch_ml.offers.bronze.find_offer_files`.
        warehouse_path: The DuckDB file, created when it is not there.
        catalogue_path: The Parquet file to replace.
        rejects_dir: Folder for the file of refused records.
        bronze_dir: Where raw records are kept when the input is not bronze already.
        ingestion_date: Day of offers whose folder names none; default: today (UTC).
        strict: Refuse the whole run when one record is refused.
        chunk_size: Offers held in memory at a time.
        enrich: Also read the texts of all gold offers (skills, pay, duplicates …); a stage of its
            own because it is slower than loading. ``None``: the enrichment stays as it was.

    Raises:
        MissingFileError: A path is not there.
        InputError: Not one offer could be read, or ``strict`` and some could not.
        NotReadyError: Another process has the warehouse open.
    """
    started = time.perf_counter()
    today = ingestion_date or datetime.now(UTC).date()
    files = with_fetched(find_offer_files(paths, default_day=today), bronze_dir)
    with RejectLog(rejects_dir) as rejects, BronzeWriter(bronze_dir) as bronze:
        reader = _Reader(files, rejects, bronze, chunk_size)
        chunks = reader.chunks()
        # The warehouse is opened, and perhaps created, only when there is something to load.
        first = next(chunks, None)
        if first is None:
            raise InputError(_nothing_read(paths, rejects), field="paths")
        with _new_file_only_on_success(warehouse_path), open_warehouse(warehouse_path) as warehouse:
            with ExitStack() as stack:
                with warehouse.transaction():
                    load = _Load(warehouse)
                    for chunk in chain([first], chunks):
                        load.add(chunk)
                    if strict and rejects.total:
                        raise InputError(_refused(rejects), field="paths")
                    build_gold(warehouse)
                    staged = stage_catalogue(warehouse, catalogue_path)
                    stack.callback(staged.unlink, missing_ok=True)
                    if enrich is not None:
                        store_enrichment(warehouse, staged, enrich)
                        rebuild_skills_ranking(warehouse)
                    bronze_files = bronze.finish()
                staged.replace(catalogue_path)
            rejects_path = rejects.finish()
            counts = load.table_counts(with_enrichment=enrich is not None)
    return IngestReport(
        read=reader.read,
        loaded=counts[f"silver.{OFFERS.name}"],
        rejected=rejects.total,
        reasons=rejects.reasons(),
        rejects_path=rejects_path,
        duplicates=reader.duplicates,
        tables=counts,
        replaced=load.replaced,
        days=tuple(sorted(load.days)),
        bronze_files=tuple(bronze_files),
        catalogue_path=catalogue_path,
        seconds=time.perf_counter() - started,
    )


@contextmanager
def _new_file_only_on_success(path: Path) -> Iterator[None]:
    """Removes a database that was created inside the block when the block fails."""
    existed = path.exists()
    try:
        yield
    except BaseException:
        if not existed:
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
        raise


class _Reader:
    """Reads files into chunks of normalised offers, keeping raw copies and refused records."""

    def __init__(
        self,
        files: Sequence[OfferFile],
        rejects: RejectLog,
        bronze: BronzeWriter,
        chunk_size: int,
    ) -> None:
        self.read = 0
        self.duplicates = 0
        self._files = files
        self._rejects = rejects
        self._bronze = bronze
        self._chunk_size = chunk_size
        self._seen: dict[date, set[str]] = {}
        # A day's raw copy replaces the one before, so it takes all that is named of that day: what
        # was fetched, too, when own files are loaded beside it.
        self._copied = {file.ingestion_date for file in files if not file.is_bronze}

    def chunks(self) -> Iterator[Chunk]:
        """Yields chunks of at most ``chunk_size`` offers; an id met again comes again."""
        chunk: Chunk = {}
        held = 0
        # The bar shows on a terminal only, and only when there is something to wait for.
        with tqdm(unit=" offers", desc="ingest", delay=2, disable=None, leave=False) as bar:
            for file in self._files:
                for offer_id, rows in self._offers(file):
                    chunk.setdefault(file.ingestion_date, {})[offer_id] = rows
                    held += 1
                    if held >= self._chunk_size:
                        yield chunk
                        bar.update(held)
                        chunk, held = {}, 0
        if held:
            yield chunk

    def _offers(self, file: OfferFile) -> Iterator[tuple[str, SilverRows]]:
        day = file.ingestion_date
        seen = self._seen.setdefault(day, set())
        for item in read_offers(file.path):
            self.read += 1
            if isinstance(item, Broken):
                self._rejects.add(item.path, item.place, item.reason, item.text)
                continue
            if day in self._copied:
                self._bronze.add(day, item.value)
            try:
                value = item.value
                offer_id, rows = normalise_record(as_record(value) if is_imported(value) else value)
            except RecordError as error:
                self._rejects.add(item.path, item.place, str(error), item.value)
                continue
            if offer_id in seen:
                self.duplicates += 1
                self._rejects.keep(item.path, item.place, DUPLICATE, {"id": offer_id})
            seen.add(offer_id)
            yield offer_id, rows


class _Load:
    """Puts chunks into silver: the first of a day replaces the day, the others are added."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._loaded: dict[date, set[str]] = {}
        self.replaced: dict[date, int] = {}

    @property
    def days(self) -> set[date]:
        return set(self._loaded)

    def add(self, chunk: Chunk) -> None:
        for day, offers in chunk.items():
            if day not in self._loaded:
                self._clear(day)
            again = self._loaded[day] & offers.keys()
            for table in SILVER_TABLES:
                if again:
                    self._warehouse.delete_offers(table, day, sorted(again))
                rows = _rows_of(table, offers)
                self._warehouse.append(table, to_arrow(table, rows, day, arrow_schema(table)))
            self._loaded[day] |= offers.keys()

    def _clear(self, day: date) -> None:
        self._loaded[day] = set()
        if before := self._warehouse.count(OFFERS, ingestion_date=day):
            self.replaced[day] = before
            for table in SILVER_TABLES:
                self._warehouse.delete_day(table, day)

    def table_counts(self, *, with_enrichment: bool) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for table in SILVER_TABLES:
            name = f"silver.{table.name}"
            counts[name] = sum(
                self._warehouse.count(table, ingestion_date=day) for day in self._loaded
            )
        for table in (*GOLD_TABLES, *(ENRICHMENT_TABLES if with_enrichment else ())):
            counts[f"gold.{table.name}"] = self._warehouse.count(table)
        return dict(counts)


def _rows_of(table: Table, offers: Mapping[str, SilverRows]) -> list[Row]:
    return [row for rows in offers.values() for row in rows.get(table.name, ())]


def _nothing_read(paths: Sequence[Path], rejects: RejectLog) -> str:
    named = ", ".join(map(str, paths))
    if not rejects.total:
        return f"{named}: no offer in it; expected France Travail offers as JSON or JSON lines"
    return f"{named}: not one offer could be read. {_describe(rejects)}"


def _refused(rejects: RejectLog) -> str:
    return f"nothing was loaded (--strict): {_describe(rejects)}"


def _describe(rejects: RejectLog) -> str:
    problems = [
        f"{found.reason} ({found.count} time(s), first at {found.places[0]})"
        for found in rejects.reasons()
    ]
    return f"{rejects.total} record(s) refused: {summarise(problems)}"
