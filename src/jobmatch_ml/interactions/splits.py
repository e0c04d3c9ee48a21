"""Time-ordered, grouped splits: no future in the past, no person and no judged pair on both sides.

Three things leak in a random split of a log, and each is cut here:

- *time*: training sees only rows shown before the validation window, validation only rows before
  the test window, and labels are read as known at the cut-off (:mod:`.labels`);
- *people*: a candidate belongs to one split for good (by a seeded hash of the id), so a test CV
  was never a training CV;
- *offers*: a positive of the test or validation set, or a near-duplicate of one (same group), is
  not a training positive. (Its text is in the corpus that everyone ranks, and it may have been
  shown and left in training.)

What each rule removes is counted and returned, never silent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.labels import GradeConfig, grade_interactions

_SPLITS = ("train", "validation", "test")


class SplitConfig(StrictModel):
    """How the log is cut."""

    validation_days: float = Field(7, gt=0, description="Length of the validation window, days.")
    test_days: float = Field(14, gt=0, description="Length of the test window at the end, days.")
    validation_share: float = Field(0.1, gt=0, lt=1, description="Share of candidates.")
    test_share: float = Field(0.3, gt=0, lt=1, description="Share of candidates.")
    seed: int = Field(0, ge=0, description="Seed of the assignment of candidates.")

    @model_validator(mode="after")
    def _leaves_training_candidates(self) -> SplitConfig:
        if self.validation_share + self.test_share >= 1:
            raise ValueError("validation_share + test_share must stay below 1")
        return self


@dataclass(frozen=True)
class InteractionSplits:
    """The three parts of a log, their labels, and what was left out.

    Args:
        tables: Rows of ``train``, ``validation`` and ``test``.
        grades: Grades of each part's rows, as known when the part ends.
        cutoffs: Start of the validation window, start of the test window, end of the log.
        dropped: Rows left out, by reason.
    """

    tables: Mapping[str, pa.Table]
    grades: Mapping[str, NDArray[np.int64]]
    cutoffs: tuple[datetime, datetime, datetime]
    dropped: Mapping[str, int]


def split_interactions(
    table: pa.Table,
    config: SplitConfig | None = None,
    *,
    offer_groups: Mapping[str, str] | None = None,
    grade_config: GradeConfig | None = None,
) -> InteractionSplits:
    """Cuts a log by time and by group.

    Args:
        table: Rows in the log's schema.
        config: Windows and shares.
        offer_groups: Near-duplicate group per offer id; an offer without one is its own group.
        grade_config: Grades of the funnel stages.

    Raises:
        InputError: A part is empty or has no positive row: says which, and what to change.
    """
    config = config or SplitConfig()
    cutoffs = _cutoffs(table, config)
    window = np.searchsorted(
        np.array([moment.timestamp() for moment in cutoffs[:2]]), _seconds(table), side="right"
    )
    owner = _assign_candidates(table, config)
    tables: dict[str, pa.Table] = {}
    grades: dict[str, NDArray[np.int64]] = {}
    for number, name in enumerate(_SPLITS):
        tables[name] = table.filter(pa.array((window == number) & (owner == number)))
        grades[name] = grade_interactions(
            tables[name], grade_config, as_of=cutoffs[number] if number < 2 else None
        )
    dropped = {"candidate belongs to another split": int((window != owner).sum())}
    held_out = _positive_groups(tables, grades, offer_groups or {})
    keep = np.array(
        [
            grade == 0 or (offer_groups or {}).get(offer, offer) not in held_out
            for offer, grade in zip(
                tables["train"]["offer_external_id"].to_pylist(), grades["train"], strict=True
            )
        ],
        dtype=bool,
    )
    dropped["training positive is a held-out offer"] = int((~keep).sum())
    tables["train"] = tables["train"].filter(pa.array(keep))
    grades["train"] = grades["train"][keep]
    _refuse_empty(tables, grades)
    return InteractionSplits(tables, grades, cutoffs, dropped)


def _cutoffs(table: pa.Table, config: SplitConfig) -> tuple[datetime, datetime, datetime]:
    if len(table) == 0:
        raise InputError("the interaction log is empty; expected at least one impression")
    last: datetime = pc.max(table["shown_at"]).as_py()
    test = last - timedelta(days=config.test_days)
    return test - timedelta(days=config.validation_days), test, last


def _seconds(table: pa.Table) -> NDArray[np.float64]:
    micros = table["shown_at"].cast(pa.int64()).to_numpy()
    return np.asarray(micros, dtype=np.float64) / 1e6


def _assign_candidates(table: pa.Table, config: SplitConfig) -> NDArray[np.int64]:
    """Returns the split number of each row's candidate (0 train, 1 validation, 2 test)."""
    encoded = table["user"].combine_chunks().dictionary_encode()
    bounds = (config.test_share, config.test_share + config.validation_share)
    numbers = []
    for user in encoded.dictionary.to_pylist():
        digest = hashlib.sha256(f"{config.seed}:{user}".encode()).digest()
        draw = int.from_bytes(digest[:8], "big") / 2**64
        numbers.append(2 if draw < bounds[0] else 1 if draw < bounds[1] else 0)
    codes = np.asarray(encoded.indices.to_numpy(), dtype=np.int64)
    return np.take(np.asarray(numbers, dtype=np.int64), codes)


def _positive_groups(
    tables: Mapping[str, pa.Table],
    grades: Mapping[str, NDArray[np.int64]],
    offer_groups: Mapping[str, str],
) -> set[str]:
    groups: set[str] = set()
    for name in ("validation", "test"):
        offers = tables[name]["offer_external_id"].to_pylist()
        positive = (offer for offer, grade in zip(offers, grades[name], strict=True) if grade > 0)
        groups.update(offer_groups.get(offer, offer) for offer in positive)
    return groups


def _refuse_empty(tables: Mapping[str, pa.Table], grades: Mapping[str, NDArray[np.int64]]) -> None:
    for name in _SPLITS:
        if not (grades[name] > 0).any():
            raise InputError(
                f"the {name} split has {len(tables[name])} rows and no positive one; "
                "expected at least one. Use a longer log, or change `split.*_days` and "
                "`split.*_share`",
                field="split",
            )
