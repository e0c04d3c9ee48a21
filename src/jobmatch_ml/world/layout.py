"""Where each part of a world lies in its folder (the layout is in ``docs/architecture.md``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.interactions import INTERACTION_SCHEMA
from jobmatch_ml.world.arrow import (
    IMPRESSION_SCHEMA,
    candidate_table,
    impression_table,
    interaction_table,
    offer_table,
)
from jobmatch_ml.world.behaviour import propensity_rows, stream_log
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.files import RowGroups, write_propensities
from jobmatch_ml.world.log import YES, LogColumns
from jobmatch_ml.world.offers import DAY_MS, first_day
from jobmatch_ml.world.parallel import ordered_map
from jobmatch_ml.world.policies import Rankings
from jobmatch_ml.world.relevance import Market, relevant_offers
from jobmatch_ml.world.writing import SHARD, OfferScribe, PeopleScribe, Shard, Span

FACTS_ROWS = 20_000
"""Rows of a group of the files of hidden facts."""


def write_offers(
    config: WorldConfig, market: Market, work: Path, scribe: OfferScribe, *, workers: int
) -> list[Any]:
    """Writes the offers as a collector would that runs every few days; returns their views."""
    folder = work / "bronze" / "france_travail" / "offers"
    views: list[Any] = []
    batches = _batches(config, market)
    spans = [span for _, start, stop in batches for span in _spans(start, stop)]
    shards = _shards(scribe, spans, workers=workers, what="offers", total=len(market.offers))
    with _FactsFile(work / "truth" / "offers.parquet", market, offer_table) as write_facts:
        for name, start, stop in batches:
            path = folder / f"ingestion_date={name}" / f"offer_{name}.json"
            path.parent.mkdir(parents=True)
            with path.open("wb") as stream:
                stream.write(b'{"resultats":[')
                for begin, _ in _spans(start, stop):
                    shard = next(shards)
                    stream.write((b"\n" if begin == start else b",\n") + shard.body)
                    write_facts(shard.told)
                    views += shard.views
                stream.write(b"\n]}\n")
    return views


def write_people(market: Market, work: Path, scribe: PeopleScribe, *, workers: int) -> list[Any]:
    """Writes the candidates and their CV files; returns their views."""
    (work / "cvs").mkdir()
    scribe.render_files(work / "cvs")
    views: list[Any] = []
    n = len(market.candidates)
    shards = _shards(scribe, _spans(0, n), workers=workers, what="CVs", total=n)
    with (
        _FactsFile(work / "truth" / "candidates.parquet", market, candidate_table) as write_facts,
        (work / "candidates.jsonl").open("wb") as stream,
    ):
        for shard in shards:
            stream.write(shard.body + b"\n")
            write_facts(shard.told)
            views += shard.views
    return views


def write_log(
    config: WorldConfig, market: Market, work: Path, *, rankings: Rankings | None = None
) -> dict[str, int]:
    """Plays the log and writes it, with its truth row by row beside it; returns its counts."""
    version = rankings.version if rankings else "none"
    versions = ("platform-1", version, "popularity-1", "explore-1", "platform-1", version)
    counts = dict.fromkeys(
        ("requests", "impressions", "viewed", "saved", "applied", "positives", "interviews"), 0
    ) | {"hired": 0, "discriminated": 0}
    bar = tqdm(desc="impressions", unit="", unit_scale=True, delay=2, leave=False)
    with (
        RowGroups(work / "interactions.parquet", INTERACTION_SCHEMA) as shown,
        RowGroups(work / "truth" / "impressions.parquet", IMPRESSION_SCHEMA) as truth,
        bar,
    ):
        for block in stream_log(market, config, rankings=rankings):
            row = counts["impressions"]
            shown.write(interaction_table(block, market, versions, first_row=row))
            truth.write(impression_table(block, first_row=row))
            _count(counts, block)
            bar.update(len(block))
    write_propensities(
        work / "truth" / "propensities.parquet",
        propensity_rows(config.behaviour, config.slate_size),
    )
    return counts


def _count(counts: dict[str, int], block: LogColumns) -> None:
    counts["requests"] += len(np.unique(block.request))
    counts["impressions"] += len(block)
    for name in ("viewed", "saved", "applied", "discriminated"):
        counts[name] += int(getattr(block, name).sum())
    counts["positives"] += int((block.saved | block.applied).sum())
    counts["interviews"] += int((block.interview == YES).sum())
    counts["hired"] += int((block.hired == YES).sum())


def write_relevance(config: WorldConfig, market: Market, path: Path) -> int:
    """Writes the true relevance of evenly spaced candidates; returns the number of pairs > 0."""
    n_pairs = 0
    with path.open("wb") as stream:
        stream.write(b"query-id\tcorpus-id\tscore\n")
        rows = truth_rows(config, len(market.candidates))
        for candidate in tqdm(rows, desc="true relevance", unit="", delay=2, leave=False):
            offers, grades = relevant_offers(market, int(candidate))
            person = market.candidates.identifiers(np.array([candidate]))[0]
            for name, grade in zip(market.offers.identifiers(offers), grades, strict=True):
                stream.write(b"%b\t%b\t%d\n" % (person, name, grade))
            n_pairs += len(offers)
    return n_pairs


def truth_rows(config: WorldConfig, n_candidates: int) -> NDArray[np.int64]:
    """Returns the candidates whose true relevance is written: at most as many as configured."""
    count = min(config.truth_candidates, n_candidates)
    return np.arange(count) * n_candidates // count


def _batches(config: WorldConfig, market: Market) -> list[tuple[str, int, int]]:
    """Cuts the offers, which are in the order of publication, into days of ingestion."""
    before = config.offers.lifetime_days
    since = (market.offers.created_ms - first_day(config)) // DAY_MS + before
    batch = since // config.ingestion_days
    bounds = np.flatnonzero(np.diff(batch)) + 1
    edges = [0, *bounds.tolist(), len(batch)]
    first = config.start_date - timedelta(days=before)
    return [
        (
            (first + timedelta(days=int(batch[start] + 1) * config.ingestion_days)).isoformat(),
            start,
            stop,
        )
        for start, stop in pairwise(edges)
    ]


def _spans(start: int, stop: int) -> list[Span]:
    return [(begin, min(begin + SHARD, stop)) for begin in range(start, stop, SHARD)]


def _shards(
    scribe: Callable[[Span], Shard], spans: Sequence[Span], *, workers: int, what: str, total: int
) -> Iterator[Shard]:
    with tqdm(desc=what, total=total, unit="", delay=2, leave=False) as bar:
        for shard in ordered_map(scribe, spans, workers=workers):
            yield shard
            bar.update(len(shard.told))


class _FactsFile:
    """Writes hidden facts in groups of rows while the texts are written."""

    def __init__(
        self,
        path: Path,
        market: Market,
        table: Callable[[Market, int, Sequence[Sequence[str]]], pa.Table],
    ) -> None:
        self._market = market
        self._table = table
        self._start = 0
        self._waiting: list[tuple[str, ...]] = []
        self._file = RowGroups(path, table(market, 0, []).schema, rows=FACTS_ROWS)

    def __enter__(self) -> Callable[[list[tuple[str, ...]]], None]:
        self._file.__enter__()
        return self._add

    def _add(self, told: list[tuple[str, ...]]) -> None:
        self._waiting += told
        if len(self._waiting) >= FACTS_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._file.write(self._table(self._market, self._start, self._waiting))
        self._start += len(self._waiting)
        self._waiting = []

    def __exit__(self, *exc: Any) -> None:
        if exc[0] is None and self._waiting:
            self._flush()
        self._file.__exit__(*exc)
