"""Fitting the static encoder: from TF-IDF to what means the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.training.adaptation import static as module
from jobmatch_ml.training.adaptation.config import StaticConfig
from jobmatch_ml.training.adaptation.pairs import AdaptationPair, OpenData
from jobmatch_ml.training.adaptation.static import choose_ngrams, fit_static, shuffled_batches

SAME = [("boulanger", "fournil"), ("maçon", "parpaing"), ("serveur", "salle"), ("soudeur", "inox")]
CONFIG = StaticConfig(n_ngrams=500, dimension=64, min_documents=1, epochs=30, batch_size=4)


@pytest.fixture
def synonyms(monkeypatch: pytest.MonkeyPatch) -> OpenData:
    pairs = [AdaptationPair("title", left, right, left) for left, right in SAME]
    monkeypatch.setattr(module, "draw_pairs", lambda _data, seed: pairs)
    return OpenData(None, None)


def own_cosines(config: StaticConfig, data: OpenData) -> float:
    """Returns the mean margin of a word's own counterpart over the best other one."""
    encoder = fit_static(data, config)
    left = encoder.encode([pair[0] for pair in SAME])
    scores = left @ encoder.encode([pair[1] for pair in SAME]).T
    others = np.where(np.eye(len(SAME), dtype=bool), -2, scores).max(1)
    return float((np.diag(scores) - others).mean())


def test_training_brings_together_what_shares_no_letters(synonyms: OpenData) -> None:
    before = own_cosines(CONFIG.model_copy(update={"learning_rate": 1e-9}), synonyms)
    after = own_cosines(CONFIG, synonyms)
    assert before < 0.2
    assert after > 0.5


def test_a_seed_gives_its_table(synonyms: OpenData) -> None:
    config = CONFIG.model_copy(update={"epochs": 2})
    first, again = fit_static(synonyms, config), fit_static(synonyms, config)
    other = fit_static(synonyms, config.model_copy(update={"seed": 1}))
    assert (np.asarray(first.rows) == np.asarray(again.rows)).all()
    assert not (np.asarray(first.rows) == np.asarray(other.rows)).all()


def test_it_starts_as_tf_idf(synonyms: OpenData) -> None:
    # Untrained, cosines are those of the n-gram counts weighted by idf, within the projection.
    config = CONFIG.model_copy(update={"dimension": 1024, "epochs": 1, "learning_rate": 1e-9})
    encoder = fit_static(synonyms, config)
    near, far = (
        encoder.encode(["boulanger", "boulangerie", "maçon"])[1:] @ encoder.encode(["boulanger"])[0]
    )
    assert near > 0.8
    assert abs(far) < 0.15


def test_ngrams_are_chosen_by_the_number_of_texts() -> None:
    ngrams, idf = choose_ngrams(["chef", "chef", "chef de rayon", "pain"], 3, min_documents=2)
    # Three distinct texts; "chef" is in two of them.
    assert set(ngrams) <= {
        " chef ",
        " ch",
        "che",
        "hef",
        "ef ",
        " che",
        "chef",
        "hef ",
        " chef",
        "chef ",
    }
    assert idf == pytest.approx(math.log(3 / 2) + 1)
    with pytest.raises(InputError, match="no n-gram"):
        choose_ngrams(["chef"], 3, min_documents=2)


def test_batches_hold_one_view_and_each_pair_once() -> None:
    pairs = [AdaptationPair(view, str(n), "x", str(n)) for view in ("title", "body")
             for n in range(10)]  # fmt: skip
    batches = shuffled_batches(pairs, 4, seed=0)
    assert all(len({pair.view for pair in batch}) == 1 for batch in batches)
    seen = [pair for batch in batches for pair in batch]
    assert len(seen) == len(set(seen)) == 20
    assert batches != shuffled_batches(pairs, 4, seed=1)


def test_no_pairs_are_said() -> None:
    with pytest.raises(InputError, match="0 pairs to adapt on"):
        shuffled_batches([], 4, seed=0)


def test_a_broken_loss_stops_with_the_remedy(
    synonyms: OpenData, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    broken = torch.tensor(float("nan"), requires_grad=True)
    monkeypatch.setattr(module, "symmetric_loss", lambda *_args, **_named: broken * 1)
    with pytest.raises(JobMatchError, match="learning_rate"):
        fit_static(synonyms, CONFIG)
