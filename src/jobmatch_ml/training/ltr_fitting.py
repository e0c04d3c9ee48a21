"""Learning to rank on a prepared data set: labels, propensities, the arms side by side."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.evaluation import EvaluationReport, evaluate
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_em import estimate_by_em
from jobmatch_ml.interactions.propensity_interventions import estimate_from_interventions
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.training.ltr import LtrReport, train_ltr
from jobmatch_ml.training.ltr_config import Correction, LtrConfig
from jobmatch_ml.training.ltr_rows import LtrRows, make_rows
from jobmatch_ml.training.ltr_search import search_ltr
from jobmatch_ml.types import Ranker

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

ARMS: tuple[Correction, ...] = ("none", "ips", "position")


@dataclass(frozen=True)
class LtrData:
    """What a data set gives to learn from; the test part is not read.

    Args:
        train: Rows of training people before the validation days.
        validation: Rows of validation people on the validation days.
        propensities: Estimated on the training part; ``None``: it is too thin for that, and the
            corrections that do without are left.
    """

    train: LtrRows
    validation: LtrRows
    propensities: PropensityModel | None

    @property
    def arms(self) -> tuple[Correction, ...]:
        """The corrections that can be compared."""
        return ARMS if self.propensities else ("none", "position")

    def propensity_rows(self) -> list[dict[str, Any]]:
        """Returns the propensities as rows of a table; empty where there are none."""
        return self.propensities.rows() if self.propensities else []


def read_ltr_data(dataset_dir: Path, source: FeatureSource, config: LtrConfig) -> LtrData:
    """Computes the rows of the training and validation parts and estimates the propensities.

    Args:
        dataset_dir: A prepared data set.
        source: What features are made of.
        config: Grouping, and how propensities are estimated.

    Raises:
        MissingFileError: A part is not there.
        InputError: A log that cannot be learnt from, or too thin for the propensities that ``ips``
            needs.
    """
    summary = read_dataset_summary(dataset_dir)
    train = _part(dataset_dir, "train")
    return LtrData(
        train=make_rows(train, source, as_of=summary.cutoffs[0], grouping=config.grouping),
        # Whole people: a page of ten says little of how all offers would be ordered.
        validation=make_rows(
            _part(dataset_dir, "validation"), source, as_of=summary.cutoffs[1], grouping="person"
        ),
        propensities=_if_needed(train, config),
    )


def _if_needed(log: pa.Table, config: LtrConfig) -> PropensityModel | None:
    try:
        return estimate_propensities(log, config)
    except InputError as error:
        if config.correction == "ips":
            raise
        logger.warning("no propensities: %s", error)
        return None


def estimate_propensities(log: pa.Table, config: LtrConfig) -> PropensityModel:
    """Estimates how likely positions are looked at, smooth over positions.

    Raises:
        InputError: Too few clicks, or no randomised positions for ``interventions``.
    """
    shown = log.filter(log["position"].is_valid())
    estimate = estimate_by_em if config.propensities == "em" else estimate_from_interventions
    return smooth_propensities(estimate(shown, min_clicks=config.min_clicks))


def fit_ltr(data: LtrData, config: LtrConfig) -> tuple[LtrConfig, LtrReport, list[dict[str, Any]]]:
    """Trains with the settings given or, where trials are asked for, with the best found.

    Returns:
        The settings, what was learnt, and a row a trial (none without a search).
    """
    if config.trials:
        return search_ltr(data.train, data.validation, config, propensities=data.propensities)
    report = train_ltr(data.train, data.validation, config, propensities=data.propensities)
    return config, report, []


def compare_corrections(data: LtrData, config: LtrConfig) -> dict[Correction, LtrReport]:
    """Trains once with each correction that the log allows, all else alike."""
    return {
        arm: train_ltr(
            data.train,
            data.validation,
            config.model_copy(update={"correction": arm}),
            propensities=data.propensities,
        )
        for arm in data.arms
    }


def judge_by_log(
    bundle: Bundle, source: FeatureSource, dataset_dir: Path, *, split: str = "test"
) -> dict[str, EvaluationReport]:
    """Ranks all offers for a split's people with the bundle's encoder alone and with its cascade.

    What the log says of it still favours what the old ranker showed.
    """
    queries, judged = read_judged(dataset_dir, split)
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    rankers: dict[str, Ranker] = {
        "bi_encoder": bundle.ranker(),
        "cascade": bundle.ranker_named("cascade", features=source),
    }
    reports = {}
    for name, ranker in rankers.items():
        ranker.index(documents)
        reports[name] = evaluate(judged, ranker.rank(queries, top_k=100))
    return reports


def _part(dataset_dir: Path, name: str) -> pa.Table:
    import pyarrow.parquet as pq

    path = dataset_dir / name / "interactions.parquet"
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; run the prepare_data notebook first")
    return pq.read_table(path)
