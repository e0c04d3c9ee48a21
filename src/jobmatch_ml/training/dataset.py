"""A world folder (or a company's own export in the same layout) becomes a data set to train on.

The folder that comes out is described in `docs/architecture.md`. Both sides get their views from
the functions that the service uses, so that training and serving read texts alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobmatch_ml.cv import build_profile, extract_text, profile_query
from jobmatch_ml.errors import (
    FormatError,
    InputError,
    JobMatchError,
    MissingFileError,
    summarise,
)
from jobmatch_ml.files import staged_folder
from jobmatch_ml.interactions import (
    InteractionSplits,
    SplitConfig,
    grade_interactions,
    interaction_counts,
    label_interactions,
    read_interactions,
    split_interactions,
)
from jobmatch_ml.offers.catalogue import read_catalogue
from jobmatch_ml.offers.duplicates import duplicate_groups
from jobmatch_ml.offers.ingest import ingest_offers
from jobmatch_ml.offers.texts import offer_document
from jobmatch_ml.ranking.beir import write_corpus, write_qrels, write_queries
from jobmatch_ml.types import Offer, Qrels, Query

POPULARITY_DAYS = 14


@dataclass(frozen=True)
class DatasetSummary:
    """What was prepared: counts for the reader, a hash for the lineage.

    Args:
        dataset_dir: The folder.
        data_hash: Of every part but the database file.
        counts: Rows and people of each part.
        dropped: Impressions left out, by reason.
        cutoffs: Start of the validation window, start of the test window, end of the log.
    """

    dataset_dir: Path
    data_hash: str
    counts: Mapping[str, int]
    dropped: Mapping[str, int]
    cutoffs: tuple[datetime, datetime, datetime]


def prepare_dataset(
    world_dir: Path, out_dir: Path, split: SplitConfig | None = None
) -> DatasetSummary:
    """Ingests the offers, reads the CVs, cuts the log, and writes the data set whole or not at all.

    Args:
        world_dir: Folder with `bronze/`, `candidates.jsonl` and `interactions.parquet`. Its
            `truth/`, if any, is never opened.
        out_dir: Folder to create; replaced when it exists.
        split: Windows and shares of the split.

    Raises:
        MissingFileError: A part of the world folder is not there.
        FormatError: A part cannot be read.
        InputError: A split would be empty.
    """
    for name in ("bronze", "candidates.jsonl", "interactions.parquet"):
        if not (world_dir / name).exists():
            raise MissingFileError(
                f"{world_dir / name} does not exist; expected a world folder. "
                "`jobmatch world build` makes one"
            )
    with staged_folder(out_dir) as work:
        counts, splits = _write_parts(world_dir, work, split or SplitConfig())
        dropped = {"offer was rejected": counts.pop("offer_was_rejected"), **splits.dropped}
        data_hash = hash_dataset(work)
        summary = {
            "data_hash": data_hash,
            "counts": counts,
            "dropped": dropped,
            "cutoffs": splits.cutoffs,
        }
        (work / "dataset.json").write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    return DatasetSummary(out_dir, data_hash, counts, dropped, splits.cutoffs)


def open_dataset(
    dataset_dir: str, *, run_dir: Path, sample: Path = Path("data/sample")
) -> DatasetSummary:
    """Opens a prepared data set; without one, prepares the sample world under `run_dir` first."""
    if dataset_dir:
        return read_dataset_summary(Path(dataset_dir))
    return prepare_dataset(sample, run_dir / "dataset")


def read_dataset_summary(dataset_dir: Path) -> DatasetSummary:
    """Reads back what `prepare_dataset` wrote, or says that the folder is no data set."""
    path = dataset_dir / "dataset.json"
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; run the prepare_data notebook first")
    try:
        summary = orjson.loads(path.read_bytes())
        first, second, last = (datetime.fromisoformat(moment) for moment in summary["cutoffs"])
        return DatasetSummary(
            dataset_dir,
            summary["data_hash"],
            summary["counts"],
            summary["dropped"],
            (first, second, last),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: damaged; run the prepare_data notebook again") from error


def _write_parts(
    world_dir: Path, work: Path, config: SplitConfig
) -> tuple[dict[str, int], InteractionSplits]:
    report = ingest_offers(
        [world_dir / "bronze"],
        warehouse_path=work / "warehouse.duckdb",
        catalogue_path=work / "offers.parquet",
        rejects_dir=work / "rejects",
    )
    offers = read_catalogue(work / "offers.parquet")
    write_corpus(work / "corpus.jsonl", [offer_document(offer) for offer in offers])
    queries = read_candidates(world_dir / "candidates.jsonl")
    log = read_interactions(world_dir / "interactions.parquet")
    n_logged = len(log)
    log = _known_rows(log, offers, queries, n_rejected=report.rejected)
    splits = split_interactions(log, config, offer_groups=duplicate_groups(offers))
    counts = {
        "offer_was_rejected": n_logged - len(log),
        "offers": len(offers),
        "offers_rejected": report.rejected,
        "candidates": len(queries),
        "impressions": n_logged,
    }
    counts |= _write_splits(work, splits, queries)
    for number, name in enumerate(("validation", "test")):
        _write_popularity(work / name / "popularity.json", log, splits.cutoffs[number])
    return counts, splits


def read_candidates(path: Path) -> dict[str, Query]:
    """Reads the candidates and makes their query views from the CV text, as the service does.

    Raises:
        FormatError: Lines that are no candidate, repeat an id, or say nothing; all in one message.
    """
    queries: dict[str, Query] = {}
    problems: list[str] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        row = _candidate_fields(line)
        if row is None:
            problems.append(f"line {number}: expected an object with three texts")
        elif row[0] in queries:
            problems.append(f"line {number}: repeats the candidate {row[0]}")
        else:
            try:
                profile = build_profile(extract_text(row[2]), title=row[1])
            except JobMatchError as error:
                problems.append(f"line {number}, candidate {row[0]}: {error}")
            else:
                queries[row[0]] = profile_query(profile, row[0])
    if problems:
        raise FormatError(
            f"{path}: {summarise(problems)}. A line is a JSON object with the texts candidate_id, "
            "title and cv_text; title or cv_text must say something"
        )
    return queries


def _candidate_fields(line: bytes) -> tuple[str, str, str] | None:
    try:
        row = orjson.loads(line)
        fields = row["candidate_id"], row["title"], row["cv_text"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return fields if all(isinstance(field, str) for field in fields) and fields[0] else None


def _known_rows(
    log: pa.Table, offers: Sequence[Offer], queries: Mapping[str, Query], *, n_rejected: int
) -> pa.Table:
    """Leaves out impressions of offers that could not be ingested; refuses a log of other data.

    Raises:
        InputError: The log names candidates that are not there, or more unknown offers than were
            rejected.
    """
    known = pa.array([offer.offer_id for offer in offers])
    unknown_offers = set(pc.unique(log["offer_external_id"]).to_pylist()) - set(known.to_pylist())
    unknown_users = set(pc.unique(log["user"]).to_pylist()) - set(queries)
    if len(unknown_offers) > n_rejected or unknown_users:
        raise InputError(
            f"the log names {len(unknown_offers)} offers and {len(unknown_users)} candidates that "
            f"are not in the data (such as {sorted(unknown_offers | unknown_users)[:3]}); "
            f"{n_rejected} offers were rejected. Expected a log of the same world"
        )
    return log.filter(pc.is_in(log["offer_external_id"], value_set=known))


def _write_splits(
    work: Path, splits: InteractionSplits, queries: Mapping[str, Query]
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, table in splits.tables.items():
        folder = work / name
        folder.mkdir()
        # The labels are as known when the part ends; the log's end knows all there is.
        as_of = None if name == "test" else splits.cutoffs[list(splits.tables).index(name)]
        graded = label_interactions(table, as_of=as_of)
        pq.write_table(graded, folder / "interactions.parquet", compression="zstd")
        qrels = _qrels(graded)
        write_qrels(folder / "qrels.tsv", qrels)
        people = sorted(pc.unique(table["user"]).to_pylist())
        write_queries(folder / "queries.jsonl", [queries[person] for person in people])
        counts[f"{name}_impressions"] = len(table)
        counts[f"{name}_positives"] = int((splits.grades[name] > 0).sum())
        counts[f"{name}_candidates"] = len(qrels)
        counts[f"{name}_candidates_with_positive"] = sum(
            any(grade > 0 for grade in judged.values()) for judged in qrels.values()
        )
    return counts


def _qrels(graded: pa.Table) -> Qrels:
    """Judgements of a split: the best grade of each (candidate, offer) that was shown.

    Grade 0 is "shown, nothing positive known". People without a positive stay in, so that whoever
    evaluates drops and counts them.
    """
    pairs = graded.group_by(["user", "offer_external_id"]).aggregate([("grade", "max")])
    pairs = pairs.sort_by([("user", "ascending"), ("offer_external_id", "ascending")])
    qrels: Qrels = {}
    rows: Iterable[tuple[str, str, int]] = zip(
        *(pairs[name].to_pylist() for name in ("user", "offer_external_id", "grade_max")),
        strict=True,
    )
    for user, offer, grade in rows:
        qrels.setdefault(user, {})[offer] = grade
    return qrels


def _write_popularity(path: Path, log: pa.Table, split_start: datetime) -> None:
    """Counts everyone's positives of the last days before a split, as known when it begins.

    Recent ones only: offers live for weeks, and what was popular in spring is gone in summer.
    """
    since = split_start - timedelta(days=POPULARITY_DAYS)
    recent = log.filter(pc.greater_equal(log["shown_at"], since))
    counts = interaction_counts(recent, grade_interactions(recent, as_of=split_start))
    path.write_bytes(orjson.dumps(counts, option=orjson.OPT_SORT_KEYS))


def hash_dataset(folder: Path) -> str:
    """Hashes every part of a data set but the summary, which names the hash, and the database.

    The bytes of a DuckDB file depend on more than its rows.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] in ("rejects", "dataset.json") or path.suffix == ".duckdb":
            continue
        if path.is_file():
            digest.update(str(name).encode() + path.read_bytes())
    return digest.hexdigest()
