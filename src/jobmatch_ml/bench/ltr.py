"""Learning to rank with and without correction of the position's bias, judged by a world's truth.

A market's people are shown slates by an old lexical ranker (a tenth in random order). From the log
LambdaRank learns naively and with each correction; how well offers are then ranked for other people
is known. The same is done with a log without position bias, where a correction must cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.evaluation.resampling import bootstrap_interval, sign_flip_p_value
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.interactions import GradeConfig, grade_interactions
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import estimate_from_interventions
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.ranking.features import NAMES, FeatureSource
from jobmatch_ml.training.ltr import grouped_ndcg, train_ltr
from jobmatch_ml.training.ltr_config import Correction, LtrConfig
from jobmatch_ml.training.ltr_data import open_features, person_of
from jobmatch_ml.training.ltr_rows import LtrRows, in_groups, take
from jobmatch_ml.world import WorldConfig, make_market, simulate_log
from jobmatch_ml.world.arrow import interaction_table
from jobmatch_ml.world.columns import CandidateColumns, OfferColumns
from jobmatch_ml.world.log import POLICIES
from jobmatch_ml.world.policies import Rankings
from jobmatch_ml.world.relevance import Market

ARMS: tuple[Correction, ...] = ("none", "ips", "position")
OVER_TIME = (
    "shown_before", "views_per_showing", "taken_per_showing", "taken_14d", "age_days", "freshness",
)  # fmt: skip
"""Features that change over a log; without them a pair's features are computed once for all."""
EQUIVALENT = 0.01
"""Differences of nDCG@10 within which two rankers count as equally good."""


def run_ltr_bench(
    *,
    dataset: str = "",
    world: str = "data/world/demo",
    config: str = "configs/world/demo.yaml",
    impressions: int = 1_000_000,
    seeds: int = 5,
    people: int = 800,
    test_people: int = 300,
    rounds: int = 50,
    threads: int = 2,
) -> list[dict[str, Any]]:
    """Trains on simulated logs and judges by the truth, seed by seed.

    Args:
        dataset: A prepared data set of the world, for its offers.
        world: The world's folder.
        config: The world's configuration.
        impressions: Rows that are learnt from.
        seeds: Logs, each with a seed of its own.
        people: Candidates whose log is learnt from.
        test_people: Other candidates, for whom all offers are ranked.
        rounds: Trees, the same for all arms.
        threads: Threads of LightGBM.

    Returns:
        Rows by log (biased or not) and correction: mean true nDCG@10, the difference to learning
        naively over people (averaged over seeds) with its interval and p-value, whether the 90 %
        interval lies within ±0.01 (two one-sided tests), seconds of a fit.

    Raises:
        MissingFileError: The data set or the world is not there.
    """
    for option, path in (("dataset", dataset), ("world", world)):
        if not path or not Path(path).is_dir():
            raise MissingFileError(
                f"{option} is {path!r}, which is no folder; give --option {option}=PATH",
                field=option,
            )
    setting = _Setting.open(Path(dataset), Path(world), Path(config), people, test_people)
    rows: list[dict[str, Any]] = []
    for is_biased in (True, False):
        scores: dict[Correction, list[NDArray[np.float64]]] = {arm: [] for arm in ARMS}
        seconds: dict[Correction, list[float]] = {arm: [] for arm in ARMS}
        for seed in tqdm(range(1, seeds + 1), desc="logs", delay=2):
            log = setting.log(impressions, seed, is_biased=is_biased)
            for arm in ARMS:
                tried = LtrConfig(
                    correction=arm,
                    rounds=rounds,
                    patience=rounds,
                    learning_rate=0.1,
                    without=OVER_TIME,
                    threads=threads,
                    seed=seed,
                )
                report = train_ltr(log.train, log.held_out, tried, propensities=log.propensities)
                scores[arm].append(setting.judge(report.model.score))
                seconds[arm].append(report.seconds)
        n_rows = log.n_shown
        rows += [
            _row(arm, scores, seconds[arm], is_biased=is_biased, n_rows=n_rows) for arm in ARMS
        ]
    return rows


