"""From a prepared data set and the CVs beside it to everything that features are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.cv import build_profile, extract_text, profile_query
from jobmatch_ml.errors import FormatError, JobMatchError, MissingFileError
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.features import (
    Activity,
    CandidateFacts,
    FeatureBuilder,
    FeatureSource,
    ReferenceSpace,
    TextIndex,
    read_candidate_facts,
    read_offer_facts,
)
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.types import Query, TextEncoder

PROFILE_MARK = "#"
"""Between a candidate's id and the number of a further profile: ``c00001#2``."""


def open_features(
    dataset_dir: Path,
    world_dir: Path,
    *,
    dense: TextEncoder | None = None,
    moment: datetime | None = None,
    with_log: bool = True,
) -> FeatureSource:
    """Reads offers, CVs and log, and indexes the texts.

    Args:
        dataset_dir: A prepared data set: its catalogue and corpus.
        world_dir: The folder it was prepared from: ``candidates.jsonl`` and, for popularity,
            ``interactions.parquet``. Its truth, if any, is never opened.
        dense: The transformer; ``None``: its features are missing.
        moment: When offers are ranked; default: the start of the test days.
        with_log: Whether popularity is read.

    Raises:
        MissingFileError: A file is not there.
        FormatError: A file cannot be read.
    """
    from jobmatch_ml.ranking.box import require_box

    summary = read_dataset_summary(dataset_dir)
    moment = moment or summary.cutoffs[1]
    space = ReferenceSpace.build()
    offers = read_offer_facts(dataset_dir / "offers.parquet", space)
    activity = None
    if with_log:
        log = read_interactions(world_dir / "interactions.parquet")
        activity = Activity.of_log(log, offers.offer_ids)
    texts = TextIndex(dense, require_box().static_encoder())
    texts.index(read_corpus(dataset_dir / "corpus.jsonl"))
    candidates, queries = read_people(world_dir / "candidates.jsonl", space, moment=moment)
    return FeatureSource(
        FeatureBuilder(space, offers, activity), texts, candidates, queries, moment
    )


def read_people(
    path: Path, space: ReferenceSpace, *, moment: datetime
) -> tuple[dict[str, CandidateFacts], dict[str, Query]]:
    """Reads the facts and texts of every candidate's profiles from the CVs.

    The main profile has the candidate's id; further ones are called ``ID#2``, ``ID#3`` …: another
    occupation looked for, with the same CV.

    Raises:
        MissingFileError: There is no such file.
        FormatError: A line is no candidate; candidates are named by line, never by text.
    """
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected a world folder")
    facts: dict[str, CandidateFacts] = {}
    queries: dict[str, Query] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row: Mapping[str, Any] = orjson.loads(line)
            reading = extract_text(row["cv_text"])
            titles = [row["title"], *(each["title"] for each in row.get("profiles", ())[1:])]
            for place, title in enumerate(titles, start=1):
                name = row["candidate_id"] + (f"{PROFILE_MARK}{place}" if place > 1 else "")
                queries[name] = profile_query(build_profile(reading, title=title), name)
                facts[name] = read_candidate_facts(
                    reading, space, candidate_id=name, title=title, today=moment.date()
                )
        except (orjson.JSONDecodeError, KeyError, TypeError, JobMatchError) as error:
            raise FormatError(f"{path}, line {number}: not a candidate") from error
    return facts, queries


def person_of(profile: str) -> str:
    """Returns whose a profile is.

    Example:
        >>> person_of("c00001#2"), person_of("c00001")
        ('c00001', 'c00001')
    """
    return profile.partition(PROFILE_MARK)[0]
