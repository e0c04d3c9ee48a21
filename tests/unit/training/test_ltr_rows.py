"""From a graded log to rows: labels, groups, what is dropped and counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import label_interactions
from jobmatch_ml.ranking.features import FeatureSource, TextIndex
from jobmatch_ml.ranking.features.matrix import FeatureBuilder
from jobmatch_ml.training.ltr_rows import (
    NO_FACTS,
    NO_POSITION,
    NO_POSITIVE,
    ONE_DOCUMENT,
    LtrRows,
    make_rows,
)
from jobmatch_ml.types import Document, Query
from tests.feature_market import MOMENT, OFFERS, offer_facts, space
from tests.log_factory import day, make_log
from tests.ltr_rows import propensities
from tests.toy import ToyEncoder
from tests.unit.ranking.test_matrix import baker


def source() -> FeatureSource:
    texts = TextIndex(ToyEncoder(), None)
    texts.index([Document(each["offer_id"], each["title"], "") for each in OFFERS])
    people = ("c1", "c2", "c3")
    return FeatureSource(
        FeatureBuilder(space(), offer_facts()),
        texts,
        dict.fromkeys(people, baker()),
        {name: Query(name, "Boulanger", "pain") for name in people},
        MOMENT,
    )


def graded(*rows: dict[str, Any], as_of: datetime | None = None) -> pa.Table:
    return label_interactions(make_log(*rows), as_of=as_of)


def shown(user: str, offer: str, position: int | None = 1, **more: Any) -> dict[str, Any]:
    return {
        "user": user, "offer_external_id": offer, "position": position, "request_id": f"r-{user}",
        "shown_at": day(1), **more,
    }  # fmt: skip


VIEW = {"viewed": True, "viewed_at": day(1.1)}
SAVE = {**VIEW, "saved": True, "saved_at": day(1.2)}
APPLY = {**VIEW, "applied": True, "applied_at": day(3)}


def test_labels_are_the_furthest_stage_known() -> None:
    log = graded(
        shown("c1", "o1"), shown("c1", "o2", 2, **VIEW), shown("c1", "o3", 3, **SAVE),
        shown("c2", "o1", 1, **APPLY), shown("c2", "o2", 2),
    )  # fmt: skip
    rows = make_rows(log, source(), as_of=None)
    assert rows.labels.tolist() == [0, 1, 2, 3, 0]
    assert rows.positions.tolist() == [1, 2, 3, 1, 2]
    assert rows.group_sizes.tolist() == [3, 2]


def test_what_happens_after_the_cut_off_is_not_known() -> None:
    events = (shown("c1", "o1", 1, **APPLY), shown("c1", "o2", 2), shown("c1", "o3", 3, **VIEW))
    known = make_rows(graded(*events, as_of=day(2)), source(), as_of=day(2))
    assert known.labels.tolist() == [1, 0, 1]  # the application came on day 3
    early = graded(*events, as_of=day(1.05))
    with pytest.raises(InputError, match="no row"):
        make_rows(early.slice(0, 0), source(), as_of=day(1.05))
    assert len(make_rows(early, source(), as_of=day(1.05))) == 0


def test_what_teaches_nothing_is_dropped_and_counted() -> None:
    log = graded(
        shown("c1", "o1", 1, **VIEW), shown("c1", "o2", 2),
        shown("c2", "o1", 1), shown("c2", "o2", 2),  # no positive
        shown("c3", "o1", 1, **VIEW),  # one document
        shown("c1", "gone", 3), shown("nobody", "o1", 1),
        shown("c1", "o3", None, surface="import"),
    )  # fmt: skip
    rows = make_rows(log, source(), as_of=None)
    assert len(rows) == 2
    assert rows.dropped == {NO_POSITION: 1, NO_FACTS: 2, NO_POSITIVE: 2, ONE_DOCUMENT: 1}


def test_a_page_may_be_the_group_instead_of_the_person() -> None:
    log = graded(
        shown("c1", "o1", 1, **VIEW), shown("c1", "o2", 2),
        shown("c1", "o1", 1, request_id="r9", **VIEW), shown("c1", "o3", 2, request_id="r9"),
    )  # fmt: skip
    assert make_rows(log, source(), as_of=None).group_sizes.tolist() == [4]
    assert make_rows(log, source(), as_of=None, grouping="request").group_sizes.tolist() == [2, 2]


def test_features_of_a_row_are_those_of_its_own_moment_and_offer() -> None:
    made = source()
    log = graded(shown("c1", "o2", 2, **VIEW), shown("c1", "o1", 1), shown("c2", "o1", 1, **VIEW),
                 shown("c2", "o3", 2))  # fmt: skip
    rows = make_rows(log, made, as_of=None)
    at = np.full(2, day(1).timestamp())
    texts = made.texts.compare(
        made.queries["c1"], made.texts.embed([made.queries["c1"]]), 0, np.array([1, 0])
    )
    expected = made.builder.matrix(made.candidates["c1"], np.array([1, 0]), at, texts)
    np.testing.assert_array_equal(rows.matrix[:2], expected)


def test_propensities_are_those_of_surface_and_position() -> None:
    rows = make_rows(
        graded(
            shown("c1", "o1", 4, surface="search", **VIEW), shown("c1", "o2", 2, surface="search")
        ),
        source(),
        as_of=None,
    )
    assert rows.propensities(propensities()).tolist() == [0.25, 0.5]


def test_a_log_without_labels_or_with_clocks_out_of_order_is_refused() -> None:
    with pytest.raises(InputError, match="no labels"):
        make_rows(make_log(shown("c1", "o1")), source(), as_of=None)
    broken = graded(shown("c1", "o1", 1, viewed=True, viewed_at=day(0.5)), shown("c1", "o2", 2))
    with pytest.raises(InputError, match="clocks"):
        make_rows(broken, source(), as_of=None)
    assert isinstance(LtrRows, type)
