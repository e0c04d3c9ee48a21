"""What a training step reads: which pairs may share it, which texts, which negatives for whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.training.config import BiEncoderConfig
from jobmatch_ml.training.hard_negatives import MinedNegatives, RightAnswers
from jobmatch_ml.training.text_batches import (
    TrainingPair,
    batch_rows,
    lay_out_batches,
    refused_negatives,
    words_that_fit,
)
from tests.toy import build_tiny_model

PAIRS = [TrainingPair("p", "o1", "A"), TrainingPair("q", "o2", "B")]
TEXTS = {
    "candidate": {"p": ("pain", "four farine levain"), "q": ("soudure", "")},
    "offer": {
        "o1": ("Boulanger", "cuisson du pain"),
        "o2": ("Soudeur", "postes inox"),
        "o3": ("Maçon", "pose de parpaings"),
        "o4": ("", "comptabilité"),
    },
}
KEYS = {"o1": "A", "o2": "B", "o3": "C", "o4": "D"}
ANSWERS = RightAnswers(KEYS, {}, {}, {"p": frozenset({"o1"}), "q": frozenset({"o2"})})


def test_no_known_right_answer_shares_a_batch() -> None:
    titles = {"p": "Boulanger", "q": "boulanger", "r": "Soudeur", "s": "Maçon"}
    pairs = [
        TrainingPair("p", "o1", "D1102"),
        TrainingPair("p", "o2", "H2913"),  # the same person
        TrainingPair("q", "o3", "J1501"),  # asks for the same thing
        TrainingPair("r", "o4", "D1102"),  # the same occupation
        TrainingPair("s", "o5", "F1703"),
        TrainingPair("s", "o1", "D1102"),  # s took p's offer too
    ]
    rows = batch_rows(pairs, titles)

    def fit(one: int, other: int) -> bool:
        return rows[one].marks.isdisjoint(rows[other].refuses) and rows[other].marks.isdisjoint(
            rows[one].refuses
        )

    assert [other for other in range(1, 6) if fit(0, other)] == []
    assert fit(1, 3)
    assert fit(2, 3)
    assert not fit(0, 4)  # o1 is right for s as well


def test_a_planned_batch_gives_its_titles_and_its_bodies_in_the_same_order() -> None:
    config = BiEncoderConfig()
    titles, bodies = lay_out_batches(PAIRS, TEXTS, config, [[1, 0]], n_words=8, mined=None)
    assert (titles.view, bodies.view) == ("title", "body")
    assert titles.ids == bodies.ids == ("q/o2", "p/o1")
    assert titles.anchors == ("soudure", "pain")
    assert titles.positives == ("Soudeur", "Boulanger")
    # A missing body is represented by its title, as in ranking.
    assert bodies.anchors == ("soudure", "four farine levain")
    assert bodies.positives == ("postes inox", "cuisson du pain")
    assert titles.negatives == ()
    assert titles.refused is None
    assert titles.refused_rows is None, "nobody refuses anybody here"


def test_a_batch_of_one_occupation_says_that_its_rows_refuse_each_other() -> None:
    pairs = [TrainingPair("p", "o1", "A"), TrainingPair("q", "o2", "A")]
    for batch in lay_out_batches(pairs, TEXTS, BiEncoderConfig(), [[0, 1]], n_words=8, mined=None):
        assert batch.refused_rows is not None
        assert batch.refused_rows.tolist() == [[False, True], [True, False]]


def test_crops_are_cut_to_the_words_that_fit_and_drawn_anew() -> None:
    config = BiEncoderConfig()
    texts = {**TEXTS, "candidate": {**TEXTS["candidate"], "p": ("pain", "a b c d e f g h i j")}}
    batches = lay_out_batches(PAIRS, texts, config, [[0]] * 30, n_words=3, mined=None)
    crops = {batch.anchors[0] for batch in batches if batch.view == "body"}
    assert all(len(crop.split()) == 3 for crop in crops)
    assert len(crops) > 3


def test_hard_negatives_come_with_who_refuses_them() -> None:
    config = BiEncoderConfig.model_validate({"hard_negatives": {"per_pair": 1}})
    # p's negative is o2, which is q's right answer; q's is o3.
    mined = MinedNegatives({("p", "o1"): ("o2",), ("q", "o2"): ("o3",)}, {}, ANSWERS)
    titles, bodies = lay_out_batches(PAIRS, TEXTS, config, [[0, 1]], n_words=8, mined=mined)
    assert titles.negatives == ("Soudeur", "Maçon")
    assert bodies.negatives == ("postes inox", "pose de parpaings")
    for batch in (titles, bodies):
        assert batch.refused is not None
        assert batch.refused.tolist() == [[False, False], [True, False]]


def test_without_negatives_the_mask_is_empty() -> None:
    assert refused_negatives(ANSWERS, PAIRS, []).shape == (2, 0)


def test_the_same_seed_lays_out_the_same_texts() -> None:
    def laid_out(seed: int) -> list[tuple[str, ...]]:
        texts = {**TEXTS, "candidate": {"p": ("pain", " ".join("abcdefghij")), "q": ("x", "y")}}
        config = BiEncoderConfig(seed=seed)
        batches = lay_out_batches(PAIRS, texts, config, [[0, 1]] * 5, n_words=3, mined=None)
        return [batch.anchors for batch in batches]

    assert laid_out(1) == laid_out(1)
    assert laid_out(1) != laid_out(2)


def test_the_words_that_fit_follow_the_vocabulary(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    from jobmatch_ml.ranking.model_files import load_model

    model = load_model(build_tiny_model(tmp_path / "tiny"))
    # A piece a letter: 22 places beside the special tokens hold 11 words of 2 letters.
    assert words_that_fit(model, ["ab cd ef"], 24) == 11
    assert words_that_fit(model, ["ab cd ef"], 8) == 4  # never fewer than four
    assert words_that_fit(model, ["", " "], 24) > 0
    assert np.isfinite(words_that_fit(model, [], 24))
