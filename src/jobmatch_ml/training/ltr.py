"""Learning to rank from a biased log: LambdaRank with the position's bias taken out.

People look at the top and open what they look at, so a log says of a bad offer in front what it
does not say of a good one at the end. Two corrections beside the naive one:

- ``ips``: a row that was opened counts ``1 / propensity`` of its position, so that openings look,
  in expectation, as if every position had been looked at (Joachims et al. 2017);
- ``position``: LightGBM adds a term a position to the score while it learns and drops it when it
  ranks (`position` of its datasets).

LightGBM: Ke et al. 2017; LambdaRank: Burges 2010.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, UnknownNameError, suggest
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.ranking.features.offer_facts import CONTRACTS
from jobmatch_ml.ranking.features.specification import FEATURES, NAMES
from jobmatch_ml.ranking.ltr import LtrModel, column_places, import_lightgbm
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_rows import MOST_LABEL, LtrRows

GAINS = (0, 1, 2, 3, 5, 7)
"""What a label is worth in the loss: by how far the funnel went, not exponentially, since a hire
is mostly chance beyond an interview."""
METRIC_AT = 10
SMOOTHED = 10
"""Trees over which the validation metric is averaged before it may stop the training: a hundred
people's nDCG moves more by chance, from tree to tree, than by what a tree adds."""
METRIC = "debiased_ndcg@10"
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LtrReport:
    """What was learnt, and from what.

    Args:
        model: The ranker's model.
        score: The metric on validation at the tree that was kept.
        curve: The metric after each tree.
        n_rows: Rows that were learnt from.
        n_groups: Their groups.
        constant: Features left out because they never vary.
        seconds: Time of the fit.
    """

    model: LtrModel
    score: float
    curve: tuple[float, ...]
    n_rows: int
    n_groups: int
    constant: tuple[str, ...]
    seconds: float


def train_ltr(
    train: LtrRows,
    validation: LtrRows,
    config: LtrConfig,
    *,
    propensities: PropensityModel | None = None,
) -> LtrReport:
    """Fits the trees, stopping when validation days stop gaining.

    Args:
        train: Rows to learn from.
        validation: Rows of other people on later days.
        config: Labels' correction and trees.
        propensities: Of the log, estimated on the training part; ``ips`` needs them, and where they
            are given the validation metric is debiased by them.

    Raises:
        InputError: No rows, one class of labels, labels out of range, categories out of range,
            nothing but constant features, or no propensities for ``ips``.
    """
    lightgbm = import_lightgbm()
    _check(train, "train")
    _check(validation, "validation")
    names, constant = _columns(train, config)
    started = time.perf_counter()
    weights = row_weights(train, config, propensities)
    datasets = _datasets(train, validation, weights, names=names, config=config)
    curve: dict[str, dict[str, list[float]]] = {}
    gain = _validation_metric(validation, config, propensities)
    booster = lightgbm.train(
        _parameters(config, names),
        datasets[0],
        num_boost_round=config.rounds,
        valid_sets=[datasets[1]],
        valid_names=["validation"],
        feval=lambda predicted, _: (METRIC, gain(predicted), True),
        callbacks=[
            lightgbm.early_stopping(config.patience, verbose=False),
            lightgbm.record_evaluation(curve),
        ],
    )
    # The text keeps the trees up to the best one alone.
    best = lightgbm.Booster(model_str=booster.model_to_string(num_iteration=booster.best_iteration))
    values = tuple(curve["validation"][METRIC])
    facts = {
        "correction": config.correction,
        "trees": int(booster.best_iteration),
        "rows": len(train),
        "groups": len(train.group_sizes),
        "validation": {METRIC: values[booster.best_iteration - 1]},
        "config": config.model_dump(mode="json"),
    }
    return LtrReport(
        model=LtrModel(best, names, facts),
        score=values[booster.best_iteration - 1],
        curve=values,
        n_rows=len(train),
        n_groups=len(train.group_sizes),
        constant=constant,
        seconds=time.perf_counter() - started,
    )


def row_weights(
    rows: LtrRows, config: LtrConfig, propensities: PropensityModel | None
) -> FloatArray:
    """Returns what each row counts for: the delay model's weight, over the propensity if opened.

    Example:
        A row that was opened at a position that half of the people look at counts twice.

    Raises:
        InputError: ``ips`` without propensities.
    """
    if config.correction != "ips":
        return rows.weights
    if propensities is None:
        raise InputError(
            "correction 'ips' needs propensities; estimate them, or take 'position' or 'none'",
            field="correction",
        )
    inverse = np.minimum(1 / rows.propensities(propensities), config.most_weight)
    return rows.weights * np.where(rows.labels > 0, inverse, 1.0)


def grouped_ndcg(
    scores: FloatArray, gains: FloatArray, groups: NDArray[np.int64], *, at: int = METRIC_AT
) -> float:
    """Returns the mean nDCG of groups whose rows carry any gains >= 0, ties by row.

    Example:
        Gains 0 and 1 in the wrong order: the one stands at rank 2, ``1 / log2(3) = 0.63``.
    """
    starts = np.r_[0, np.flatnonzero(np.diff(groups)) + 1]
    sizes = np.diff(np.r_[starts, len(groups)])

    def dcg(keys: FloatArray) -> FloatArray:
        order = np.lexsort((np.arange(len(keys)), -keys, groups))
        ranks = np.arange(len(groups)) - np.repeat(starts, sizes)
        kept = np.where(ranks < at, gains[order] / np.log2(ranks + 2.0), 0.0)
        return np.add.reduceat(kept, starts)

    best = dcg(gains)
    some = best > 0
    return float((dcg(scores)[some] / best[some]).mean()) if some.any() else 0.0


