"""From pairs and a plan to the texts of each training step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.training.batches import BatchRow, TextBatch, crop_words, refused_rows
from jobmatch_ml.training.config import BiEncoderConfig
from jobmatch_ml.training.hard_negatives import MinedNegatives, RightAnswers, sample_negatives

VIEWS = ("title", "body")
_SAMPLED_TEXTS = 200


@dataclass(frozen=True)
class TrainingPair:
    """One positive interaction: who, which offer, and the key that tells false negatives."""

    candidate_id: str
    offer_id: str
    key: str


def batch_rows(pairs: Sequence[TrainingPair], titles: Mapping[str, str]) -> list[BatchRow]:
    """Says of each pair what it is and what it refuses beside it.

    Args:
        pairs: The training pairs.
        titles: What each candidate asks for.
    """
    taken: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        taken[pair.candidate_id].add(f"offer {pair.offer_id}")
    rows = []
    for pair in pairs:
        key = pair.key or pair.offer_id
        shared = {
            f"key {key}",
            f"person {pair.candidate_id}",
            f"title {titles[pair.candidate_id].casefold()}",
        }
        marks = frozenset(shared | {f"offer {pair.offer_id}"})
        rows.append(BatchRow(key, marks, frozenset(shared | taken[pair.candidate_id])))
    return rows


def lay_out_batches(
    pairs: Sequence[TrainingPair],
    texts: Mapping[str, Mapping[str, tuple[str, str]]],
    config: BiEncoderConfig,
    plan: Sequence[Sequence[int]],
    *,
    n_words: int,
    mined: MinedNegatives | None,
) -> Iterator[TextBatch]:
    """Yields two batches a planned one, its titles and its bodies; crops are drawn anew.

    Args:
        pairs: The training pairs.
        texts: Title and body of each item, by side (`candidate`, `offer`) and id.
        config: Seed, and hard negatives a pair.
        plan: Rows of each batch, as `plan_batches` gives them.
        n_words: Length of a crop.
        mined: Where hard negatives come from; without it there are none.
    """
    rng = np.random.default_rng([config.seed, 1])
    offer_ids = sorted(texts["offer"])
    titles = {person: views[0] for person, views in texts["candidate"].items()}
    marked = batch_rows(pairs, titles)
    for rows in plan:
        chosen = [pairs[row] for row in rows]
        apart = refused_rows([marked[row] for row in rows])
        people = [texts["candidate"][pair.candidate_id] for pair in chosen]
        offers = [texts["offer"][pair.offer_id] for pair in chosen]
        drawn: list[str] = []
        refused = None
        if mined:
            n_each = config.hard_negatives.per_pair
            for pair in chosen:
                key = pair.candidate_id, pair.offer_id
                drawn += sample_negatives(mined, key, n_each, offer_ids, rng=rng)
            refused = refused_negatives(mined.answers, chosen, drawn)
        wrong = [texts["offer"][offer] for offer in drawn]
        for view in VIEWS:
            columns = [
                tuple(_shown(item, view, n_words, rng) for item in column)
                for column in (people, offers, wrong)
            ]
            ids = tuple(f"{pair.candidate_id}/{pair.offer_id}" for pair in chosen)
            yield TextBatch(view, ids, columns[0], columns[1], columns[2], refused, apart)


def refused_negatives(
    answers: RightAnswers, pairs: Sequence[TrainingPair], negatives: Sequence[str]
) -> NDArray[np.bool_]:
    """Says which negatives of a batch may be right for which of its rows.

    Returns:
        Booleans `(n_pairs, n_negatives)`.
    """
    return np.array(
        [
            [answers.reason(pair.candidate_id, offer) is not None for offer in negatives]
            for pair in pairs
        ],
        dtype=bool,
    ).reshape(len(pairs), len(negatives))


def words_that_fit(model: Any, texts: Sequence[str], length_tokens: int) -> int:
    """Returns how many words of such texts fill a window, at least 4.

    Vocabularies differ: an English one cuts French words into 1.7 pieces, a French one into 1.2.
    """
    sample = [text for text in texts if text.strip()][:_SAMPLED_TEXTS]
    words = sum(len(text.split()) for text in sample)
    encoded = model.tokenizer(sample, add_special_tokens=False)["input_ids"] if sample else []
    pieces = max(1, sum(map(len, encoded)))
    return max(4, round((length_tokens - 2) * max(1, words) / pieces))


def _shown(item: tuple[str, str], view: str, n_words: int, rng: np.random.Generator) -> str:
    """Returns a view of an item; a missing one is represented by the other, as in ranking."""
    title, body = item
    return title or body if view == "title" else crop_words(body or title, n_words, rng=rng)
