"""Enriching a whole catalogue: shards over processes, then the groups of near-duplicates."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from jobmatch_ml.offers.enrichment import DEFAULT_SHARD, Enricher, add_duplicate_groups
from jobmatch_ml.offers.gold_schema import OFFER_ENRICHMENT, OFFER_SKILLS

if TYPE_CHECKING:
    import pyarrow as pa

    from jobmatch_ml.warehouse import Warehouse

Parts = tuple["pa.Table", "pa.Table"]


@dataclass(frozen=True, slots=True)
class EnrichOptions:
    """How a catalogue is enriched.

    Args:
        rome_dir: Folder of the imported ROME; without it codes stay as given.
        workers: Processes; 1: this one.
        with_duplicates: Whether near-duplicates are grouped (all texts are held in memory).
        shard: Offers a task.
    """

    rome_dir: Path | None = None
    workers: int = 1
    with_duplicates: bool = True
    shard: int = DEFAULT_SHARD


def load_enricher(rome_dir: Path | None) -> Enricher:
    """Loads what reading needs, with ROME where a folder is given."""
    if rome_dir is None:
        return Enricher.load()
    from jobmatch_ml.reference import load_rome

    return Enricher.load(load_rome(rome_dir))


def enriched_shards(path: Path, options: EnrichOptions) -> Iterator[Parts]:
    """Yields the two enrichment tables of each shard of a catalogue file, in its order.

    The duplicate columns are null: see :func:`~jobmatch_ml.offers.enrichment.add_duplicate_groups`.
    """
    parts = _parts(path, options.shard)
    if options.workers <= 1:
        enricher = load_enricher(options.rome_dir)
        yield from (enricher.enrich(part) for part in parts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        options.workers, mp_context=context, initializer=_prepare, initargs=(options.rome_dir,)
    ) as pool:
        # A few tasks ahead, never all: shards must not pile up in memory.
        while window := list(islice(parts, 2 * options.workers)):
            yield from pool.map(_enrich, window)


def checkable_shards(path: Path, options: EnrichOptions) -> Iterator[Parts]:
    """Yields gold offers and their enrichment, shard by shard: what quality checks look at."""
    enricher = load_enricher(options.rome_dir)
    for part in _parts(path, options.shard):
        yield part, enricher.enrich(part)[0]


def _parts(path: Path, size: int) -> Iterator[pa.Table]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=size):
            yield pa.Table.from_batches([batch])


_ENRICHER: list[Enricher] = []


def _prepare(rome_dir: Path | None) -> None:
    _ENRICHER[:] = [load_enricher(rome_dir)]


def _enrich(part: Any) -> Parts:
    return _ENRICHER[0].enrich(part)


def enriched_catalogue(
    catalogue: Path, options: EnrichOptions
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Returns a catalogue's gold offers, their enrichment and their skills, all in memory.

    For reports and notebooks; what is stored goes by :func:`store_enrichment`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = list(enriched_shards(catalogue, options))
    enrichment = pa.concat_tables([rows for rows, _ in parts])
    if options.with_duplicates:
        enrichment = _grouped(enrichment, catalogue)
    return pq.read_table(catalogue), enrichment, pa.concat_tables([found for _, found in parts])


def _grouped(enrichment: pa.Table, catalogue: Path) -> pa.Table:
    from jobmatch_ml.offers.catalogue import read_catalogue

    return add_duplicate_groups(enrichment, read_catalogue(catalogue))


def store_enrichment(warehouse: Warehouse, catalogue: Path, options: EnrichOptions) -> None:
    """Replaces the enrichment tables by what the catalogue's texts say.

    Call it inside a transaction.
    """
    import pyarrow as pa

    kept: list[pa.Table] = []
    warehouse.empty(OFFER_SKILLS)
    with tqdm(unit=" offers", desc="enrich", delay=2, disable=None, leave=False) as bar:
        for rows, skills in enriched_shards(catalogue, options):
            kept.append(rows)
            warehouse.append(OFFER_SKILLS, skills)
            bar.update(rows.num_rows)
    enrichment = pa.concat_tables(kept)
    if options.with_duplicates:
        enrichment = _grouped(enrichment, catalogue)
    warehouse.replace(OFFER_ENRICHMENT, enrichment)
