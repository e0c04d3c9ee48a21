"""Training on a tiny world whose right answers can be learned: relations, not numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.bm25 import Bm25Ranker
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer, load_pair_model, save_pair_model
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.cross_encoder import (
    CrossEncoderReport,
    choose_rerank_weight,
    keep_layers,
    retrieve,
    train_cross_encoder,
)
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.dataset import prepare_dataset
from jobmatch_ml.types import Run
from tests.tiny_world import LETTERS, write_tiny_world
from tests.toy import build_tiny_model

CONFIG = CrossEncoderConfig(
    max_lists=40,
    epochs=8,
    list_size=6,
    positives_per_list=1,
    lists_per_batch=8,
    learning_rate=5e-3,
    max_length_tokens=24,
    log_share=0.0,
    precision="fp32",
    student_layers=1,
    student_epochs=2,
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    return prepare_dataset(write_tiny_world(folder / "world"), folder / "dataset").dataset_dir


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def found(dataset: Path) -> dict[str, Run]:
    return retrieve(Bm25Ranker(), dataset)


@pytest.fixture(scope="module")
def trained(
    dataset: Path, base: Path, found: dict[str, Run], tmp_path_factory: pytest.TempPathFactory
) -> CrossEncoderReport:
    out = tmp_path_factory.mktemp("out") / "cross_encoder"
    return train_cross_encoder(dataset, base, out, CONFIG, retrieved=found["train"])


def lead(folder: Path, dataset: Path) -> float:
    """How far offers of their occupation are above others for new people, in deviations."""
    scorer = TransformerPairScorer(folder, max_length_tokens=24, precision="fp32")
    people = read_queries(dataset / "validation" / "queries.jsonl")[:8]
    offers = read_corpus(dataset / "corpus.jsonl")[::6]
    pairs = [(person, offer) for person in people for offer in offers]
    scores = scorer.score([(decisive_text(person), decisive_text(one)) for person, one in pairs])
    is_right = np.array([int(p.query_id[1:]) % 8 == int(o.doc_id[1]) for p, o in pairs])
    return float((scores[is_right].mean() - scores[~is_right].mean()) / scores[~is_right].std())


def test_the_model_and_its_student_are_written_and_losses_fall(trained: CrossEncoderReport) -> None:
    assert trained.student_dir is not None
    assert (trained.model_dir / "model.safetensors").is_file()
    assert (trained.student_dir / "model.safetensors").is_file()
    assert np.mean(trained.losses[-3:]) < trained.losses[0]
    assert np.mean(trained.student_losses[-3:]) < trained.student_losses[0]
    assert trained.n_pairs == 6 * 40 * CONFIG.epochs


def test_the_student_has_fewer_layers(trained: CrossEncoderReport) -> None:
    assert trained.student_dir is not None
    layers = [
        load_pair_model(folder)[0].backbone.config.num_hidden_layers
        for folder in (trained.model_dir, trained.student_dir)
    ]
    assert layers == [2, 1]


def test_kept_layers_are_evenly_spaced_and_end_with_the_last(base: Path) -> None:
    model, _ = load_pair_model(base)
    student = keep_layers(model, 1)
    kept, last = (m.backbone.encoder.layer[-1] for m in (student, model))
    assert all((a == b).all() for a, b in zip(kept.parameters(), last.parameters(), strict=True))
    assert len(model.backbone.encoder.layer) == 2, "the teacher stays whole"


@pytest.mark.parametrize("n_layers", [0, 2])
def test_a_student_that_is_not_smaller_is_refused(base: Path, n_layers: int) -> None:
    with pytest.raises(InputError, match=f"a student of {n_layers} layers"):
        keep_layers(load_pair_model(base)[0], n_layers)


class Knowing:
    """Knows the world's right answers, or their opposite."""

    name = "knowing"

    def __init__(self, sign: float) -> None:
        self.sign = sign

    def score(self, pairs: list[tuple[str, str]]) -> np.ndarray:
        right = [LETTERS.get(left[0]) == right[0] for left, right in pairs]
        return self.sign * np.asarray(right, dtype=np.float32)


def test_a_reader_that_knows_counts_and_one_that_errs_does_not(
    dataset: Path, tmp_path: Path
) -> None:
    """Red when the sign of the scores is lost on the way."""
    shown = tmp_path / "dataset"
    shutil.copytree(dataset, shown)
    _, qrels = read_judged(dataset, "validation")
    retrieved, rows = {}, []
    for person, judged in qrels.items():
        right = [offer for offer, grade in judged.items() if grade > 0]
        own = int(person[1:]) % 8
        wrong = [f"o{(own + step) % 8}-0" for step in range(1, 8)]
        rows += [f"{person}\t{offer}\t0\n" for offer in wrong]
        # What is right comes after three that are wrong.
        offers = [*wrong[:3], *right, *wrong[3:]]
        retrieved[person] = {offer: -0.1 * rank for rank, offer in enumerate(offers)}
    with (shown / "validation" / "qrels.tsv").open("a") as file:
        file.writelines(rows)
    good, table = choose_rerank_weight(Knowing(1.0), shown, retrieved)
    bad, _ = choose_rerank_weight(Knowing(-1.0), shown, retrieved)
    assert bad < 0.5 <= good
    asked = {
        sign: choose_rerank_weight(Knowing(sign), shown, retrieved, preferred=0.0)[0]
        for sign in (-1.0, 0.0, 1.0)
    }
    assert asked[-1.0] == asked[0.0] == 0.0, "reading must be worth its time"
    assert asked[1.0] > 0.0
    assert table[-1]["ndcg@10"] == pytest.approx(1.0)
    assert table[0]["ndcg@10"] < 0.9


def test_an_offer_that_nobody_was_shown_is_not_counted_as_wrong(dataset: Path) -> None:
    """Red when the corpus is ranked: the log would reward whoever repeats it."""
    _, qrels = read_judged(dataset, "validation")
    retrieved = {
        person: {"o0-23": 2.0, "o1-23": 1.5, **dict.fromkeys(judged, 1.0)}
        for person, judged in qrels.items()
    }
    _, table = choose_rerank_weight(Knowing(-1.0), dataset, retrieved)
    assert [row["ndcg@10"] for row in table] == pytest.approx([1.0] * 11)


def test_training_puts_right_pairs_first(
    trained: CrossEncoderReport, base: Path, dataset: Path, tmp_path: Path
) -> None:
    untrained = tmp_path / "untrained"
    save_pair_model(*load_pair_model(base), untrained)
    assert lead(trained.model_dir, dataset) > max(0.0, lead(untrained, dataset)) + 0.3
