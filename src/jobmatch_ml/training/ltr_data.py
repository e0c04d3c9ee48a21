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
from jobmatch_ml.ranking.bundle import Bundle
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
from jobmatch_ml.reference import load_rome, rome_occupations
from jobmatch_ml.settings import get_settings
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
    rome: bool = False,
) -> FeatureSource:
    """Reads offers, CVs and log, and indexes the texts.

    Args:
        dataset_dir: A prepared data set: its catalogue and corpus.
        world_dir: The folder it was prepared from: ``candidates.jsonl`` and, for popularity,
            ``interactions.parquet``. Its truth, if any, is never opened.
        dense: The transformer; ``None``: its features are missing.
        moment: When offers are ranked; default: the start of the test days.
        with_log: Whether popularity is read.
        rome: Whether occupations and skills are those of the imported ROME. Trees learnt with one
            table read numbers of another wrongly: a bundle says which (:func:`bundle_features`).

    Raises:
        MissingFileError: A file is not there, or ROME is wanted and was not imported.
        FormatError: A file cannot be read.
    """
    from jobmatch_ml.ranking.box import require_box

    summary = read_dataset_summary(dataset_dir)
    moment = moment or summary.cutoffs[1]
    folder = imported_rome() if rome else None
    tables = load_rome(folder) if folder else None
    table = rome_occupations(tables) if tables else None
    space = ReferenceSpace.build(table, rome=tables)
    offers = read_offer_facts(dataset_dir / "offers.parquet", space, rome_dir=folder)
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


def bundle_features(
    bundle: Bundle,
    dataset_dir: Path,
    world_dir: Path,
    *,
    dense: TextEncoder | None = None,
    moment: datetime | None = None,
) -> FeatureSource:
    """Opens features as a bundle's trees were learnt with; see :func:`open_features`.

    Args:
        bundle: A bundle with a learned ranker.
        dataset_dir: A prepared data set.
        world_dir: The folder it was prepared from.
        dense: The bundle's encoder, where it was loaded before.
        moment: When offers are ranked.
    """
    return open_features(
        dataset_dir,
        world_dir,
        dense=dense or bundle.encoder(),
        moment=moment,
        rome=bool((bundle.manifest.cascade or {}).get("rome")),
    )


def imported_rome() -> Path:
    """Returns the folder of the imported ROME.

    Raises:
        MissingFileError: It was not imported.
    """
    folder = get_settings().data / "reference" / "rome"
    if not (folder / "manifest.json").is_file():
        raise MissingFileError(
            f"{folder} holds no ROME; import it (`jobmatch rome import DIR`)", field="rome"
        )
    return folder


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
