"""Negatives: offers that a person saw and did not take, and offers drawn from the corpus.

*Shown and not taken.* An offer at the bottom of a slate that nobody scrolled to says nothing. What
is above something that was acted on was probably looked at (the "skip above" reading of clicks:
Joachims et al. 2005), and so was the next one below. Slates without any action are left out.

*From the corpus.* Most offers were never shown; a ranker must learn that these are wrong as well.
Known positives of a person, and near-duplicates of them, are never drawn.

Both return what they left out, by reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.engine import open_engine
from jobmatch_ml.interactions.labels import GradeConfig, grade_expression, reached_expressions


@dataclass(frozen=True)
class Negatives:
    """Pairs that count as negative.

    Args:
        pairs: Columns `user` and `offer_external_id`, then what else is known of them.
        counts: Rows kept and left out, by reason.
    """

    pairs: pa.Table
    counts: Mapping[str, int]


def shown_not_taken(
    table: pa.Table,
    *,
    below: int = 1,
    grade_config: GradeConfig | None = None,
    as_of: datetime | None = None,
) -> Negatives:
    """Returns the impressions that were probably examined and led to nothing.

    Args:
        table: Rows in the log's schema.
        below: Positions below the lowest one acted on (opened or better) that still count as
            examined, >= 0.
        grade_config: Which stages count as taken: those of a grade above 0.
        as_of: What happened at or after this moment is not known; rows shown then are left out.

    Returns:
        Pairs with `impression_id`, `request_id`, `position` and `viewed`, in the log's order. A
        pair occurs as often as it was shown so.

    Raises:
        InputError: `below` is negative.
    """
    if below < 0:
        raise InputError(f"below is {below}; expected a number >= 0", field="below")
    config = grade_config or GradeConfig()
    opened = reached_expressions(config.model_copy(update={"dwell_seconds": 0}), as_of)["dwell"]
    with open_engine() as connection:
        rows = connection.from_arrow(table).project(
            f"*, row_number() OVER () AS place, {grade_expression(config, as_of)} AS grade, "
            f"coalesce({opened}, false) AS opened"
        )
        if as_of is not None:
            connection.execute("SET VARIABLE as_of = $1", [as_of])
            rows = rows.filter("shown_at < getvariable('as_of')")
        rows.create("graded")
        connection.execute("SET VARIABLE below = $1", [below])
        connection.execute(_REASONS)
        reasons = connection.table("reasons")
        counts = dict(reasons.aggregate("reason, count(*)", "reason").fetchall())
        pairs = (
            reasons.filter("reason = 'kept'")
            .order("place")
            .project(
                '"user", offer_external_id, impression_id, request_id, position, opened AS viewed'
            )
            .to_arrow_table()
        )
    return Negatives(pairs, {name: counts.get(name, 0) for name in _COUNTED})


_COUNTED = (
    "kept",
    "taken",
    "no position",
    "nothing acted on in the slate",
    "below what was examined",
    "taken from another slate",
)
_REASONS = """
    CREATE TABLE reasons AS
    WITH reached AS (
        SELECT request_id, max(position) FILTER (grade > 0 OR opened) AS lowest
        FROM graded GROUP BY request_id
    ), taken AS (
        SELECT DISTINCT "user", offer_external_id, true AS elsewhere FROM graded WHERE grade > 0
    )
    SELECT graded.*, CASE
        WHEN grade > 0 THEN 'taken'
        WHEN position IS NULL THEN 'no position'
        WHEN lowest IS NULL THEN 'nothing acted on in the slate'
        WHEN position > lowest + getvariable('below') THEN 'below what was examined'
        WHEN elsewhere THEN 'taken from another slate'
        ELSE 'kept' END AS reason
    FROM graded
    LEFT JOIN reached USING (request_id)
    LEFT JOIN taken USING ("user", offer_external_id)
"""


def corpus_negatives(
    positives: Mapping[str, Sequence[str]],
    offer_ids: Sequence[str],
    *,
    n_each: int,
    rng: np.random.Generator,
    offer_groups: Mapping[str, str] | None = None,
) -> Negatives:
    """Draws offers of the corpus for each person, uniformly and without repetition.

    Args:
        positives: By person, the offers that are not to be drawn, nor any of their groups.
        offer_ids: The corpus; each id once.
        n_each: Offers a person, >= 1; fewer where the corpus has no more, which is counted.
        rng: Source of the draws; people are taken in the order of their ids.
        offer_groups: Near-duplicate group per offer id.

    Raises:
        InputError: The corpus is empty or repeats an id, or `n_each` is below 1.
    """
    if n_each < 1:
        raise InputError(f"n_each is {n_each}; expected a number >= 1", field="n_each")
    if not offer_ids or len(set(offer_ids)) < len(offer_ids):
        raise InputError(
            f"the corpus has {len(offer_ids)} ids, {len(set(offer_ids))} of them different; "
            "expected each offer once",
            field="offer_ids",
        )
    groups = offer_groups or {}
    members: dict[str, list[int]] = {}
    for place, offer in enumerate(offer_ids):
        members.setdefault(groups.get(offer, offer), []).append(place)
    rows: dict[str, list[Any]] = {"user": [], "offer_external_id": []}
    excluded_of_all = short = 0
    for person in sorted(positives):
        own = {groups.get(offer, offer) for offer in positives[person]}
        excluded = {place for group in own for place in members.get(group, ())}
        excluded_of_all += len(excluded)
        drawn = _draw(len(offer_ids), n_each, excluded, rng)
        short += n_each - len(drawn)
        rows["user"] += [person] * len(drawn)
        rows["offer_external_id"] += [offer_ids[place] for place in drawn]
    schema = pa.schema([(name, pa.string()) for name in rows])
    counts = {
        "kept": len(rows["user"]),
        "positive or a near-duplicate of one": excluded_of_all,
        "missing: the corpus has no more": short,
    }
    return Negatives(pa.table(rows, schema=schema), counts)


def _draw(size: int, wanted: int, excluded: set[int], rng: np.random.Generator) -> list[int]:
    """Draws numbers below `size` that are not excluded; all of them when there are too few."""
    wanted = min(wanted, size - len(excluded))
    if wanted + len(excluded) > size // 2:
        left = np.setdiff1d(np.arange(size), np.fromiter(excluded, np.int64, len(excluded)))
        return [int(place) for place in rng.choice(left, wanted, replace=False)]
    # A dictionary keeps the order of the draws; few of them are refused.
    drawn: dict[int, None] = {}
    while len(drawn) < wanted:
        for place in rng.integers(0, size, wanted - len(drawn)).tolist():
            if place not in excluded:
                drawn[place] = None
    return list(drawn)
