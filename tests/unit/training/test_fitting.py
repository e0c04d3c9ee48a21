"""The training loop: it learns, it stops at a broken batch, and processes share a batch exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.training.batches import TextBatch
from jobmatch_ml.training.fitting import (
    FitOptions,
    embed_batch,
    fit_contrastive,
    prepare_model,
    rate_at,
)
from tests.conftest import ROOT
from tests.fit_in_processes import OPTIONS, toy_batches
from tests.toy import build_tiny_model

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("base") / "tiny")


def weights(model: Any) -> dict[str, Any]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_the_loss_falls_and_the_model_ends_in_evaluation_mode(model_dir: Path) -> None:
    model = load_model(model_dir)
    result = fit_contrastive(model, toy_batches(n_batches=30), OPTIONS)
    assert len(result.losses) == 30
    assert np.mean(result.losses[-5:]) < 0.8 * np.mean(result.losses[:5])
    assert not model.training
    assert result.is_writer
    assert result.n_processes == 1


def test_the_same_seed_gives_the_same_losses_with_dropout_too(model_dir: Path) -> None:
    options = FitOptions(windows={"title": 12}, learning_rate=1e-3, dropout=0.3, seed=3)
    losses = [
        fit_contrastive(load_model(model_dir), toy_batches(n_batches=3), options).losses
        for _ in range(2)
    ]
    assert losses[0] == losses[1]


def test_the_callers_random_numbers_are_left_alone(model_dir: Path) -> None:
    before = torch.random.get_rng_state()
    fit_contrastive(load_model(model_dir), toy_batches(n_batches=1), OPTIONS)
    assert torch.equal(before, torch.random.get_rng_state())


def embedded(model: Any, texts: list[str], length_tokens: int) -> Any:
    model.eval()
    with torch.no_grad():
        return embed_batch(
            model,
            texts,
            length_tokens=length_tokens,
            autocast=torch.autocast("cpu", enabled=False),
            device="cpu",
        ).numpy()


def test_training_embeds_as_ranking_does_whatever_the_padding(model_dir: Path) -> None:
    texts = ["ab cd", "e", "the quick brown fox jumps"]
    encoder = SentenceTransformerEncoder(str(model_dir), max_length_tokens=48, precision="fp32")
    found = embedded(load_model(model_dir), texts, 48)
    np.testing.assert_allclose(found, encoder.encode(texts), atol=1e-5)


def test_the_beginning_of_a_long_text_is_kept(model_dir: Path) -> None:
    # Two special tokens leave six places: one letter each.
    long, kept = embedded(load_model(model_dir), ["abcdefghij", "abcdef"], 8)
    np.testing.assert_allclose(long, kept, atol=1e-6)


@pytest.mark.parametrize(("step", "expected"), [(0, 0.0), (5, 0.5), (10, 1.0), (55, 0.5), (100, 0)])
def test_the_rate_rises_then_falls(step: int, expected: float) -> None:
    assert rate_at(step, 100, 0.1) == pytest.approx(expected)


def test_without_warming_up_the_first_step_has_the_full_rate() -> None:
    assert rate_at(0, 10, 0.0) == 1.0


def test_a_broken_loss_stops_with_the_ids_of_its_batch(model_dir: Path) -> None:
    model = load_model(model_dir)
    batches = toy_batches(n_batches=3)
    with torch.no_grad():
        # The piece "z" appears in the second batch alone.
        place = model.tokenizer.convert_tokens_to_ids("z")
        model[0].auto_model.embeddings.word_embeddings.weight[place] = torch.nan
    odd = batches[1]
    batches[1] = TextBatch(odd.view, odd.ids, ("z", *odd.anchors[1:]), odd.positives)
    with pytest.raises(
        JobMatchError, match=r"loss of step 2 is not finite.*c0/o0, c1/o1"
    ) as caught:
        fit_contrastive(model, batches, OPTIONS)
    assert "learning_rate" in str(caught.value)
    assert batches[1].anchors[1] not in str(caught.value)


def test_frozen_layers_keep_their_weights_and_the_others_move(model_dir: Path) -> None:
    model = load_model(model_dir)
    before = weights(model)
    options = FitOptions(windows={"title": 12}, learning_rate=1e-2, frozen_layers=1)
    fit_contrastive(model, toy_batches(n_batches=3), options)
    moved = {
        name for name, value in model.state_dict().items() if not torch.equal(value, before[name])
    }
    assert any("layer.1." in name for name in moved)
    assert not [name for name in moved if "layer.0." in name or "embeddings" in name]


def test_freezing_all_layers_is_refused(model_dir: Path) -> None:
    options = FitOptions(windows={}, learning_rate=1e-2, frozen_layers=2)
    with pytest.raises(InputError, match="frozen_layers is 2; the model has 2 layers"):
        prepare_model(load_model(model_dir), options)


def test_dropout_is_set_everywhere_or_left_as_shipped(model_dir: Path) -> None:
    model = load_model(model_dir)
    shipped = FitOptions(windows={}, learning_rate=1e-3, dropout=None)
    for options, expected in ((shipped, {0.1}), (OPTIONS, {0.0})):
        prepare_model(model, options)
        found = {m.p for m in model.modules() if isinstance(m, torch.nn.Dropout)}
        assert found == expected


def test_nothing_to_train_on_is_refused(model_dir: Path) -> None:
    with pytest.raises(InputError, match="no batches"):
        fit_contrastive(load_model(model_dir), [], OPTIONS)


@pytest.mark.slow
def test_two_processes_learn_what_one_does(model_dir: Path, tmp_path: Path) -> None:
    """The same batches, hard negatives and masks included: the same losses and the same weights."""
    single = load_model(model_dir)
    alone = fit_contrastive(single, toy_batches(n_batches=4, negatives=True), OPTIONS)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [*launch, "--nproc-per-node", "2", "-m", "tests.fit_in_processes"]
    done = subprocess.run(
        [*command, str(model_dir), str(tmp_path)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.safetensors", "0.txt", "1.txt"]
    for rank in (0, 1):
        losses = [float(line) for line in (tmp_path / f"{rank}.txt").read_text().split()]
        np.testing.assert_allclose(losses, alone.losses, rtol=1e-4)
    from safetensors.torch import load_file

    shared = load_file(tmp_path / "0.safetensors")
    for name, value in single.state_dict().items():
        if name.endswith("key.bias"):
            continue  # no loss depends on it: its gradient is rounding, which Adam makes steps of
        torch.testing.assert_close(shared[name], value, rtol=1e-3, atol=1e-4)


def test_rows_that_cannot_be_shared_out_are_refused(model_dir: Path) -> None:
    from jobmatch_ml.training.fitting import _check_batches

    with pytest.raises(InputError, match="2 of 2 batches cannot be shared out among 3 processes"):
        _check_batches(toy_batches(n_batches=2), 3)