def _validation_metric(
    rows: LtrRows, config: LtrConfig, propensities: PropensityModel | None
) -> Callable[[FloatArray], float]:
    gains = np.array(GAINS, dtype=np.float64)[rows.labels] * rows.weights
    if propensities is not None and config.correction != "none":
        gains = gains / np.maximum(rows.propensities(propensities), 1 / config.most_weight)
    past: deque[float] = deque(maxlen=SMOOTHED)

    def smoothed(predicted: FloatArray) -> float:
        past.append(grouped_ndcg(np.asarray(predicted), gains, rows.groups))
        # Until so many trees stand, an average over fewer does not win by luck.
        return sum(past) / SMOOTHED

    return smoothed


def _check(rows: LtrRows, part: str) -> None:
    if len(rows) == 0:
        raise InputError(
            f"{part}: no group has two documents and a positive; left out: {dict(rows.dropped)}",
            field=part,
        )
    low, high = int(rows.labels.min()), int(rows.labels.max())
    if low == high:
        raise InputError(
            f"{part}: all {len(rows)} labels are {low}; expected at least two classes. Did the "
            "labels' cut-off come before the events?",
            field="labels",
        )
    if low < 0 or high > MOST_LABEL:
        raise InputError(
            f"{part}: labels lie in {low} to {high}; expected 0 to {MOST_LABEL}", field="labels"
        )
    if not np.isfinite(rows.weights).all() or (rows.weights < 0).any():
        raise InputError(f"{part}: weights must be finite and >= 0", field="weights")
    if np.isinf(rows.matrix).any():
        raise InputError(f"{part}: a feature is infinite; expected a number or NaN", field="matrix")
    contracts = rows.matrix[:, NAMES.index("contract")]
    if np.nanmax(contracts, initial=0) > len(CONTRACTS) or np.nanmin(contracts, initial=0) < 0:
        raise InputError(
            f"{part}: feature `contract` holds a category outside 0 to {len(CONTRACTS)}",
            field="contract",
        )


def _columns(rows: LtrRows, config: LtrConfig) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the features to learn from and those that never vary."""
    for name in config.without:
        if name not in NAMES:
            raise UnknownNameError(suggest(name, NAMES, kind="feature"), field="without")
    wanted = [name for name in NAMES if name not in config.without]
    constant = []
    for name in wanted:
        column = rows.matrix[:, NAMES.index(name)]
        known = column[~np.isnan(column)]
        if len(known) == 0 or (len(known) == len(column) and (known == known[0]).all()):
            constant.append(name)
    kept = tuple(name for name in wanted if name not in constant)
    if not kept:
        raise InputError("every feature is constant or missing; there is nothing to learn from")
    return kept, tuple(constant)


def _datasets(
    train: LtrRows,
    validation: LtrRows,
    weights: FloatArray,
    *,
    names: tuple[str, ...],
    config: LtrConfig,
) -> tuple[Any, Any]:
    lightgbm = import_lightgbm()
    places = column_places(names)
    kinds: Mapping[str, bool] = {feature.name: feature.categorical for feature in FEATURES}
    data = lightgbm.Dataset(
        train.matrix[:, places],
        train.labels,
        weight=weights,
        group=train.group_sizes,
        position=_position_codes(train) if config.correction == "position" else None,
        feature_name=list(names),
        categorical_feature=[name for name in names if kinds[name]],
        params={"max_bin": config.max_bin, "verbose": -1, "num_threads": config.threads},
        free_raw_data=True,
    )
    held_out = lightgbm.Dataset(
        validation.matrix[:, places],
        validation.labels,
        group=validation.group_sizes,
        reference=data,
    )
    return data, held_out


def _position_codes(rows: LtrRows) -> NDArray[np.int32]:
    """Returns a number for each surface and position: surfaces are looked at differently."""
    surfaces = np.unique(rows.surfaces, return_inverse=True)[1]
    return (surfaces * (int(rows.positions.max()) + 1) + rows.positions).astype(np.int32)


def _parameters(config: LtrConfig, names: tuple[str, ...]) -> dict[str, Any]:
    signs = {f.name: 0 if f.categorical else f.monotone for f in FEATURES}
    parameters: dict[str, Any] = {
        "objective": "lambdarank",
        "metric": "None",
        "learning_rate": config.learning_rate,
        "num_leaves": config.num_leaves,
        "min_data_in_leaf": config.min_data_in_leaf,
        "lambda_l2": config.lambda_l2,
        "feature_fraction": config.feature_fraction,
        "bagging_fraction": config.bagging_fraction,
        "bagging_freq": 1,
        "max_bin": config.max_bin,
        "lambdarank_truncation_level": config.truncation,
        "label_gain": list(GAINS),
        "seed": config.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": config.threads,
        "verbose": -1,
    }
    if config.monotone:
        parameters["monotone_constraints"] = [signs[name] for name in names]
    return parameters
