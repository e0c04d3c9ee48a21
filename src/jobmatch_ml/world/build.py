"""Building a world: facts, texts, truth, log, files, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from jobmatch_ml.config import config_hash
from jobmatch_ml.documents import render_text
from jobmatch_ml.reference import Occupation, Skill, load_occupations, load_places, load_skills
from jobmatch_ml.types import Document, Query, Ranker
from jobmatch_ml.world.behaviour import LogSimulator, draw_requests
from jobmatch_ml.world.candidates import draw_candidates
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.cv_writing import write_cv
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.files import MANIFEST, checksums, whole_folder, write_json
from jobmatch_ml.world.layout import Market, write_market
from jobmatch_ml.world.offer_json import Record, write_offer
from jobmatch_ml.world.offer_text import OfferWriter
from jobmatch_ml.world.offers import draw_offers
from jobmatch_ml.world.policies import rank_for_policy
from jobmatch_ml.world.randomness import Stage, stream
from jobmatch_ml.world.relevance import grade_offers, offer_arrays

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class WorldManifest:
    """What ``world.json`` says: how a world was made, how large it is, its checksums.

    Args:
        name: Name of the world.
        version: Version of the folder's layout.
        seed: Seed of everything drawn.
        config_hash: SHA-256 of the configuration's values.
        policy_ranker: Version of the ranker behind the policy ``ranker``.
        counts: Offers, candidates, requests, impressions, positives …
        files: SHA-256 of each file that training may read.
        truth_files: SHA-256 of each file that only evaluation may read.
    """

    name: str
    version: int
    seed: int
    config_hash: str
    policy_ranker: str
    counts: Mapping[str, int]
    files: Mapping[str, str]
    truth_files: Mapping[str, str]


def build_world(config: WorldConfig, out_dir: Path, *, policy_ranker: Ranker) -> WorldManifest:
    """Builds a world folder; the same configuration and ranker give the same bytes.

    An earlier world in ``out_dir`` is replaced once the new one is complete; other files of that
    folder are kept. On failure nothing changes.

    Args:
        config: Sizes, shares and rates.
        out_dir: Where the world's folder is to be.
        policy_ranker: The ranker of the logging policy's share ``ranker``; it is indexed here.

    Raises:
        InputError: ``out_dir`` exists and is not a world.
    """
    out_dir = out_dir.resolve()
    with whole_folder(out_dir) as work:
        market = _make_market(config, policy_ranker)
        write_market(config, market, work)
        manifest = _manifest(config, market, work, _version_of(policy_ranker))
        write_json(work / MANIFEST, manifest, indent=True)
    return manifest


def _version_of(ranker: Ranker) -> str:
    return f"{getattr(ranker, 'name', type(ranker).__name__)}-1"


def _make_market(config: WorldConfig, policy_ranker: Ranker) -> Market:
    occupations = {occupation.code: occupation for occupation in load_occupations()}
    skills, places = load_skills(), load_places()
    present = [occupations[code] for code in config.occupations or occupations]
    offers = draw_offers(config, present, places)
    records = _write_offers(config, offers, occupations, skills)
    candidates = draw_candidates(config, present, places, occupations=occupations)
    documents = [
        write_cv(
            stream(config.seed, Stage.CV_TEXT, index),
            candidate,
            config.candidates,
            skills=skills,
            today=config.start_date,
        )
        for index, candidate in enumerate(_progress(candidates, "CVs"))
    ]
    arrays = offer_arrays(offers, sorted(skills))
    grades = [grade_offers(candidate, arrays) for candidate in candidates]
    rankings = rank_for_policy(
        policy_ranker,
        [Document(record["id"], record["intitule"], record["description"]) for record in records],
        [
            # What the simulated platform knew of a person: the CV without name and contacts.
            Query(candidate.candidate_id, cv.headline, render_text(cv, contacts=False))
            for candidate, cv in zip(candidates, documents, strict=True)
        ],
        depth=config.ranker_depth,
    )
    simulator = LogSimulator(
        config,
        offers=offers,
        candidates=candidates,
        grades=grades,
        rankings=rankings,
        ranker_version=_version_of(policy_ranker),
    )
    log = simulator.run(_progress(draw_requests(config), "requests"))
    return Market(offers, records, candidates, documents, grades, log)


def _progress(items: Sequence[Any], what: str) -> Any:
    # Nothing is shown for what is over in a moment.
    return tqdm(items, desc=what, unit="", delay=2, leave=False)


def _write_offers(
    config: WorldConfig,
    offers: Sequence[OfferFacts],
    occupations: Mapping[str, Occupation],
    skills: Mapping[str, Skill],
) -> list[Record]:
    writer = OfferWriter(
        config.seed, config.offers, occupations=occupations, skills=skills, places=load_places()
    )
    return [
        write_offer(writer, index, offer).record
        for index, offer in enumerate(_progress(offers, "offers"))
    ]


def _manifest(
    config: WorldConfig, market: Market, work: Path, ranker_version: str
) -> WorldManifest:
    sums = checksums(work)
    return WorldManifest(
        name=config.name,
        version=FORMAT_VERSION,
        seed=config.seed,
        config_hash=config_hash(config),
        policy_ranker=ranker_version,
        counts=_counts(config, market),
        files={path: value for path, value in sums.items() if not path.startswith("truth/")},
        truth_files={path: value for path, value in sums.items() if path.startswith("truth/")},
    )


def _counts(config: WorldConfig, market: Market) -> dict[str, int]:
    log = market.log
    return {
        "offers": len(market.offers),
        "candidates": len(market.candidates),
        "requests": len({row.request_id for row in log}),
        "impressions": len(log),
        "viewed": sum(row.viewed for row in log),
        "saved": sum(row.saved for row in log),
        "applied": sum(row.applied for row in log),
        "positives": sum(row.saved or row.applied for row in log),
        "interviews": sum(row.got_interview is True for row in log),
        "hired": sum(row.got_hired is True for row in log),
        "pdf": config.n_pdf,
        "docx": config.n_docx,
        "relevant_pairs": sum(int(np.count_nonzero(grades)) for grades in market.grades),
    }
