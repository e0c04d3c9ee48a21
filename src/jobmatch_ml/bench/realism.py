"""How easily a world's offers are told from real ones: the realism report's figures, recorded.

The tables of the notebook ``06_world_realism`` show more; of the real offers only counts, shares
and areas under the curve are kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError
from jobmatch_ml.world.realism import Matching, compare_offers, two_sides


def run_realism_bench(
    *,
    real: str = "",
    world: str = "data/world/demo",
    skip_marked: str = "_reconstructed_from_flat_csv",
    match_on: Matching = "field",
    max_offers: int = 2000,
) -> list[dict[str, Any]]:
    """Compares a world's offers with real ones, field by field.

    Args:
        real: File or folder of real offers; needed.
        world: A built world.
        skip_marked: Real records with this key are left out: their gaps are not the API's.
        match_on: How alike both sides are made in occupations before they are compared.
        max_offers: Most offers of each side.

    Returns:
        Rows of three parts: ``test`` (field, auc with its interval), ``share`` (field, how often
        it is there) and ``summary`` (measure); ``world`` and ``other`` are the two sides.

    Raises:
        InputError: No real offers were named.
    """
    if not real:
        raise InputError("real offers are needed to compare with: --option real=PATH", field="real")
    ours, theirs = two_sides(Path(world), real, skip_marked=skip_marked)
    result = compare_offers(ours, theirs, match_on=match_on, max_offers=max_offers)
    tests = [
        {
            "part": "test",
            "field": test.field,
            "auc": round(test.auc, 3),
            "auc_low": round(test.low, 3),
            "auc_high": round(test.high, 3),
        }
        for test in result.tests
    ]
    lengths = [
        {"part": "length", **{key: value for key, value in row.items() if key != "part"}}
        for row in result.lengths
    ]
    shares = [{"part": "share", **row} for row in result.presence]
    summary = [{"part": "summary", **row} for row in result.summary]
    note = {"part": "size", "world": result.n_world, "other": result.n_other}
    return [note, *tests, *summary, *lengths, *shares]
