"""`jobmatch bench gold`: how fast offers' texts are read, and how rightly.

Speed is taken on synthetic offers, each size in a process of its own, over the tables that
ingestion makes; CPU seconds say what one core gives when nothing else wants it. Accuracy is taken
on real offers labelled by hand, when their file is named.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jobmatch_ml.bench.gold_scores import Words, read_labels, score_split, words_of
from jobmatch_ml.bench.harness import peak_memory_mb
from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.offers.bronze import Raw, read_offers
from jobmatch_ml.offers.enriching import EnrichOptions, enriched_shards, load_enricher
from jobmatch_ml.offers.ingest import ingest_offers
from jobmatch_ml.settings import get_settings

LABELS = Path("tests/corpora/gold_offers/labels.jsonl")
SIZES = (2_000, 20_000)

Rows = list[dict[str, Any]]


def run_gold_bench(
    *,
    sizes: Sequence[int] = SIZES,
    offers: str | None = None,
    labels: str | None = None,
    rome: str | None = None,
    exclude: str | None = None,
) -> Rows:
    """Measures the text enrichment.

    Args:
        sizes: Synthetic offers to read; none: accuracy alone.
        offers: A file of real offers; then accuracy is measured on the labelled ones.
        labels: Labels; default: those of the repository.
        rome: Folder of an imported ROME: codes are predicted, too, and their accuracy measured.
        exclude: A file of offer ids that the ROME codes are not measured on.

    Returns:
        Rows of ``part`` ``speed`` (size, stage, seconds, cpu_seconds, offers_per_cpu_s, peak_mb),
        ``accuracy`` (split, measure, right, of, value) and ``rome``.
    """
    folder = Path(rome) if rome else None
    rows = [row for size in sizes for row in _in_own_process(size, folder)]
    if offers:
        path = Path(labels) if labels else get_settings().under_root(LABELS)
        rows += _accuracy(Path(offers), path, folder)
        if folder is not None:
            ids = set(Path(exclude).read_text(encoding="utf-8").split()) if exclude else set()
            rows.append(_rome_accuracy(Path(offers), folder, ids))
    return rows


def _in_own_process(size: int, rome: Path | None) -> Rows:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(size, rome, sender))
    process.start()
    sender.close()
    try:
        rows: Rows = receiver.recv()
    except EOFError as error:
        raise JobMatchError(
            f"reading {size} offers failed in its process; its error stands above"
        ) from error
    finally:
        process.join()
    return rows


def _measure(size: int, rome: Path | None, sender: Any) -> None:
    """Writes offers, loads them, then times the two stages of the enrichment."""
    with tempfile.TemporaryDirectory(prefix="jobmatch-gold-") as folder:
        catalogue = _synthetic_catalogue(size, Path(folder))
        sender.send([_timed(size, stage, catalogue, rome) for stage in ("reading", "duplicates")])


def _synthetic_catalogue(size: int, folder: Path) -> Path:
    from jobmatch_ml.world.config import WorldConfig
    from jobmatch_ml.world.layout import write_offers
    from jobmatch_ml.world.market import make_market
    from jobmatch_ml.world.writing import OfferScribe

    config = WorldConfig(n_offers=size, n_candidates=2, n_pdf=0, n_docx=0)
    market = make_market(config)
    write_offers(config, market, folder, OfferScribe(config, market), workers=1)
    del market
    return _load(folder / "bronze", folder)


def _load(source: Path, home: Path) -> Path:
    report = ingest_offers(
        [source],
        warehouse_path=home / "w.duckdb",
        catalogue_path=home / "catalogue.parquet",
        rejects_dir=home / "rejects",
    )
    return report.catalogue_path


def _timed(size: int, stage: str, catalogue: Path, rome: Path | None) -> dict[str, Any]:
    """Times one stage; loading libraries, vocabulary and classification is not counted."""
    import datasketch  # noqa: F401
    import pyarrow.parquet as pq

    from jobmatch_ml.offers.catalogue import read_catalogue
    from jobmatch_ml.offers.duplicates import duplicate_groups
    from jobmatch_ml.offers.enrichment import shards

    enricher = load_enricher(rome if stage == "reading" else None)
    known = read_catalogue(catalogue) if stage == "duplicates" else []
    gold = pq.read_table(catalogue)
    started, cpu_started = time.perf_counter(), time.process_time()
    if stage == "duplicates":
        duplicate_groups(known)
    else:
        for part in shards(gold):
            enricher.enrich(part)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {
        "part": "speed",
        "size": size,
        "stage": stage,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "offers_per_s": round(size / seconds),
        "offers_per_cpu_s": round(size / cpu_seconds),
        "peak_mb": round(peak_memory_mb()),
    }


def _accuracy(offers: Path, labels_path: Path, rome: Path | None) -> Rows:
    labels = read_labels(labels_path)
    wanted = {label["offer_id"] for label in labels}
    raw = _raw_records(offers, wanted)
    lacking = sorted(wanted - raw.keys())
    if lacking:
        raise InputError(
            f"{offers}: {len(lacking)} of the {len(wanted)} labelled offers are not in it "
            f"({', '.join(lacking[:5])} …); name the file that was labelled",
            field="offers",
        )
    rows, found = _read_back(raw, rome)
    return [
        {"part": "accuracy", "split": split, **row}
        for split in dict.fromkeys(label["split"] for label in labels)
        for row in score_split(
            [each for each in labels if each["split"] == split], raw, rows, found
        )
    ]


def _raw_records(offers: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    return {
        item.value["id"]: item.value
        for item in read_offers(offers)
        if isinstance(item, Raw) and isinstance(item.value, dict) and item.value.get("id") in wanted
    }


def _read_back(
    raw: Mapping[str, Mapping[str, Any]], rome: Path | None
) -> tuple[dict[str, dict[str, Any]], dict[str, list[tuple[bool, Words]]]]:
    """Sends records through ingestion and enrichment; returns rows and skills by offer."""
    import orjson
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="jobmatch-gold-") as folder:
        source = Path(folder) / "offers.jsonl"
        source.write_bytes(b"\n".join(orjson.dumps(record) for record in raw.values()))
        catalogue = _load(source, Path(folder))
        gold = {row["offer_id"]: row for row in pq.read_table(catalogue).to_pylist()}
        parts = list(enriched_shards(catalogue, EnrichOptions(rome)))
    rows = pa.concat_tables([part[0] for part in parts]).to_pylist()
    found: dict[str, list[tuple[bool, Words]]] = defaultdict(list)
    for skill in pa.concat_tables([part[1] for part in parts]).to_pylist():
        if skill["source"] == "text":
            text = gold[skill["offer_id"]][skill["part"]]
            words = words_of(text[skill["start"] : skill["end"]])
            found[skill["offer_id"]].append((skill["is_required"], words))
    return {row["offer_id"]: row for row in rows}, found


def _rome_accuracy(offers: Path, rome: Path, excluded: set[str]) -> dict[str, Any]:
    """Measures finer codes on offers that carry one: it is hidden, its parent given.

    One offer a (title, company): the same job posted again is no new evidence.
    """
    from jobmatch_ml.offers.flat_text import flatten
    from jobmatch_ml.offers.rome_finer import RomeRefiner
    from jobmatch_ml.reference import load_rome

    refiner = RomeRefiner(load_rome(rome))
    fiches = refiner.rome.fiches
    records: dict[tuple[str, str], dict[str, Any]] = {}
    for item in read_offers(offers):
        value = item.value if isinstance(item, Raw) and isinstance(item.value, dict) else {}
        code, title = value.get("romeCode"), value.get("intitule")
        if (
            not title
            or not isinstance(code, str)
            or code not in fiches
            or value.get("id") in excluded
        ):
            continue
        split = refiner.has_siblings(code)
        if split and not refiner.is_broad(code, value.get("romeLibelle") or ""):
            company = (value.get("entreprise") or {}).get("nom") or ""
            records.setdefault((title.casefold(), company), value)
    chosen = list(records.values())
    parents = [fiches[record["romeCode"]].parent for record in chosen]
    found = refiner.refine(
        parents,
        [record["intitule"] for record in chosen],
        [flatten(record.get("description")) for record in chosen],
    )
    right = sum(
        each is not None and each.code == record["romeCode"]
        for each, record in zip(found, chosen, strict=True)
    )
    kept = sum(parent == record["romeCode"] for parent, record in zip(parents, chosen, strict=True))
    return {
        "part": "rome",
        "measure": "finer code from the parent",
        "right": right,
        "of": len(chosen),
        "value": round(right / max(len(chosen), 1), 3),
        "parent_as_it_is": round(kept / max(len(chosen), 1), 3),
    }
