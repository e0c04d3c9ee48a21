"""From the log to lists: what a candidate took, and what they saw, or might be shown, and did not.

A list holds some of the offers that one candidate took, graded by the funnel and weighted for what
is not known yet, and negatives of two kinds. *Shown, probably examined, not taken*: often the right
occupation with the wrong place, contract or skills; they teach the fine differences. *Mined*: the
first ranks of a retriever that nothing speaks for (:class:`.hard_negatives.RightAnswers`: another
occupation than anything the person took, no near-duplicate, no usual move). They teach what the
retriever confuses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import shown_not_taken
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.cross_encoder_fitting import ListBatch
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.training.hard_negatives import read_right_answers
from jobmatch_ml.types import Run


@dataclass(frozen=True)
class TakenOffer:
    """An offer that a candidate took: its grade 1 to 4 and its censoring weight."""

    offer_id: str
    grade: int
    weight: float


MAX_WEIGHT = 3.0
"""Cap of the censoring weights: one young row must not speak for twenty."""
MINED_RANKS = 60
"""How deep a retriever's answer is looked through for negatives."""
OfferList: TypeAlias = tuple[str, tuple[TakenOffer, ...]]
"""A candidate, and offers with what became of them."""


@dataclass(frozen=True)
class ListSources:
    """What lists are drawn from, by candidate.

    Args:
        taken: Offers taken, in the order of their ids.
        refused: Offers shown, probably examined and not taken.
        mined: Offers that a retriever puts first and nothing speaks for.
        offer_ids: The corpus.
        counts: What was kept and left out.
    """

    taken: Mapping[str, tuple[TakenOffer, ...]]
    refused: Mapping[str, tuple[str, ...]]
    mined: Mapping[str, tuple[str, ...]]
    offer_ids: tuple[str, ...]
    counts: Mapping[str, int]


def read_sources(dataset_dir: Path, retrieved: Run) -> ListSources:
    """Reads the training part of a prepared data set.

    Args:
        dataset_dir: A prepared data set; only its training part and its corpus are read.
        retrieved: A retriever's answer for the training candidates.

    Raises:
        InputError: Nobody took anything.
    """
    table = pq.read_table(dataset_dir / "train" / "interactions.parquet")
    taken = _read_taken(table)
    if not taken:
        raise InputError("no candidate of the training log took an offer; use a longer log")
    train_end = read_dataset_summary(dataset_dir).cutoffs[0]
    negatives = shown_not_taken(table, as_of=train_end)
    refused: dict[str, dict[str, None]] = {}
    for user, offer in zip(
        negatives.pairs["user"].to_pylist(),
        negatives.pairs["offer_external_id"].to_pylist(),
        strict=True,
    ):
        if user in taken and offer not in {one.offer_id for one in taken[user]}:
            refused.setdefault(user, {})[offer] = None
    mined, dropped = _mine(dataset_dir, {user: retrieved.get(user, {}) for user in taken})
    counts = {
        "candidates": len(taken),
        "taken": sum(map(len, taken.values())),
        "shown_not_taken": sum(map(len, refused.values())),
        "mined": sum(map(len, mined.values())),
        **{f"mined, dropped: {reason}": count for reason, count in sorted(dropped.items())},
    }
    offer_ids = tuple(item.doc_id for item in read_corpus(dataset_dir / "corpus.jsonl"))
    shown = {user: tuple(offers) for user, offers in refused.items()}
    return ListSources(taken, shown, mined, offer_ids, counts)


def draw_lists(
    sources: ListSources, config: CrossEncoderConfig, *, epoch: int = 0
) -> list[OfferList]:
    """Draws one pass of lists: who, then the offers, taken ones first, the others with grade 0.

    Each taken offer is in one list a pass (unless `max_lists` leaves the list out); negatives are
    drawn without repetition within a list and topped up with any other offers of the corpus.
    """
    rng = np.random.default_rng([config.seed, epoch])
    lists: list[OfferList] = []
    for user in sorted(sources.taken):
        own = sources.taken[user]
        order = rng.permutation(len(own)).tolist()
        for start in range(0, len(own), config.positives_per_list):
            chosen = [own[place] for place in order[start : start + config.positives_per_list]]
            missing = config.list_size - len(chosen)
            wrong = _draw_negatives(sources, user, missing, config.log_share, rng)
            lists.append((user, (*chosen, *(TakenOffer(offer, 0, 1.0) for offer in wrong))))
    kept = rng.permutation(len(lists))[: config.max_lists].tolist()
    return [lists[place] for place in kept]


