"""Windows of the sample world: what is in which, random halves, and a planted flood."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.monitoring import Window, plant_flood, read_windows, split_window
from jobmatch_ml.training.dataset import prepare_dataset
from tests.conftest import ROOT
from tests.toy import ToyEncoder

WORLD = ROOT / "data" / "sample"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("monitor") / "dataset"
    return prepare_dataset(WORLD, folder).dataset_dir / "offers.parquet"


@pytest.fixture(scope="module")
def windows(catalogue: Path) -> tuple[Window, Window]:
    return read_windows(WORLD, catalogue, days=20, encoder=ToyEncoder())


def sizes(window: Window) -> set[int]:
    return {len(values) for values in window.offers.values()} | {len(window.offer_ids)}


def test_each_window_holds_its_own_offers_people_and_scores(
    windows: tuple[Window, Window],
) -> None:
    reference, current = windows
    assert not set(reference.offer_ids) & set(current.offer_ids)
    for window in windows:
        (n_offers,) = sizes(window)
        assert n_offers > 5
        assert len(window.scores["match_score"]) == len(window.score_offers) > 50
        assert len(window.embeddings["offer_title"]) == n_offers
        assert max(window.scores["match_score"]) < 3  # the platform's scale, not counts
    assert len(current.candidates["words"]) <= 28


def test_an_empty_log_is_refused_with_its_name(catalogue: Path, tmp_path: Path) -> None:
    shutil.copy(WORLD / "candidates.jsonl", tmp_path)
    log = pq.read_table(WORLD / "interactions.parquet")
    pq.write_table(log.slice(0, 0), tmp_path / "interactions.parquet")
    with pytest.raises(InputError, match=r"interactions\.parquet holds no row"):
        read_windows(tmp_path, catalogue)


def test_windows_without_a_new_offer_have_no_vectors(catalogue: Path, tmp_path: Path) -> None:
    offers = pq.read_table(catalogue)
    pq.write_table(offers.slice(0, 0), tmp_path / "offers.parquet")
    for window in read_windows(WORLD, tmp_path / "offers.parquet", days=20, encoder=_Strict()):
        assert window.offer_ids == []
        assert window.embeddings["offer_title"].shape == (0, 1)


class _Strict(ToyEncoder):
    """Refuses an empty batch, as sentence encoders may."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            raise ValueError("nothing to encode")
        return super().encode(texts)


def test_halves_of_a_window_share_out_its_rows(windows: tuple[Window, Window]) -> None:
    one, other = split_window(windows[1])
    assert sorted(one.offer_ids + other.offer_ids) == sorted(windows[1].offer_ids)
    assert len(one.score_offers) + len(other.score_offers) == len(windows[1].score_offers)


def test_a_flood_fills_its_share_and_leaves_people_alone(windows: tuple[Window, Window]) -> None:
    window = windows[1]
    domain = min(window.offers["domain"], key=window.offers["domain"].count)
    before = window.offers["domain"].count(domain) / len(window.offer_ids)
    flooded = plant_flood(window, domain, share=0.5)
    after = flooded.offers["domain"].count(domain) / len(flooded.offer_ids)
    assert after >= 0.5 > before
    assert len(flooded.offer_ids) == len(window.offer_ids)
    assert flooded.candidates == window.candidates
    assert np.isfinite(flooded.embeddings["offer_title"]).all()
    with pytest.raises(InputError, match="no offer of that domain"):
        plant_flood(window, "Z")


def test_windows_longer_than_the_log_and_missing_files_are_refused(
    catalogue: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="leave nothing to compare with"):
        read_windows(WORLD, catalogue, days=60)
    with pytest.raises(InputError, match="more than 0"):
        read_windows(WORLD, catalogue, days=0)
    with pytest.raises(MissingFileError, match="the offers of a data set"):
        read_windows(WORLD, tmp_path / "none.parquet", days=10)
    shutil.copy(WORLD / "interactions.parquet", tmp_path)
    with pytest.raises(MissingFileError, match="expected a world folder"):
        read_windows(tmp_path, catalogue, days=10)
