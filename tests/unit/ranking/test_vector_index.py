"""Vector indexes: built, cached, and built again when the cache cannot be trusted."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import IntegrityError, MissingFileError
from jobmatch_ml.ranking.bundle import Bundle, BundleManifest, RankerRecipe
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.vector_index import VectorIndex, build_index, load_or_build_index
from tests.toy import ToyEncoder, toy_documents, toy_queries

BUNDLE = Bundle(
    Path("unused"),
    BundleManifest(
        ranker=RankerRecipe(kind="zero_shot", encoder_name="toy", dimension=2048),
        lineage={},
        metrics={},
    ),
    sha256="f" * 64,
)
CATALOGUE = "c" * 64


def index_of(encoder: ToyEncoder, cache: Path, catalogue: str = CATALOGUE) -> VectorIndex:
    return load_or_build_index(
        BUNDLE, toy_documents(), catalogue_hash=catalogue, cache_dir=cache, encoder=encoder
    )


def test_a_cached_index_is_read_and_nothing_is_embedded_again(tmp_path: Path) -> None:
    first, second = ToyEncoder(), ToyEncoder()
    built, read = index_of(first, tmp_path), index_of(second, tmp_path)
    assert first.calls
    assert second.calls == []
    assert built.doc_ids == read.doc_ids
    np.testing.assert_allclose(built.title_embeddings, read.title_embeddings, atol=1e-7)
    np.testing.assert_allclose(built.body_embeddings, read.body_embeddings, atol=1e-7)


def test_an_index_ranks_as_the_documents_do(tmp_path: Path) -> None:
    from_texts, from_index = (DualViewRanker(ToyEncoder()) for _ in range(2))
    from_texts.index(toy_documents())
    index_of(ToyEncoder(), tmp_path).load_into(from_index)
    run = from_index.rank(toy_queries(), top_k=12)
    for query_id, scores in from_texts.rank(toy_queries(), top_k=12).items():
        assert run[query_id] == pytest.approx(scores, abs=1e-6)


def test_other_documents_have_another_cache(tmp_path: Path) -> None:
    encoder = ToyEncoder()
    index_of(encoder, tmp_path)
    index_of(encoder, tmp_path, catalogue="d" * 64)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("file", ["vectors.safetensors", "doc_ids.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "remove"])
def test_a_damaged_cache_is_built_again_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, file: str, damage: str
) -> None:
    index_of(ToyEncoder(), tmp_path)
    path = next(tmp_path.iterdir()) / file
    raw = bytearray(path.read_bytes())
    if damage == "remove":
        path.unlink()
    else:
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw[: len(raw) // 2] if damage == "cut" else raw)
    encoder = ToyEncoder()
    with caplog.at_level(logging.WARNING):
        again = index_of(encoder, tmp_path)
    assert encoder.calls
    assert len(again.doc_ids) == 12
    assert "built again" in caplog.text
    assert VectorIndex.load(next(tmp_path.iterdir())).doc_ids == again.doc_ids


def test_a_cache_of_other_documents_under_the_same_name_is_not_used(tmp_path: Path) -> None:
    other = build_index(
        ToyEncoder(), toy_documents()[:3], bundle_sha256="f" * 64, catalogue_hash=CATALOGUE
    )
    other.save(tmp_path / f"index-{'f' * 12}-{'c' * 12}")
    assert len(index_of(ToyEncoder(), tmp_path).doc_ids) == 12


def test_a_cache_that_cannot_be_written_costs_only_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert len(index_of(ToyEncoder(), blocked / "cache").doc_ids) == 12
    assert "not written" in caplog.text


def test_progress_is_told_up_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    build_index(
        ToyEncoder(),
        toy_documents(),
        bundle_sha256="f",
        catalogue_hash="c",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (12, 12)


def test_an_absent_index_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="folder with a index"):
        VectorIndex.load(tmp_path / "absent")


def test_ids_and_vectors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    whole = build_index(ToyEncoder(), toy_documents(), bundle_sha256="f", catalogue_hash="c")
    VectorIndex(whole.doc_ids[:5], whole.title_embeddings, whole.body_embeddings, "f", "c").save(
        tmp_path / "i"
    )
    with pytest.raises(IntegrityError, match="do not make an index"):
        VectorIndex.load(tmp_path / "i")
