"""Oracles: full facts give nDCG 1, less told gives less, expectations are those of the rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.hidden_market import read_hidden_market
from jobmatch_ml.evaluation.oracle import (
    WISHES,
    _violated,
    base_rates,
    expected_grades,
    expected_of,
    facts_oracle,
    oracle_run,
)
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.world import Market
from jobmatch_ml.world.arrow import TOLD
from jobmatch_ml.world.relevance import RELATED, WISHED, pair_facts
from tests.hidden_world import write_hidden


def score(folder: Path) -> float:
    report = evaluate(read_true_relevance(folder), oracle_run(folder), metrics=("ndcg@10",))
    return report.mean("ndcg@10")


def test_full_facts_are_perfect(tmp_path: Path) -> None:
    write_hidden(tmp_path)
    report = evaluate(read_true_relevance(tmp_path), facts_oracle(tmp_path), metrics=("ndcg@10",))
    assert report.mean("ndcg@10") == pytest.approx(1)


def test_the_less_is_told_the_worse_is_the_best_ranking(tmp_path: Path) -> None:
    write_hidden(tmp_path / "all")
    write_hidden(tmp_path / "no_skills", skills=False)
    write_hidden(tmp_path / "job", offer_facts=("occupation",), skills=False)
    write_hidden(tmp_path / "none", offer_facts=(), candidate_facts=(), skills=False)
    told_all, no_skills, job, nothing = (
        score(tmp_path / name) for name in ("all", "no_skills", "job", "none")
    )
    assert 0.9 < told_all < 1
    assert told_all > no_skills > job > nothing + 0.2


@pytest.mark.parametrize("fact", ["place", "years", *WISHES])
def test_a_hidden_fact_moves_no_offer_by_its_own_value(fact: str, tmp_path: Path) -> None:
    """Offers that differ in nothing told but an untold fact have one score."""
    market = write_hidden(tmp_path, offer_facts=[name for name in TOLD if name != fact])
    hidden = read_hidden_market(tmp_path)
    rates = base_rates(hidden)
    stored = getattr(hidden.market.offers, fact)
    # Scores of 0 would say nothing: the first pair is taken that may be worth something.
    pairs = (
        (candidate, pair, expected_of(hidden, rates, candidate)[pair])
        for candidate, pair in kin_that_differ(market, stored)
    )
    candidate, pair, before = next(found for found in pairs if found[2].any())
    # Exchanged between two offers, the hidden fact is as frequent as it was, and nobody can know.
    stored[pair] = stored[pair[::-1]]
    assert expected_of(hidden, rates, candidate)[pair] == pytest.approx(before, abs=1e-12)


def kin_that_differ(market: Market, values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yields candidates and two offers of one kinship to them whose values are not the same."""
    offers = np.arange(len(market.offers))
    for candidate in range(len(market.candidates)):
        kin = pair_facts(market, np.full(len(offers), candidate), offers).kinship
        rows = np.flatnonzero(kin == RELATED)
        other = np.flatnonzero(np.atleast_2d((values[rows] != values[rows[:1]]).T).any(axis=0))
        if len(other):
            yield candidate, rows[[0, other[0]]]


def test_the_wishes_are_those_of_the_rule(tmp_path: Path) -> None:
    market = write_hidden(tmp_path)
    hidden = read_hidden_market(tmp_path)
    n_offers = len(market.offers)
    for row in (0, 7, 20):
        facts = pair_facts(market, np.full(n_offers, row), np.arange(n_offers))
        assert (_violated(hidden, row).sum(axis=1) == facts.violations).all()


@pytest.mark.parametrize("kin", [WISHED, RELATED])
def test_the_expectation_is_the_sum_over_all_cases(kin: int) -> None:
    rng = np.random.default_rng(0)
    parts, wishes = rng.random(3), rng.random(5)
    total = 0.0
    for case in product((0, 1), repeat=8):
        chances = [
            p if happens else 1 - p for p, happens in zip([*parts, *wishes], case, strict=True)
        ]
        fit, violations = sum(case[:3]), sum(case[3:])
        base = 1 + fit if kin == WISHED else max(fit - 1, 0)
        total += np.prod(chances) * max(base - violations, 0)
    found = expected_grades(kin, [np.array([p]) for p in parts], [np.array([w]) for w in wishes])
    assert found[0] == pytest.approx(total)


def test_a_run_is_in_order_and_no_longer_than_asked(tmp_path: Path) -> None:
    write_hidden(tmp_path)
    run = oracle_run(tmp_path, top_k=5)
    assert run.keys() == read_true_relevance(tmp_path).keys()
    for scored in run.values():
        values = list(scored.values())
        assert len(values) <= 5
        assert values == sorted(values, reverse=True)
        assert min(values, default=1) > 0


def test_a_world_without_truth_or_with_a_strangers_judgements_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="does not exist"):
        oracle_run(tmp_path)
    write_hidden(tmp_path)
    path = tmp_path / "truth" / "qrels.tsv"
    path.write_text(path.read_text() + "c99999\tx\t1\n")
    with pytest.raises(FormatError, match="candidate c99999 is judged but has no facts"):
        oracle_run(tmp_path)
