"""A small search for the trees' settings, judged on validation days alone."""

from __future__ import annotations

from typing import Any

from jobmatch_ml.errors import InputError, missing_extra
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.training.ltr import LtrReport, train_ltr
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_rows import LtrRows


def search_ltr(
    train: LtrRows,
    validation: LtrRows,
    config: LtrConfig,
    *,
    propensities: PropensityModel | None = None,
) -> tuple[LtrConfig, LtrReport, list[dict[str, Any]]]:
    """Tries ``config.trials`` settings, the given one first, and keeps the best on validation.

    Args:
        train: Rows to learn from.
        validation: Rows that judge; the test part has no way in here.
        config: The settings to begin with; correction, grouping and labels stay.
        propensities: As in :func:`~jobmatch_ml.training.ltr.train_ltr`.

    Returns:
        The best settings, what was learnt with them, and a row a trial.

    Raises:
        InputError: ``config.trials`` is 0.
    """
    if config.trials < 1:
        raise InputError("trials is 0; expected at least 1 to search", field="trials")
    try:
        import optuna
    except ImportError as error:
        raise missing_extra("optuna", "ltr") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    found: dict[int, tuple[LtrConfig, LtrReport]] = {}

    def objective(trial: Any) -> float:
        tried = config.model_copy(update=_suggest(trial))
        report = train_ltr(train, validation, tried, propensities=propensities)
        found[trial.number] = (tried, report)
        return report.score

    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=config.seed)
    )
    study.enqueue_trial({name: getattr(config, name) for name in _SEARCHED})
    study.optimize(objective, n_trials=config.trials)
    rows = [
        {"trial": trial.number, **trial.params, "score": trial.value, "trees": trees}
        for trial in study.trials
        if (trees := found[trial.number][1].model.facts["trees"])
    ]
    return *found[study.best_trial.number], rows


_SEARCHED = ("learning_rate", "num_leaves", "min_data_in_leaf", "lambda_l2", "feature_fraction")


def _suggest(trial: Any) -> dict[str, Any]:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.03, 0.2, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 63, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 20, 400, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 100.0, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.3, 1.0),
    }