def lay_out_lists(
    lists: Sequence[OfferList],
    dataset_dir: Path,
    config: CrossEncoderConfig,
) -> list[ListBatch]:
    """Turns lists into batches of texts; the last one may be smaller.

    Raises:
        InputError: A candidate or offer of the log has no texts.
    """
    people = {
        item.query_id: decisive_text(item)
        for item in read_queries(dataset_dir / "train" / "queries.jsonl")
    }
    offers = {
        item.doc_id: decisive_text(item) for item in read_corpus(dataset_dir / "corpus.jsonl")
    }
    lost = {user for user, _ in lists} - people.keys()
    lost |= {one.offer_id for _, items in lists for one in items} - offers.keys()
    if lost:
        raise InputError(
            f"the training log names {len(lost)} candidates or offers that have no texts, such as "
            f"{sorted(lost)[:3]}. Prepare the data again"
        )
    batches = []
    for start in range(0, len(lists), config.lists_per_batch):
        part = lists[start : start + config.lists_per_batch]
        flat = [(user, one) for user, items in part for one in items]
        shape = (len(part), config.list_size)
        batches.append(
            ListBatch(
                tuple(f"{user}/{one.offer_id}" for user, one in flat),
                tuple((people[user], offers[one.offer_id]) for user, one in flat),
                np.array([one.grade for _, one in flat], dtype=np.float32).reshape(shape),
                np.array([one.weight for _, one in flat], dtype=np.float32).reshape(shape),
            )
        )
    return batches


def _read_taken(table: pa.Table) -> dict[str, tuple[TakenOffer, ...]]:
    """Returns the best grade of each pair, with that row's weight, capped."""
    best: dict[str, dict[str, TakenOffer]] = {}
    columns = ("user", "offer_external_id", "grade", "weight")
    for user, offer, grade, weight in zip(
        *(table[name].to_pylist() for name in columns), strict=True
    ):
        known = best.get(user, {}).get(offer)
        if grade > (known.grade if known else 0):
            item = TakenOffer(offer, grade, min(MAX_WEIGHT, weight))
            best.setdefault(user, {})[offer] = item
    return {user: tuple(offers[offer] for offer in sorted(offers)) for user, offers in best.items()}


def _mine(dataset_dir: Path, retrieved: Run) -> tuple[dict[str, tuple[str, ...]], Counter[str]]:
    answers = read_right_answers(dataset_dir)
    dropped: Counter[str] = Counter()
    mined = {}
    for user, scores in retrieved.items():
        kept = []
        for offer in list(scores)[:MINED_RANKS]:
            reason = answers.reason(user, offer)
            if reason is None:
                kept.append(offer)
            else:
                dropped[reason] += 1
        mined[user] = tuple(kept)
    return mined, dropped


def _draw_negatives(
    sources: ListSources, user: str, wanted: int, log_share: float, rng: np.random.Generator
) -> list[str]:
    refused = sources.refused.get(user, ())
    mined = [offer for offer in sources.mined.get(user, ()) if offer not in refused]
    n_log = round(log_share * wanted)
    if len(mined) < wanted - n_log:
        n_log = wanted - len(mined)
    drawn = [refused[place] for place in rng.permutation(len(refused))[:n_log].tolist()]
    drawn += [mined[place] for place in rng.permutation(len(mined))[: wanted - len(drawn)].tolist()]
    known = {one.offer_id for one in sources.taken[user]} | set(refused) | set(drawn)
    while len(drawn) < wanted:
        free = [offer for offer in sources.offer_ids if offer not in known]
        if not free:
            raise InputError(
                f"the corpus has too few offers for lists of {wanted} negatives; lower "
                "`cross_encoder.list_size`"
            )
        drawn.append(free[int(rng.integers(len(free)))])
        known.add(drawn[-1])
    return drawn
