"""Who calibrates a ranker and who tests the calibrators: people and days that nobody trained on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_em import estimate_by_em
from jobmatch_ml.interactions.propensity_interventions import estimate_from_interventions
from jobmatch_ml.interactions.propensity_log import shown_rows
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.ranking.beir import read_queries
from jobmatch_ml.training.calibration import calibration_people
from jobmatch_ml.training.dataset import read_dataset_summary


@dataclass(frozen=True)
class CalibrationSplit:
    """A log's people beside a data set's splits.

    Args:
        calibrating: People who neither trained the ranker nor test it.
        testing: People of the test split.
        start: When the test days begin: the calibrators know nothing from then on.
    """

    calibrating: pa.Array
    testing: pa.Array
    start: datetime

    def before(self, table: pa.Table) -> pa.Table:
        """Returns everyone's rows from before the test days: what propensities may learn from."""
        return table.filter(pc.less(table["shown_at"], self._moment(table)))

    def fit_rows(self, table: pa.Table) -> pa.Table:
        """Returns the rows to fit calibrators on."""
        early = self.before(table)
        return early.filter(pc.is_in(early["user"], value_set=self.calibrating))

    def test_rows(self, table: pa.Table) -> pa.Array:
        """Returns which rows judge the calibrators, as a mask: test people on test days."""
        late = pc.greater_equal(table["shown_at"], self._moment(table))
        mask = pc.and_(late, pc.is_in(table["user"], value_set=self.testing))
        return mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask

    def _moment(self, table: pa.Table) -> pa.Scalar:
        return pa.scalar(self.start, table["shown_at"].type)


def calibration_split(log: pa.Table, dataset_dir: Path) -> CalibrationSplit:
    """Reads who is who from a prepared data set.

    Args:
        log: The world's log that the data set was made of.
        dataset_dir: The data set.

    Raises:
        MissingFileError: It is no data set.
        InputError: Nobody is left to calibrate on.
    """
    trained, tested = (
        [query.query_id for query in read_queries(dataset_dir / split / "queries.jsonl")]
        for split in ("train", "test")
    )
    return CalibrationSplit(
        calibrating=calibration_people(shown_rows(log), trained=trained, tested=tested),
        testing=pa.array(tested),
        start=read_dataset_summary(dataset_dir).cutoffs[1],
    )


def position_propensities(table: pa.Table) -> PropensityModel:
    """Estimates how likely positions are looked at, as well as the log allows.

    From exchanged and random slates where there are enough clicks on them; a log too short for
    that cannot tell its surfaces apart either: then by EM over all surfaces together, and the model
    says so in its name.

    Args:
        table: Shown rows in the log's schema.

    Raises:
        InputError: Even together, a position has no click.
    """
    try:
        return smooth_propensities(estimate_from_interventions(table))
    except InputError:
        surfaces = pc.unique(table["surface"]).to_pylist()
    place = table.schema.get_field_index("surface")
    one = pa.array([surfaces[0]] * len(table), table.schema.field(place).type)
    pooled = table.set_column(place, table.schema.field(place), one)
    model = smooth_propensities(estimate_by_em(pooled, min_clicks=1))
    curve = model.curves[surfaces[0]]
    return PropensityModel(f"{model.method}, surfaces together", dict.fromkeys(surfaces, curve))
