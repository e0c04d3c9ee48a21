"""Logs with their truth beside them: simulated in memory over a world's people and offers, or read.

What estimators say of such a log can be held against what is true of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import FormatError
from jobmatch_ml.evaluation.counterfactual_slates import SlateLog
from jobmatch_ml.evaluation.truth import read_true_impressions, read_true_propensities
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.interactions.propensity import PropensityModel, known_propensities
from jobmatch_ml.world import Market, WorldConfig, make_market, simulate_log
from jobmatch_ml.world.arrow import interaction_table
from jobmatch_ml.world.behaviour import propensity_rows
from jobmatch_ml.world.log import POLICIES

_HASH = 2_654_435_761


@dataclass(frozen=True)
class KnownLog:
    """A log and its truth.

    Args:
        table: Rows in the log's schema, all shown.
        attraction: P(view | looked at) of each row, ``(n_rows,)``.
        examined: Whether each row was looked at, ``(n_rows,)``.
        propensities: How likely each position of each surface is looked at.
    """

    table: pa.Table
    attraction: NDArray[np.float64]
    examined: NDArray[np.bool_]
    propensities: PropensityModel


def true_propensities(config: WorldConfig) -> PropensityModel:
    """Returns the propensities that a world's people look with."""
    curves: dict[str, list[float]] = {}
    for surface, _, value in propensity_rows(config.behaviour, config.slate_size):
        curves.setdefault(surface, []).append(value)
    known = {name: np.array(values) for name, values in curves.items()}
    return known_propensities(known, method="truth")


def simulate_known_log(
    config: WorldConfig,
    *,
    impressions: int,
    seed: int,
    market: Market | None = None,
    follow_up_days: int = 0,
) -> KnownLog:
    """Simulates a log of about so many impressions: the same people come more or less often.

    Args:
        config: The world whose facts, policies and behaviour are used.
        impressions: Length of the log.
        seed: Of requests and behaviour; the facts are those of ``config.seed``.
        market: The facts, where they were made before.
        follow_up_days: How long outcomes are still recorded after the last request.
    """
    market = market or make_market(config)
    requests = impressions / config.slate_size / len(market.candidates)
    sized = config.model_copy(update={"requests_per_candidate": max(1.0, requests)})
    log = simulate_log(market, sized, seed=seed, follow_up_days=follow_up_days)
    return KnownLog(
        table=interaction_table(log, market, POLICIES, first_row=0),
        attraction=log.attraction.astype(np.float64),
        examined=log.examined,
        propensities=true_propensities(config),
    )


def read_known_log(world_dir: Path) -> KnownLog:
    """Reads the log of a built world and its truth.

    Raises:
        MissingFileError: There is no log, or no truth beside it.
        FormatError: They are not of the same rows.
    """
    table = read_interactions(world_dir / "interactions.parquet")
    truth = read_true_impressions(world_dir)
    if not table["impression_id"].equals(truth["impression_id"]):
        raise FormatError(
            f"{world_dir}: the truth is not of the log's rows ({len(truth)} and {len(table)}); "
            "build the world again"
        )
    return KnownLog(
        table=table,
        attraction=np.array(truth["attraction"].to_numpy(), dtype=np.float64),
        examined=np.array(truth["examined"].to_numpy(), dtype=np.bool_),
        propensities=read_true_propensities(world_dir),
    )


def reversed_scores(slates: SlateLog) -> NDArray[np.float64]:
    """Returns the scores of a ranker unlike the logger: what it ranked last comes first.

    By home position, since a ranker must not know where chance put an offer; random slates, which
    nobody ranked, are ordered by offer.
    """
    by_offer = (slates.offers * _HASH % 1_000_003).astype(np.float64)
    home = slates.positions.home.astype(np.float64)
    return np.where(slates.positions.is_random, by_offer, home)
