"""Negatives: what was probably seen and left, and what was never shown; the rest is counted."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import GradeConfig, corpus_negatives, shown_not_taken
from tests.log_factory import day, make_log

OPENED = {"viewed": True, "viewed_at": day(0.01), "time_spent_seconds": 5}
SAVED = {"saved": True, "saved_at": day(1)}


def slate(*rows: dict[str, object], request: str = "r1", user: str = "c1") -> list[dict]:
    return [
        {
            "request_id": request,
            "user": user,
            "position": position,
            "offer_external_id": f"{request}-{position}",
            "impression_id": f"{request}-{position}",
            **row,
        }
        for position, row in enumerate(rows, start=1)
    ]


def test_what_is_above_the_lowest_action_and_one_below_was_examined() -> None:
    log = make_log(*slate({}, OPENED, {}, SAVED, {}, {}))
    found = shown_not_taken(log)
    # Position 4 was acted on: 1 to 5 were examined, 4 was taken, 6 says nothing.
    assert found.pairs["position"].to_pylist() == [1, 2, 3, 5]
    assert found.pairs["viewed"].to_pylist() == [False, True, False, False]
    assert found.counts == {
        "kept": 4,
        "taken": 1,
        "no position": 0,
        "nothing acted on in the slate": 0,
        "below what was examined": 1,
        "taken from another slate": 0,
    }


def test_how_far_below_counts_is_a_choice() -> None:
    log = make_log(*slate({}, OPENED, {}, {}, {}))
    kept = {below: shown_not_taken(log, below=below).counts["kept"] for below in (0, 1, 2, 9)}
    assert kept == {0: 2, 1: 3, 2: 4, 9: 5}
    with pytest.raises(InputError, match="below is -1"):
        shown_not_taken(log, below=-1)


def test_a_slate_that_nobody_acted_on_says_nothing() -> None:
    found = shown_not_taken(make_log(*slate({}, {}, {})))
    assert found.counts["nothing acted on in the slate"] == 3
    assert len(found.pairs) == 0


def test_an_import_is_no_impression_and_a_pair_taken_elsewhere_no_negative() -> None:
    again = slate({"offer_external_id": "r1-2"}, OPENED, request="r2")
    imported = {
        "surface": "import",
        "position": None,
        "slate_size": None,
        "request_id": "r3",
        "impression_id": "x",
    }
    found = shown_not_taken(make_log(*slate({}, SAVED), *again, imported))
    assert found.pairs["offer_external_id"].to_pylist() == ["r1-1", "r2-2"]
    assert found.counts["taken from another slate"] == 1
    assert found.counts["no position"] == 1


def test_what_is_not_known_yet_is_not_used() -> None:
    log = make_log(*slate({}, SAVED, {}))
    before = shown_not_taken(log, as_of=day(0.5))
    assert before.counts["nothing acted on in the slate"] == 3
    assert shown_not_taken(log, as_of=day(2)).counts["kept"] == 2
    assert sum(shown_not_taken(log, as_of=day(0)).counts.values()) == 0


def test_what_counts_as_taken_follows_the_grades() -> None:
    log = make_log(*slate({**OPENED, "time_spent_seconds": 60}, {}))
    assert shown_not_taken(log).counts["kept"] == 2
    looks = GradeConfig(dwell=1, saved=2, applied=3, interview=4, hired=5)
    assert shown_not_taken(log, grade_config=looks).counts == {
        "kept": 1,
        "taken": 1,
        "no position": 0,
        "nothing acted on in the slate": 0,
        "below what was examined": 0,
        "taken from another slate": 0,
    }


CORPUS = [f"o{number}" for number in range(100)]


def test_drawn_offers_are_new_to_the_person_and_come_once() -> None:
    positives = {"a": ["o1", "o2"], "b": ["o3"]}
    groups = {"o1": "twins", "o7": "twins"}
    drawn = corpus_negatives(
        positives, CORPUS, n_each=60, rng=np.random.default_rng(0), offer_groups=groups
    )
    rows = drawn.pairs.to_pylist()
    for person, excluded in (("a", {"o1", "o2", "o7"}), ("b", {"o3"})):
        offers = [row["offer_external_id"] for row in rows if row["user"] == person]
        assert len(set(offers)) == len(offers) == 60
        assert not set(offers) & excluded
    assert drawn.counts["kept"] == 120
    assert drawn.counts["positive or a near-duplicate of one"] == 4


def test_draws_are_uniform_and_repeat_with_the_seed() -> None:
    people = {f"c{number:04d}": ["o0"] for number in range(2000)}

    def draw() -> list[str]:
        rng = np.random.default_rng(5)
        table = corpus_negatives(people, CORPUS, n_each=10, rng=rng).pairs
        return table["offer_external_id"].to_pylist()

    offers = draw()
    counts = np.unique(offers, return_counts=True)[1]
    # 2,000 people draw 10 of 99: each offer about 202 times, standard deviation 13.5.
    assert len(counts) == 99
    assert abs(counts - 2000 * 10 / 99).max() < 5 * 13.5
    assert draw() == offers


def test_a_small_corpus_gives_what_it_has_and_says_so() -> None:
    drawn = corpus_negatives({"a": ["o1"]}, CORPUS[:5], n_each=9, rng=np.random.default_rng(0))
    assert sorted(drawn.pairs["offer_external_id"].to_pylist()) == ["o0", "o2", "o3", "o4"]
    assert drawn.counts["missing: the corpus has no more"] == 5


@pytest.mark.parametrize(
    ("corpus", "n_each", "message"),
    [([], 1, "0 ids"), (["a", "a"], 1, "expected each offer once"), (["a"], 0, "n_each is 0")],
)
def test_impossible_requests_are_refused(corpus: list[str], n_each: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        corpus_negatives({}, corpus, n_each=n_each, rng=np.random.default_rng(0))
