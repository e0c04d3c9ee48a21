"""How well a log tells its propensities, and what another ranker would have been worth.

Both are measured on simulated logs over the demo world's people and offers, whose truth is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.evaluation.attraction import predict_attraction
from jobmatch_ml.evaluation.counterfactual_rows import Estimate
from jobmatch_ml.evaluation.counterfactual_slates import SlateLog, read_slates, true_value
from jobmatch_ml.evaluation.propensity_errors import relative_errors
from jobmatch_ml.evaluation.simulated_logs import reversed_scores, simulate_known_log
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_em import estimate_by_em
from jobmatch_ml.interactions.propensity_interventions import (
    estimate_from_interventions,
    estimate_from_random,
    estimate_from_swaps,
)
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.settings import get_settings
from jobmatch_ml.world import Market, WorldConfig, make_market

Rows = list[dict[str, Any]]
N_POSITIONS = 10
ESTIMATES: dict[str, Callable[..., PropensityModel]] = {
    "random": estimate_from_random,
    "swaps": estimate_from_swaps,
    "interventions": estimate_from_interventions,
    "em": estimate_by_em,
}
VALUE_ESTIMATORS = ("naive", "ips", "clipped_ips", "snips", "dr")


def run_propensity_bench(
    *,
    config: str = "configs/world/demo.yaml",
    impressions: int = 1_000_000,
    seeds: int = 100,
    seed_impressions: int = 200_000,
    estimated_seeds: int = 20,
) -> Rows:
    """Measures propensity estimates against the truth, then off-policy intervals over many logs.

    Args:
        config: The world whose facts and behaviour are simulated.
        impressions: Length of the log that propensities are estimated from.
        seeds: Logs that rankers are valued on; 0 leaves that part out.
        seed_impressions: Length of each of them.
        estimated_seeds: On how many of them propensities are estimated too, from each log itself;
            their uncertainty is most of the work.

    Returns:
        First a row a method and surface: ``p2`` … ``p10``, the relative errors, and ``worst``.
        Then a row a ranker and estimator: ``covered``, how many of the intervals hold the truth;
        ``half_width`` mean and largest; ``effective_sample_size``, mean; ``errors_off``, the least
        distance of the value from the truth in its standard errors. ``propensities`` are known, or
        estimated from interventions or by EM.

    Raises:
        MissingFileError: The configuration is not there.
    """
    path = get_settings().under_root(Path(config))
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist; name a world's configuration", field="config"
        )
    world = load_config(WorldConfig, path)
    market = make_market(world)
    rows = _propensity_rows(market, world, impressions=impressions)
    if seeds:
        counts = (seeds, estimated_seeds)
        rows += _value_rows(market, world, counts=counts, impressions=seed_impressions)
    return rows


def _propensity_rows(market: Market, world: WorldConfig, *, impressions: int) -> Rows:
    log = simulate_known_log(world, impressions=impressions, seed=world.seed, market=market)
    table, truth = log.table, log.propensities
    rows: Rows = []
    for method, estimate in ESTIMATES.items():
        started = time.perf_counter()
        try:
            model = estimate(table)
        except InputError as error:
            # Too few exchanges to tell positions apart is a result too.
            rows.append({"part": "propensities", "method": method, "note": str(error)[:90]})
            continue
        seconds = time.perf_counter() - started
        for variant in (model, smooth_propensities(model)):
            rows += [
                {**row, "impressions": len(table), "seconds": round(seconds, 2)}
                for row in _error_rows(variant, truth)
            ]
    return rows


def _error_rows(model: PropensityModel, truth: PropensityModel) -> Rows:
    return [
        {
            "part": "propensities",
            "surface": surface,
            "method": model.method,
            "worst": round(float(np.abs(errors).max()), 4),
            **{f"p{k}": round(float(e), 4) for k, e in enumerate(errors, 1) if k > 1},
        }
        for surface, errors in relative_errors(model, truth, n_positions=N_POSITIONS).items()
    ]


Values = dict[tuple[str, str, str], list[Estimate]]


def _value_rows(
    market: Market, world: WorldConfig, *, counts: tuple[int, int], impressions: int
) -> Rows:
    """Values two rankers on many logs; each log has requests and behaviour of its own."""
    found: Values = {}
    true_values: dict[str, list[float]] = {}
    seeds, estimated_seeds = counts
    for seed in tqdm(range(1, seeds + 1), desc="logs", delay=2, leave=False):
        log = simulate_known_log(world, impressions=impressions, seed=10_000 + seed, market=market)
        slates = read_slates(log.table)
        exposures = slates.positions.exposures(log.propensities)
        predictions = predict_attraction(log.table, exposures)
        estimated = {
            name: smooth_propensities(ESTIMATES[name](log.table, min_clicks=1))
            for name in ("interventions", "em")
            if seed <= estimated_seeds
        }
        for ranker, scores in _rankers(slates, market):
            weights = slates.weights(scores)
            value = true_value(log.attraction, weights, slates.requests)
            true_values.setdefault(ranker, []).append(value)
            for estimator in VALUE_ESTIMATORS:
                estimate = slates.estimate(
                    weights, log.propensities, estimator=estimator, predictions=predictions
                )
                found.setdefault((ranker, estimator, "known"), []).append(estimate)
            for name, model in estimated.items():
                estimate = slates.estimate(weights, model, estimator="snips")
                found.setdefault((ranker, "snips", name), []).append(estimate)
    return [
        _value_row(key, estimates, true_values[key[0]], impressions=impressions)
        for key, estimates in found.items()
    ]


def _rankers(slates: SlateLog, market: Market) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yields rankers unlike the logger: its order reversed, and one that knows dates alone."""
    yield "reversed", reversed_scores(slates)
    ids = market.offers.identifiers(np.arange(len(market.offers)))
    created = dict(zip(np.char.decode(ids).tolist(), market.created_s.tolist(), strict=True))
    yield "newest", np.array([created[name] for name in slates.offer_names])[slates.offers]


def _value_row(
    key: tuple[str, str, str], estimates: list[Estimate], truths: list[float], *, impressions: int
) -> dict[str, Any]:
    ranker, estimator, propensities = key
    # Each log draws other requests: what is estimated is the mean over all of them.
    truth = float(np.mean(truths))
    widths = [estimate.half_width for estimate in estimates]
    off = [abs(estimate.value - truth) / estimate.standard_error for estimate in estimates]
    return {
        "part": "value",
        "ranker": ranker,
        "estimator": estimator,
        "propensities": propensities,
        "seeds": len(estimates),
        "impressions": impressions,
        "truth": round(truth, 4),
        "value": round(float(np.mean([estimate.value for estimate in estimates])), 4),
        "covered": sum(estimate.covers(truth) for estimate in estimates),
        "half_width": round(float(np.mean(widths)), 4),
        "half_width_max": round(float(np.max(widths)), 4),
        "effective_sample_size": round(
            float(np.mean([estimate.effective_sample_size for estimate in estimates]))
        ),
        "max_weight": round(float(np.max([estimate.max_weight for estimate in estimates])), 2),
        "overlap": round(float(np.mean([estimate.overlap for estimate in estimates])), 3),
        "errors_off": round(float(np.min(off)), 1),
    }
