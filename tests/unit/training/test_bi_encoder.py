"""Training: a relation, not a number. What was learned must beat what was there before."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, InputError, JobMatchError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.training.bi_encoder import (
    TrainingReport,
    copied_weights,
    mix_weights,
    read_pairs,
    train_bi_encoder,
)
from jobmatch_ml.training.comparison import (
    build_rankers,
    choose_title_weight,
    compare_rankers,
    rank_split,
    read_judged,
)
from jobmatch_ml.training.config import BiEncoderConfig, EvaluationConfig, HardNegativeConfig
from jobmatch_ml.training.dataset import prepare_dataset
from tests.tiny_world import write_tiny_world
from tests.toy import build_tiny_model


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    return prepare_dataset(write_tiny_world(folder / "world"), folder / "dataset").dataset_dir


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> BiEncoderConfig:
    base = build_tiny_model(tmp_path_factory.mktemp("base") / "tiny")
    return BiEncoderConfig(
        base=str(base),
        epochs=12,
        batch_size=8,
        learning_rate=3e-3,
        scale=8.0,
        title_length_tokens=24,
        body_length_tokens=48,
        precision="fp32",
    )


@pytest.fixture(scope="module")
def trained(
    dataset: Path, config: BiEncoderConfig, tmp_path_factory: pytest.TempPathFactory
) -> TrainingReport:
    return train_bi_encoder(dataset, tmp_path_factory.mktemp("out") / "encoder", config)


def encoder(folder: Path | str) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(str(folder), max_length_tokens=48, precision="fp32")


def ndcg(dataset: Path, folder: Path | str) -> float:
    ranked = rank_split({"dual": DualViewRanker(encoder(folder))}, dataset)["dual"].run
    _, qrels = read_judged(dataset, "test")
    return evaluate(qrels, ranked, metrics=("ndcg@10",), n_bootstrap=100).mean("ndcg@10")


def test_trained_beats_untrained_and_lexical_on_held_out_people(
    dataset: Path, config: BiEncoderConfig, trained: TrainingReport
) -> None:
    # No word is shared between the sides, so only learning can help; most of an occupation's
    # offers are never judged for a person, which bounds nDCG from above.
    learned, before = ndcg(dataset, trained.encoder_dir), ndcg(dataset, config.base)
    rankers = build_rankers(["random", "bm25", "tfidf_char"], dataset)
    ranked = rank_split(rankers, dataset)
    _, qrels = read_judged(dataset, "test")
    lexical = max(
        evaluate(qrels, item.run, metrics=("ndcg@10",), n_bootstrap=100).mean("ndcg@10")
        for item in ranked.values()
    )
    assert learned > before + 0.15
    assert learned > lexical + 0.15


def test_the_loss_falls(trained: TrainingReport) -> None:
    losses = [loss for _, loss in trained.losses]
    assert np.mean(losses[-3:]) < 0.6 * np.mean(losses[:3])


def test_the_log_is_what_was_learned(dataset: Path, trained: TrainingReport) -> None:
    ranked = rank_split({"dual": DualViewRanker(encoder(trained.encoder_dir))}, dataset)["dual"]
    own = [f"o{int(person[1:]) % 8}-" for person in ranked.run]
    best = [next(iter(scores)) for scores in ranked.run.values()]
    hits = [offer.startswith(mine) for offer, mine in zip(best, own, strict=True)]
    assert np.mean(hits) > 0.8  # by chance 1 in 8


def test_a_log_turned_round_teaches_the_opposite(
    config: BiEncoderConfig, trained: TrainingReport, dataset: Path, tmp_path: Path
) -> None:
    turned = tmp_path / "turned"
    shutil.copytree(dataset, turned)
    path = turned / "train" / "interactions.parquet"
    table = pq.read_table(path)
    # Everyone now saved the offers of the next occupation.
    offers = [
        f"o{(int(offer[1]) + 1) % 8}{offer[2:]}" for offer in table["offer_external_id"].to_pylist()
    ]
    column = table.schema.get_field_index("offer_external_id")
    pq.write_table(table.set_column(column, "offer_external_id", pa.array(offers)), path)
    wrong = train_bi_encoder(turned, tmp_path / "encoder", config)
    assert ndcg(dataset, wrong.encoder_dir) < 0.5 * ndcg(dataset, trained.encoder_dir)


def test_the_same_seed_gives_the_same_weights(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    short = config.model_copy(update={"epochs": 1})
    texts = ["aaa aa", "sss ss"]
    vectors = [
        encoder(train_bi_encoder(dataset, tmp_path / name, short).encoder_dir).encode(texts)
        for name in ("first", "second")
    ]
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)


def test_a_share_of_the_base_is_a_mean_of_the_weights(
    dataset: Path, config: BiEncoderConfig, trained: TrainingReport, tmp_path: Path
) -> None:
    """Red when the shares change places, or the weights were copied after the fit."""
    mixed = train_bi_encoder(
        dataset, tmp_path / "mixed", config.model_copy(update={"base_share": 0.25})
    )
    start, fitted, found = (
        copied_weights(load_model(folder))
        for folder in (config.base, trained.encoder_dir, mixed.encoder_dir)
    )
    moved = 0.0
    for name, weight in found.items():
        expected = 0.25 * start[name] + 0.75 * fitted[name]
        np.testing.assert_allclose(weight.numpy(), expected.numpy(), atol=1e-5)
        moved += float((fitted[name] - start[name]).abs().max())
    assert moved > 0.01


def test_without_a_share_nothing_is_mixed(config: BiEncoderConfig) -> None:
    model = load_model(config.base)
    before = copied_weights(model)
    mix_weights(model, {}, 0.0)
    assert all((before[name] == weight).all() for name, weight in model.named_parameters())


def test_pairs_are_the_positives_and_the_limit_is_kept(
    dataset: Path, config: BiEncoderConfig
) -> None:
    pairs, n_positives = read_pairs(dataset, config)
    assert len(pairs) == n_positives > 100
    assert {pair.key for pair in pairs} == {f"A{1000 + code}" for code in range(8)}
    few, _ = read_pairs(dataset, config.model_copy(update={"max_pairs": 10}))
    assert len(few) == 10
    assert set(few) <= set(pairs)


def test_one_occupation_is_not_enough_for_in_batch_negatives(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    one = config.model_copy(update={"max_pairs": 1})
    with pytest.raises(InputError, match="1 positive pairs of 1 occupation"):
        train_bi_encoder(dataset, tmp_path / "encoder", one)
    assert not (tmp_path / "encoder").exists()


def test_the_title_weight_is_the_nearest_to_a_half_among_the_good(
    dataset: Path, trained: TrainingReport
) -> None:
    weights = (0.0, 0.2, 0.4, 0.9, 1.0)
    chosen, table = choose_title_weight(encoder(trained.encoder_dir), dataset, weights=weights)
    best = max(table, key=lambda row: row["ndcg@10"])
    good = [
        row["title_weight"]
        for row in table
        if row["ndcg@10"] >= best["ndcg@10"] - best["standard_error"]
    ]
    assert chosen in good
    assert all(abs(chosen - 0.5) <= abs(weight - 0.5) for weight in good)


def test_the_comparison_tests_everyone_against_the_best_baseline(dataset: Path) -> None:
    settings = EvaluationConfig(n_bootstrap=200)
    ranked = rank_split(build_rankers(["random", "popularity", "bm25"], dataset), dataset)
    rows = compare_rankers(ranked, dataset, challenger="random", config=settings)
    scores = [row["ndcg@10"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    best = {row["best_baseline"] for row in rows}
    assert len(best) == 1
    assert best != {"random"}
    for row in rows:
        assert row["ndcg@10_low"] <= row["ndcg@10"] <= row["ndcg@10_high"]
        assert (row["p_value"] is None) == (row["ranker"] in best)


def test_a_comparison_without_a_baseline_is_refused(dataset: Path) -> None:
    ranked = rank_split(build_rankers(["random"], dataset), dataset)
    with pytest.raises(InputError, match="at least one baseline"):
        compare_rankers(ranked, dataset, challenger="random")


def copied(dataset: Path, target: Path) -> Path:
    shutil.copytree(dataset, target)
    return target / "train" / "queries.jsonl"


def test_pairs_of_people_without_texts_are_refused(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    path = copied(dataset, tmp_path / "lost")
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join(lines[1:]))
    with pytest.raises(InputError, match=r"names what has no texts: candidate c\d+"):
        train_bi_encoder(tmp_path / "lost", tmp_path / "encoder", config)
    assert not (tmp_path / "encoder").exists()


def test_a_person_given_twice_is_refused(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    path = copied(dataset, tmp_path / "twice")
    content = path.read_bytes()
    path.write_bytes(content + content.splitlines()[0])
    with pytest.raises(FormatError, match=r"queries\.jsonl"):
        train_bi_encoder(tmp_path / "twice", tmp_path / "encoder", config)


def test_a_broken_loss_saves_nothing(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    model = load_model(config.base)
    for weight in model.parameters():
        weight.data.fill_(float("nan"))
    model.save_pretrained(str(tmp_path / "broken"), create_model_card=False)
    broken = config.model_copy(update={"base": str(tmp_path / "broken"), "epochs": 1})
    with pytest.raises(JobMatchError, match=r"loss of step 1 is not finite.*c\d+/o\d"):
        train_bi_encoder(dataset, tmp_path / "encoder", broken)
    assert not (tmp_path / "encoder").exists()


def test_hard_negatives_are_trained_with_and_reported(
    dataset: Path, config: BiEncoderConfig, tmp_path: Path
) -> None:
    wanted = {"epochs": 1, "hard_negatives": HardNegativeConfig(per_pair=1, ranks=(1, 150))}
    report = train_bi_encoder(dataset, tmp_path / "encoder", config.model_copy(update=wanted))
    assert {row["source"] for row in report.hard_negatives} >= {"corpus"}
    assert all(loss > 0 for _, loss in report.losses)
