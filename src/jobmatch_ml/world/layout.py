"""Where each part of a world lies in its folder (the layout is in ``docs/architecture.md``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.documents import TEMPLATES, CvDocument, render_docx, render_pdf, render_text
from jobmatch_ml.types import Candidate, Interaction
from jobmatch_ml.world.behaviour import propensity_rows
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.facts import CandidateFacts, OfferFacts
from jobmatch_ml.world.files import (
    write_interactions,
    write_json,
    write_json_lines,
    write_propensities,
)
from jobmatch_ml.world.offer_json import Record


@dataclass(frozen=True)
class Market:
    """Everything of a world in memory, before it is written."""

    offers: Sequence[OfferFacts]
    records: Sequence[Record]
    candidates: Sequence[CandidateFacts]
    documents: Sequence[CvDocument]
    grades: Sequence[NDArray[np.int8]]
    log: Sequence[Interaction]


def write_market(config: WorldConfig, market: Market, work: Path) -> None:
    """Writes everything but the manifest into an empty folder."""
    _write_bronze(config, market, work / "bronze" / "france_travail" / "offers")
    cv_files = _write_cv_files(config, market, work / "cvs")
    write_json_lines(work / "candidates.jsonl", [_row(item) for item in _people(market, cv_files)])
    write_interactions(work / "interactions.parquet", market.log)
    truth = work / "truth"
    truth.mkdir()
    write_propensities(
        truth / "propensities.parquet", propensity_rows(config.behaviour, config.slate_size)
    )
    ids = [offer.offer_id for offer in market.offers]
    lines = ["query-id\tcorpus-id\tscore"]
    for candidate, grades in zip(market.candidates, market.grades, strict=True):
        lines += [
            f"{candidate.candidate_id}\t{ids[row]}\t{grades[row]}" for row in np.flatnonzero(grades)
        ]
    (truth / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_bronze(config: WorldConfig, market: Market, folder: Path) -> None:
    """Writes the offers as a collector would that runs every few days."""
    first = config.start_date - timedelta(days=config.offers.lifetime_days)
    batches: dict[str, list[Record]] = {}
    for offer, record in zip(market.offers, market.records, strict=True):
        age = (offer.created_at.date() - first).days // config.ingestion_days
        day = first + timedelta(days=(age + 1) * config.ingestion_days)
        batches.setdefault(day.isoformat(), []).append(record)
    for batch, records in batches.items():
        path = folder / f"ingestion_date={batch}" / f"offer_{batch}.json"
        write_json(path, {"resultats": records})


def _write_cv_files(config: WorldConfig, market: Market, folder: Path) -> dict[str, str]:
    """Renders the first candidates' CVs as files and returns their names by candidate."""
    folder.mkdir()
    names: dict[str, str] = {}
    total = config.n_pdf + config.n_docx
    pairs = list(zip(market.candidates, market.documents, strict=True))[:total]
    for index, (candidate, cv) in enumerate(pairs):
        if index < config.n_pdf:
            name = f"{candidate.candidate_id}.pdf"
            data = render_pdf(cv, template=TEMPLATES[index % len(TEMPLATES)])
        else:
            name, data = f"{candidate.candidate_id}.docx", render_docx(cv)
        (folder / name).write_bytes(data)
        names[candidate.candidate_id] = name
    return names


def _people(market: Market, cv_files: Mapping[str, str]) -> list[Candidate]:
    return [
        Candidate(
            candidate_id=candidate.candidate_id,
            title=cv.headline,
            cv_text=render_text(cv),
            cv_file=cv_files.get(candidate.candidate_id),
        )
        for candidate, cv in zip(market.candidates, market.documents, strict=True)
    ]


def _row(candidate: Candidate) -> dict[str, str | None]:
    return {
        "candidate_id": candidate.candidate_id,
        "title": candidate.title,
        "cv_text": candidate.cv_text,
        "cv_file": candidate.cv_file,
    }
