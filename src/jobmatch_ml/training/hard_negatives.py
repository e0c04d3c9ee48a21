"""Hard negatives: offers that look right for a person and are not, from the log and the corpus.

*From the log*: what the person was shown, probably examined, and did not take
(:func:`jobmatch_ml.interactions.shown_not_taken`). *From the corpus*: a band of ranks of a
retriever's answer. The top of the list is left out: most of what stands there is right.

Most hard "negatives" are right answers that nobody marked. So each candidate must pass filters:
not taken, no near-duplicate of what was taken, another occupation than anything the person took,
no occupation that people move to from there, and a score clearly below the positive's (the
"positive-aware" mining of Moreira et al. 2024, NV-Retriever, https://arxiv.org/abs/2407.15831,
whose ``TopK-PercPos`` keeps negatives below 95 % of the positive's score). What was dropped, and
why, is part of the result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from jobmatch_ml.interactions import shown_not_taken
from jobmatch_ml.offers.catalogue import read_catalogue
from jobmatch_ml.offers.duplicates import duplicate_groups
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.reference import load_table, open_rome
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.config import MOST_RANKED, HardNegativeConfig
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.types import Run

KEPT = "kept"
_MINER_LENGTH_TOKENS = 128

Pair = tuple[str, str]
"""A candidate's id and the id of an offer that was right for them."""


@dataclass(frozen=True)
class RightAnswers:
    """What is, or may be, right for each person: the filter against false negatives.

    Args:
        keys: Occupation key (ROME code) of each offer.
        groups: Near-duplicate group of each offer.
        neighbours: Keys that people move to from a key, both ways.
        taken: Offers that each person took.
    """

    keys: Mapping[str, str]
    groups: Mapping[str, str]
    neighbours: Mapping[str, frozenset[str]]
    taken: Mapping[str, frozenset[str]]

    def reason(self, person: str, offer: str) -> str | None:
        """Says why an offer may be right for a person; ``None`` when nothing speaks for it."""
        taken = self.taken.get(person, frozenset())
        if offer in taken:
            return "taken by the person"
        if self.groups.get(offer, offer) in {self.groups.get(one, one) for one in taken}:
            return "near-duplicate of an offer taken"
        key = self.keys.get(offer) or offer
        own = {self.keys.get(one) or one for one in taken}
        if key in own:
            return "occupation of an offer taken"
        if any(key in self.neighbours.get(one, ()) for one in own):
            return "occupation that people move to"
        return None


@dataclass(frozen=True)
class MinedNegatives:
    """What was mined.

    Args:
        by_pair: Offers that are hard and wrong, for each pair; may be empty.
        counts: Candidates looked at, by (source, what became of them).
        answers: The filter, for whoever puts negatives of several people into one batch.
    """

    by_pair: Mapping[Pair, tuple[str, ...]]
    counts: Mapping[tuple[str, str], int]
    answers: RightAnswers

    def report(self) -> list[dict[str, Any]]:
        """Returns a row for each source and reason: candidates, and their share of the source's."""
        totals = Counter[str]()
        for (source, _), count in self.counts.items():
            totals[source] += count
        return [
            {
                "source": source,
                "outcome": outcome,
                "n": count,
                "share": round(count / totals[source], 4),
            }
            for (source, outcome), count in sorted(
                self.counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])
            )
        ]


def mine_hard_negatives(
    dataset_dir: Path, pairs: Sequence[Pair], config: HardNegativeConfig, *, base: str = "packaged"
) -> MinedNegatives:
    """Mines the training part of a prepared data set.

    Args:
        dataset_dir: A prepared data set; only its training part and its corpus are read.
        pairs: The pairs to find negatives for.
        config: Sources, band of ranks, filter.
        base: Encoder that ranks where ``config.miner`` is ``encoder``.

    Raises:
        InputError: A part of the data set does not fit the others.
    """
    answers = read_right_answers(dataset_dir)
    run = _rank_people(dataset_dir, {person for person, _ in pairs}, config, base)
    sources: dict[str, Mapping[str, Sequence[str]]] = {"log": _examined_not_taken(dataset_dir)}
    if config.miner != "log":
        sources["corpus"] = rank_band(run, *config.ranks)
    counts: Counter[tuple[str, str]] = Counter()
    by_pair: dict[Pair, tuple[str, ...]] = {}
    for person, positive in pairs:
        kept: dict[str, None] = {}
        ceiling = score_ceiling(run.get(person, {}), positive, config.max_score_share)
        for source, found in sources.items():
            for offer in found.get(person, ()):
                outcome = _outcome(person, offer, answers, run.get(person, {}), ceiling)
                counts[source, outcome] += 1
                if outcome == KEPT:
                    kept[offer] = None
        by_pair[person, positive] = tuple(kept)
    return MinedNegatives(by_pair, dict(counts), answers)