@dataclass(frozen=True)
class _Log:
    train: LtrRows
    held_out: LtrRows
    propensities: PropensityModel
    n_shown: int


@dataclass(frozen=True)
class _Setting:
    """A market, the features of all its pairs, and the truth."""

    config: WorldConfig
    market: Market
    offers: tuple[str, ...]
    people: tuple[str, ...]
    matrix: NDArray[np.float32]  # (n_people, n_offers, n_features)
    test_matrix: NDArray[np.float32]
    gains: NDArray[np.float64]  # (n_test_people, n_offers) true relevance
    rankings: Rankings

    @classmethod
    def open(
        cls, dataset: Path, world: Path, config: Path, people: int, test_people: int
    ) -> _Setting:
        loaded = load_config(WorldConfig, config)
        market = make_market(loaded)
        source = open_features(dataset, world, with_log=False)
        offers = source.builder.offers.offer_ids
        everyone = sorted(name for name in source.queries if person_of(name) == name)
        truth = read_true_relevance(world)
        judged = [each for each in everyone if any(truth.get(each, {}).values())]
        test = judged[:: max(1, len(judged) // test_people)][:test_people]
        chosen = [each for each in everyone if each not in set(test)][:people]
        matrix = _pairs(source, chosen)
        rows = source.rows
        gains = np.zeros((len(test), len(offers)))
        for place, person in enumerate(test):
            for offer, grade in truth[person].items():
                gains[place, rows[offer]] = grade
        rankings = _old_ranker(matrix, chosen, offers, market)
        return cls(
            loaded, market, offers, tuple(chosen), matrix, _pairs(source, test), gains, rankings
        )

    def log(self, impressions: int, seed: int, *, is_biased: bool) -> _Log:
        """Simulates a log of the chosen people; the last fifth of the people are held out."""
        share = len(self.people) / len(self.market.candidates)
        behaviour = self.config.behaviour
        if not is_biased:
            flat = dict.fromkeys(behaviour.examination, 0.0)
            behaviour = behaviour.model_copy(update={"examination": flat})
        policy = self.config.policy.model_copy(
            update={"platform": 0.0, "ranker": 0.9, "popularity": 0.0, "explore": 0.1}
        )
        # A fifth more than is learnt from: what judges the trees comes on top.
        requests = 1.25 * impressions / share / self.config.slate_size / len(self.market.candidates)
        sized = self.config.model_copy(
            update={
                "requests_per_candidate": requests,
                "behaviour": behaviour,
                "policy": policy,
            }
        )
        table = interaction_table(
            simulate_log(self.market, sized, seed=seed, rankings=self.rankings),
            self.market, POLICIES, first_row=0,
        )  # fmt: skip
        known = {name: place for place, name in enumerate(self.people)}
        users = np.array([known.get(name, -1) for name in table["user"].to_pylist()])
        table, users = table.filter(users >= 0), users[users >= 0]
        rows, owners = self._rows(table, users)
        propensities = smooth_propensities(estimate_from_interventions(table))
        cut = int(0.8 * len(self.people))
        return _Log(
            in_groups(take(rows, np.flatnonzero(owners < cut))),
            in_groups(take(rows, np.flatnonzero(owners >= cut))),
            propensities,
            n_shown=int((owners < cut).sum()),
        )

    def _rows(self, table: Any, users: NDArray[np.int64]) -> tuple[LtrRows, NDArray[np.int64]]:
        """Returns the rows, a page a group, and whose each row is."""
        places = {name: place for place, name in enumerate(self.offers)}
        offers = np.array([places[name] for name in table["offer_external_id"].to_pylist()])
        grades = grade_interactions(table, GradeConfig())
        opened = np.array(table["viewed"].to_pylist(), dtype=np.bool_)
        pages = table["request_id"].combine_chunks().dictionary_encode().indices
        rows = LtrRows(
            matrix=self.matrix[users, offers],
            labels=np.where(grades > 0, grades + 1, opened).astype(np.int32),
            weights=np.ones(len(users)),
            groups=np.array(pages.to_numpy(), dtype=np.int64),
            positions=np.array(table["position"].to_numpy(), dtype=np.int64),
            surfaces=np.array(table["surface"].to_pylist()),
            dropped={},
        )
        return rows, users

    def judge(self, score: Any) -> NDArray[np.float64]:
        """Returns the true nDCG@10 of each test person, all offers ranked."""
        one = np.zeros(len(self.offers), dtype=np.int64)
        return np.array(
            [
                grouped_ndcg(score(matrix), gains, one)
                for matrix, gains in zip(self.test_matrix, self.gains, strict=True)
            ]
        )


def _pairs(source: FeatureSource, people: list[str]) -> NDArray[np.float32]:
    rows = np.arange(len(source.builder.offers), dtype=np.int64)
    queries = [source.queries[person] for person in people]
    vectors = source.texts.embed(queries)
    matrix = np.empty((len(people), len(rows), len(NAMES)), dtype=np.float32)
    for place, query in enumerate(tqdm(queries, desc="pairs", unit="person", delay=2)):
        matrix[place] = source.matrix(query, rows, embedded=(vectors, place))
    return matrix


def _old_ranker(
    matrix: NDArray[np.float32], chosen: list[str], offers: tuple[str, ...], market: Market
) -> Rankings:
    """Returns BM25's order for the chosen people; the others are shown nothing of it."""
    depth = min(600, matrix.shape[1])
    people = _market_rows(market.candidates)
    jobs = _market_rows(market.offers)
    job_of = np.array([jobs[name] for name in offers], dtype=np.int32)
    best = np.full((len(people), depth), -1, dtype=np.int32)
    scores = np.zeros((len(people), depth), dtype=np.float32)
    column = NAMES.index("bm25")
    for row, person in enumerate(chosen):
        values = matrix[row, :, column]
        order = np.argsort(-values, kind="stable")[:depth]
        best[people[person]], scores[people[person]] = job_of[order], values[order]
    return Rankings(best, scores, "bm25-1")


def _market_rows(side: CandidateColumns | OfferColumns) -> dict[str, int]:
    """Returns the market's row of each id; they are not in the order of the ids."""
    names = side.identifiers(np.arange(len(side)))
    return {name.decode(): row for row, name in enumerate(names.tolist())}


def _row(
    arm: Correction,
    scores: dict[Correction, list[NDArray[np.float64]]],
    seconds: list[float],
    *,
    is_biased: bool,
    n_rows: int,
) -> dict[str, Any]:
    mine, naive = np.array(scores[arm]), np.array(scores["none"])
    by_person = (mine - naive).mean(axis=0)
    low, high = bootstrap_interval(by_person, n_bootstrap=5000, seed=0)
    inner = bootstrap_interval(by_person, n_bootstrap=5000, seed=0, level=0.90)
    is_naive = arm == "none"
    if not is_naive and len(mine) == 0:
        raise InputError("no seeds; expected at least one", field="seeds")
    return {
        "log": "position bias" if is_biased else "no position bias",
        "correction": arm,
        "true_ndcg@10": round(float(mine.mean()), 4),
        "worst_seed": round(float(mine.mean(axis=1).min()), 4),
        "difference": None if is_naive else round(float(by_person.mean()), 4),
        "low": None if is_naive else round(low, 4),
        "high": None if is_naive else round(high, 4),
        "p_value": None
        if is_naive
        else sign_flip_p_value(by_person, n_permutations=10_000, seed=0),
        "equivalent": None if is_naive else bool(inner[0] > -EQUIVALENT and inner[1] < EQUIVALENT),
        "seeds": len(mine),
        "rows": n_rows,
        "people": mine.shape[1],
        "seconds": round(float(np.mean(seconds)), 1),
    }
