"""Whether reading stays after the features: decided on validation people, as of their days."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.training.cascade import choose_reading
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.dataset import open_dataset, read_dataset_summary
from jobmatch_ml.training.ltr_data import open_features
from tests.conftest import ROOT
from tests.toy import ToyEncoder


class Knowing:
    """Reads pairs as the log answered them, or the other way round."""

    name = "knowing"

    def __init__(self, folder: Path, sign: float) -> None:
        self.sign = sign
        people, qrels = read_judged(folder, "validation")
        offers = {each.doc_id: each for each in read_corpus(folder / "corpus.jsonl")}
        self.grades = {
            (decisive_text(person), decisive_text(offers[offer])): grade
            for person in people
            for offer, grade in qrels[person.query_id].items()
        }

    def score(self, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
        return self.sign * np.array([self.grades.get(pair, 0) for pair in pairs], dtype=np.float32)


class Level:
    """Stands for trees that like whatever was put in the catalogue last."""

    def predict(self, matrix: NDArray[np.float32], **_: object) -> NDArray[np.float64]:
        return -np.nan_to_num(matrix[:, 0].astype(np.float64), nan=1e6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("cascade")
    return open_dataset("", run_dir=run, sample=ROOT / "data" / "sample").dataset_dir


@pytest.fixture(scope="module")
def source(folder: Path) -> FeatureSource:
    return open_features(folder, ROOT / "data" / "sample", dense=ToyEncoder())


def base(scorer: Any) -> Any:
    recipes = SimpleNamespace(
        ranker=SimpleNamespace(title_weight=0.5), cross_encoder=SimpleNamespace(depth=30)
    )
    return SimpleNamespace(cross_encoder=lambda: scorer, encoder=ToyEncoder, manifest=recipes)


MODEL = LtrModel(Level(), ("age_days",))


def test_a_reader_that_errs_is_left_out(folder: Path, source: FeatureSource) -> None:
    """Red when the sign of a score is lost, or reading is kept whatever it does."""
    _, table = choose_reading(base(Knowing(folder, 1.0)), MODEL, source, folder)
    left_out, worse = choose_reading(base(Knowing(folder, -1.0)), MODEL, source, folder)
    assert table[-1]["ndcg@10"] == pytest.approx(1.0)
    assert worse[-1]["ndcg@10"] < worse[0]["ndcg@10"] == table[0]["ndcg@10"] < 1.0
    assert left_out == {"reader_weight": 0.0}


def test_a_reader_that_says_nothing_is_not_worth_its_time(
    folder: Path, source: FeatureSource
) -> None:
    assert choose_reading(base(Knowing(folder, 0.0)), MODEL, source, folder)[0] == {
        "reader_weight": 0.0
    }


def test_without_a_cross_encoder_there_is_nothing_to_choose(
    folder: Path, source: FeatureSource
) -> None:
    assert choose_reading(base(None), MODEL, source, folder) == ({"reader_weight": 0.0}, [])


def test_features_are_as_of_the_validation_days(
    folder: Path, source: FeatureSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = set()
    matrix = FeatureSource.matrix

    def watched(self: FeatureSource, *args: Any, **more: Any) -> NDArray[np.float32]:
        moments.add(self.moment)
        return matrix(self, *args, **more)

    monkeypatch.setattr(FeatureSource, "matrix", watched)
    choose_reading(base(Knowing(folder, 1.0)), MODEL, source, folder)
    assert moments == {read_dataset_summary(folder).cutoffs[0]}, "not of the test days"
