"""Slates: what each policy may show, in which order, and what a swap does."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.types import Document, Query, Run
from jobmatch_ml.world.config import PolicyMixture, WorldConfig
from jobmatch_ml.world.live import DAY_S, LiveOffers
from jobmatch_ml.world.log import EXPLORE, PLATFORM, POPULARITY, RANKER
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.policies import (
    Knowledge,
    Rankings,
    Slates,
    choose_slates,
    pair_noise,
    platform_scores,
    rank_for_policy,
    swap_two,
)
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.sessions import Requests
from jobmatch_ml.world.tables import NONE

CONFIG = WorldConfig(n_offers=900, n_candidates=40, n_pdf=0, n_docx=0)
DAY = 20


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(CONFIG)


def ask(policy: int, *, page: int = 0, n: int = 40) -> Requests:
    return Requests(
        at_s=np.full(n, DAY * DAY_S + 40_000, np.int32),
        candidate=np.arange(n, dtype=np.int32) % 40,
        policy=np.full(n, policy, np.int8),
        surface=np.zeros(n, np.int8),
        page=np.full(n, page, np.int8),
    )


def know(market: Market, *, taken: list[int] | None = None) -> Knowledge:
    live = LiveOffers(market, DAY, lifetime_days=CONFIG.offers.lifetime_days)
    counts = np.zeros(len(market.offers), dtype=np.int32)
    return Knowledge(live=live, counts=counts, taken=np.array(sorted(taken or []), np.int64))


def show(market: Market, requests: Requests, knowledge: Knowledge, **more: Rankings) -> Slates:
    rng = np.random.default_rng(0)
    return choose_slates(rng, CONFIG, market, requests, knowledge, **more)


def some_rankings(market: Market) -> Rankings:
    order = np.stack([np.random.default_rng(row).permutation(900) for row in range(40)])
    scores = np.tile(np.linspace(1, 0, 900), (40, 1))
    return Rankings(order.astype(np.int32), scores.astype(np.float32), "words-1")


@pytest.mark.parametrize("policy", [PLATFORM, RANKER, POPULARITY, EXPLORE])
def test_every_policy_shows_live_offers_once(market: Market, policy: int) -> None:
    requests = ask(policy)
    slates = show(market, requests, know(market), rankings=some_rankings(market))
    now = requests.at_s[0]
    assert (slates.offers != NONE).sum() > 300
    for slate in slates.offers:
        there = slate[slate != NONE]
        assert len(set(there.tolist())) == len(there)
        created = market.created_s[there]
        assert ((created < now) & (created > now - 30 * DAY_S)).all()
        # Nothing stands behind a gap.
        assert (slate[: len(there)] != NONE).all()


@pytest.mark.parametrize("policy", [PLATFORM, RANKER, POPULARITY, EXPLORE])
def test_what_one_has_taken_is_not_shown_again_but_others_may_see_it(
    market: Market, policy: int
) -> None:
    rankings = some_rankings(market)
    before = show(market, ask(policy), know(market), rankings=rankings).offers
    taken = [7 * len(market.offers) + int(offer) for offer in before[7, :3]]
    after = show(market, ask(policy), know(market, taken=taken), rankings=rankings).offers
    assert not set(before[7, :3].tolist()) & set(after[7].tolist())
    others = np.arange(40) != 7
    assert (before[others] == after[others]).all()


def test_the_platform_shows_the_best_of_its_scores_in_order(market: Market) -> None:
    requests = ask(PLATFORM)
    slates = show(market, requests, know(market))
    assert (np.diff(slates.scores, axis=1)[slates.offers[:, 1:] != NONE] <= 0).all()
    again = platform_scores(CONFIG, market, requests, np.maximum(slates.offers, 0))
    shown = slates.offers != NONE
    assert slates.scores[shown] == pytest.approx(again[shown], abs=1e-4)


def test_the_second_page_goes_on_where_the_first_ended(market: Market) -> None:
    first = show(market, ask(PLATFORM), know(market))
    second = show(market, ask(PLATFORM, page=1), know(market))
    full = (first.offers != NONE).all(axis=1) & (second.offers != NONE).all(axis=1)
    # Where ten offers are all there is, the second page is the first again.
    full &= (first.offers != second.offers).any(axis=1)
    assert full.any()
    for one, two in zip(first.offers[full], second.offers[full], strict=True):
        assert not set(one.tolist()) & set(two.tolist())
    assert (first.scores[full].min(axis=1) >= second.scores[full].max(axis=1)).all()


def test_the_ranker_keeps_its_order_and_its_scores(market: Market) -> None:
    rankings = some_rankings(market)
    slates = show(market, ask(RANKER), know(market), rankings=rankings)
    places = {int(offer): place for place, offer in enumerate(rankings.offers[3])}
    order = [places[int(offer)] for offer in slates.offers[3]]
    assert order == sorted(order)
    assert slates.scores[3] == pytest.approx(rankings.scores[3, order])


def test_the_most_wanted_of_the_domain_come_first_and_the_newest_among_equals(
    market: Market,
) -> None:
    knowledge = know(market)
    domain = int(market.tables.domain[market.candidates.declared[0]])
    mine = knowledge.live.offers[knowledge.live.domains == domain]
    past = mine[market.created_s[mine] < DAY * DAY_S]
    knowledge.counts[past[0]] = 5
    slate = show(market, ask(POPULARITY), knowledge).offers[0]
    assert int(slate[0]) == int(past[0])
    there = slate[1:][slate[1:] != NONE]
    assert (np.diff(market.created_s[there]) <= 0).all()


def test_exploring_draws_three_quarters_of_the_own_domain_whatever_the_position(
    market: Market,
) -> None:
    requests = ask(EXPLORE, n=2000)
    slates = show(market, requests, know(market))
    domain = market.tables.domain
    own = domain[market.candidates.declared[requests.candidate]][:, None]
    offers = np.maximum(slates.offers, 0)
    inside = domain[market.offers.occupation[offers]] == own
    shares = inside.mean(axis=0)
    # Draws that come twice are left out, so somewhat less than 0.75; the same at each position.
    assert shares.mean() == pytest.approx(0.72, abs=0.08)
    assert abs(shares[:3].mean() - shares[-3:].mean()) < 0.12
    assert np.isnan(slates.scores).all()


def test_the_noise_of_a_pair_is_its_own_for_ever() -> None:
    people = np.repeat(np.arange(200, dtype=np.int32), 200)
    offers = np.tile(np.arange(200, dtype=np.int32), 200)
    noise = pair_noise(5, people, offers)
    assert (noise == pair_noise(5, people, offers)).all()
    assert (noise != pair_noise(6, people, offers)).mean() > 0.99
    assert abs(float(noise.mean())) < 0.02
    assert float(noise.std()) == pytest.approx((1 / 6) ** 0.5, rel=0.03)  # triangular on (-1, 1)


def test_a_swap_changes_two_positions_of_some_ranked_slates() -> None:
    n = 4000
    used = np.array([PLATFORM, RANKER, POPULARITY, EXPLORE] * (n // 4), np.int8)
    slates = Slates(np.tile(np.arange(6, dtype=np.int32), (n, 1)), np.zeros((n, 6), np.float32))
    changed = swap_two(np.random.default_rng(1), PolicyMixture(swap_share=0.3), slates, used)
    moved = (slates.offers != np.arange(6)).sum(axis=1)
    assert set(moved[changed].tolist()) == {2}
    assert set(moved[~changed].tolist()) == {0}
    assert not changed[np.isin(used, (POPULARITY, EXPLORE))].any()
    assert changed[np.isin(used, (PLATFORM, RANKER))].mean() == pytest.approx(0.3, abs=0.04)
    # Every position is as likely to be moved as any other.
    places = (slates.offers[changed] != np.arange(6)).mean(axis=0)
    assert places == pytest.approx(np.full(6, 1 / 3), abs=0.06)


class Letters:
    """Ranks documents by how much of the query's letters they share."""

    name = "letters"

    def index(self, documents: list[Document]) -> None:
        self.documents = documents

    def rank(self, queries: list[Query], *, top_k: int) -> Run:
        run: Run = {}
        for query in queries:
            scores = {d.doc_id: float(len(set(d.text) & set(query.text))) for d in self.documents}
            best = sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))[:top_k]
            run[query.query_id] = {doc_id: scores[doc_id] for doc_id in best}
        return run


def test_a_text_ranker_becomes_rows_best_first_and_equals_by_row() -> None:
    documents = [Document("b", "", "xy"), Document("a", "", "x"), Document("c", "", "x")]
    queries = [Query("q2", "", "zz"), Query("q1", "", "xy")]
    rankings = rank_for_policy(Letters(), documents, queries, depth=2)
    assert rankings.offers[1].tolist() == [0, 1]
    assert rankings.scores[1].tolist() == [2, 1]
    assert rankings.version == "letters-1"
