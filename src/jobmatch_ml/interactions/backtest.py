"""Were the weights right? A cut-off in the past, judged by what the log knew later."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.censoring import label_interactions
from jobmatch_ml.interactions.labels import GradeConfig, grade_interactions


def backtest_labels(
    table: pa.Table, grades: GradeConfig | None = None, *, as_of: datetime
) -> pa.Table:
    """Compares the grades known at a moment, weighted and not, with those known at the log's end.

    Use it on a moment early enough for most outcomes to have come since: what the log's end does
    not know, this comparison does not know either.

    Args:
        table: Rows in the log's schema.
        grades: Grades of the stages.
        as_of: The moment to go back to; only rows shown before it are compared.

    Returns:
        A row a grade: `grade`, and the share of rows that have it `as_known` then, `weighted` then,
        and `in_the_end`.

    Raises:
        InputError: No row was shown before `as_of`.
    """
    old = table.filter(pc.less(table["shown_at"], pa.scalar(as_of, pa.timestamp("us", "UTC"))))
    if not len(old):
        raise InputError(f"no row was shown before {as_of}: there is nothing to go back to")
    config = grades or GradeConfig()
    labelled = label_interactions(old, config, as_of=as_of)
    then, weight = labelled["grade"].to_numpy(), labelled["weight"].to_numpy()
    end = grade_interactions(old, config)
    levels = np.unique(np.concatenate((then, end)))
    return pa.table(
        {
            "grade": levels,
            "as_known": [float((then == level).mean()) for level in levels],
            "weighted": [float(weight[then == level].sum() / len(then)) for level in levels],
            "in_the_end": [float((end == level).mean()) for level in levels],
        }
    )