def rank_band(run: Run, first_rank: int, last_rank: int) -> dict[str, list[str]]:
    """Returns the documents at ranks ``first_rank`` to ``last_rank`` (1-based, both included)."""
    return {query: list(scores)[first_rank - 1 : last_rank] for query, scores in run.items()}


def score_ceiling(scores: Mapping[str, float], positive: str, max_score_share: float) -> float:
    """Returns the score from which a candidate is too near to the positive to be called wrong.

    A positive that was not retrieved scores below everything that was: then all of the list is
    above the ceiling, because the retriever cannot tell right from wrong for this pair.
    """
    return max_score_share * scores.get(positive, min(scores.values(), default=0.0))


def sample_negatives(
    mined: MinedNegatives,
    pair: Pair,
    n_each: int,
    offer_ids: Sequence[str],
    *,
    rng: np.random.Generator,
) -> list[str]:
    """Draws a pair's negatives without repetition; where too few were mined, any wrong offers.

    Always ``n_each``, so that all batches have one shape, unless no more offers are wrong.
    """
    pool = mined.by_pair.get(pair, ())
    drawn = [pool[place] for place in rng.permutation(len(pool))[:n_each].tolist()]
    if len(drawn) < n_each:
        for place in rng.permutation(len(offer_ids)).tolist():
            offer = offer_ids[place]
            if offer not in drawn and mined.answers.reason(pair[0], offer) is None:
                drawn.append(offer)
                if len(drawn) == n_each:
                    break
    return drawn


def read_right_answers(dataset_dir: Path) -> RightAnswers:
    """Reads what the training part of a data set says about who took what."""
    offers = read_catalogue(dataset_dir / "offers.parquet")
    table = pq.read_table(
        dataset_dir / "train" / "interactions.parquet",
        columns=["user", "offer_external_id", "grade"],
    )
    taken: dict[str, set[str]] = defaultdict(set)
    for user, offer, grade in zip(*(c.to_pylist() for c in table.columns), strict=True):
        if grade > 0:
            taken[user].add(offer)
    return RightAnswers(
        {offer.offer_id: offer.rome_code for offer in offers},
        duplicate_groups(offers),
        mobility_neighbours(),
        {user: frozenset(ids) for user, ids in taken.items()},
    )


def mobility_neighbours() -> dict[str, frozenset[str]]:
    """Returns the occupations that people move to from each, both ways.

    The project's own table, and ROME's mobility where it was imported.
    """
    near: dict[str, set[str]] = defaultdict(set)
    moves: Iterable[Pair] = (
        (job.code, other) for job in load_table().occupations for other in job.neighbours
    )
    for code, other in [*moves, *_rome_moves()]:
        near[code].add(other)
        near[other].add(code)
    return {code: frozenset(codes) for code, codes in near.items()}


def _rome_moves() -> list[Pair]:
    folder = get_settings().data / "reference" / "rome"
    if not folder.is_dir():
        return []
    fiches = open_rome(folder).fiches.values()
    return [(fiche.code, move.code) for fiche in fiches for move in fiche.mobility]


def _examined_not_taken(dataset_dir: Path) -> dict[str, list[str]]:
    """Returns the offers that each person probably examined and did not take, each once."""
    table = pq.read_table(dataset_dir / "train" / "interactions.parquet")
    train_end = read_dataset_summary(dataset_dir).cutoffs[0]
    pairs = shown_not_taken(table, as_of=train_end).pairs
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for user, offer in zip(
        pairs["user"].to_pylist(), pairs["offer_external_id"].to_pylist(), strict=True
    ):
        found[user][offer] = None
    return {user: list(offers) for user, offers in found.items()}


def _rank_people(
    dataset_dir: Path, people: Collection[str], config: HardNegativeConfig, base: str
) -> Run:
    """Ranks the corpus for the people, with the scores that the filter compares."""
    if config.miner == "log":
        return {}
    context = RankerContext()
    if config.miner == "encoder":
        from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder  # torch: seconds

        encoder = SentenceTransformerEncoder(base, max_length_tokens=_MINER_LENGTH_TOKENS)
        context = RankerContext(encoder=encoder)
    ranker = create_ranker("zero_shot" if config.miner == "encoder" else "bm25", context)
    queries = read_queries(dataset_dir / "train" / "queries.jsonl")
    ranker.index(read_corpus(dataset_dir / "corpus.jsonl"))
    return ranker.rank([query for query in queries if query.query_id in people], top_k=MOST_RANKED)


def _outcome(
    person: str, offer: str, answers: RightAnswers, scores: Mapping[str, float], ceiling: float
) -> str:
    reason = answers.reason(person, offer)
    if reason is None and scores.get(offer, -float("inf")) >= ceiling:
        reason = "score near the positive's or above"
    return reason or KEPT
