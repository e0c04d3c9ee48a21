"""How well a bundle's calibrators predict what test people did with what they were shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration import judge_calibration
from jobmatch_ml.evaluation.counterfactual_slates import scores_of_run
from jobmatch_ml.interactions.censoring import fit_delays
from jobmatch_ml.interactions.outcomes import stage_outcomes
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_log import shown_rows
from jobmatch_ml.ranking.calibration import Calibrators
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.types import Run


def calibration_errors(
    calibrators: Calibrators, shown: Run, dataset_dir: Path, propensities: PropensityModel
) -> dict[str, float]:
    """Returns the expected calibration error of each stage on the test part.

    A stage's probability is given that the offer is looked at and all outcomes are known; the log
    holds neither, so that each prediction is multiplied by the propensity of its position and by
    the share of such outcomes that are known by the log's end. Scores without support are left out:
    there the calibrators abstain.

    Args:
        calibrators: Of the ranker that gave the scores.
        shown: ``{person: {offer: score}}`` of the pairs that were shown.
        dataset_dir: A prepared data set.
        propensities: How likely each position is looked at.

    Raises:
        InputError: Pairs without a score; a stage that nobody, or everybody, reached.
    """
    table = shown_rows(pq.read_table(dataset_dir / "test" / "interactions.parquet"))
    scores = scores_of_run(table, shown)
    if not np.isfinite(scores).all():
        raise InputError(f"{int((~np.isfinite(scores)).sum())} shown pairs have no score")
    as_of = read_dataset_summary(dataset_dir).cutoffs[2]
    # Rows of the log's last moment are known by it: the cut-off is the last showing.
    table_before = np.array([moment < as_of for moment in table["shown_at"].to_pylist()])
    table, scores = table.filter(table_before), scores[table_before]
    delays = fit_delays(table, as_of=as_of)
    looked_at = propensities.propensities_of(table)
    people = np.array(table["user"].to_pylist())
    errors = {}
    for stage in calibrators.stages:
        outcomes = stage_outcomes(table, stage, as_of=as_of, delays=delays)
        chance, supported = calibrators.probabilities(
            stage, scores, examination=looked_at * outcomes.known
        )
        if outcomes.events[supported].any():
            report = judge_calibration(
                chance[supported],
                outcomes.events[supported],
                people=people[supported],
                n_bootstrap=100,
            )
            errors[str(stage)] = report.ece.value
    return errors
