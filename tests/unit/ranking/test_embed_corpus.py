"""Embedding a corpus in parts: the vectors of the direct way, whole parts, going on, and Ray."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.ranking import embed_corpus as module
from jobmatch_ml.ranking.beir import read_corpus, write_corpus
from jobmatch_ml.ranking.embed_corpus import (
    DESCRIPTION,
    EmbedOptions,
    embed_corpus,
    part_path,
    read_embeddings,
)
from jobmatch_ml.ranking.views import embed_views
from jobmatch_ml.types import Document
from tests.toy import ToyEncoder, build_tiny_model, toy_documents


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    write_corpus(path, toy_documents()[::-1])  # not in the order of the ids
    return path


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> EmbedOptions:
    """Options for an encoder without weights, so that nothing heavy is loaded."""
    monkeypatch.setattr(
        "jobmatch_ml.ranking.encoder.SentenceTransformerEncoder", lambda *_, **__: ToyEncoder()
    )
    return EmbedOptions("toy", max_length_tokens=48, precision="fp32", part_size=5)


def test_the_vectors_are_those_of_the_direct_way_in_the_order_of_the_corpus(
    corpus: Path, options: EmbedOptions, tmp_path: Path
) -> None:
    report = embed_corpus(corpus, tmp_path / "out", options)
    assert (report.n_documents, report.n_parts, report.n_embedded) == (12, 3, 3)
    ids, titles, bodies = read_embeddings(tmp_path / "out")
    documents = read_corpus(corpus)
    assert ids == [document.doc_id for document in documents]
    for found, expected in zip((titles, bodies), embed_views(ToyEncoder(), documents), strict=True):
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected)


def test_parts_that_are_there_are_not_embedded_again(
    corpus: Path, options: EmbedOptions, tmp_path: Path
) -> None:
    embed_corpus(corpus, tmp_path, options)
    before = read_embeddings(tmp_path)
    kept = part_path(tmp_path, 0).stat().st_mtime_ns
    part_path(tmp_path, 1).unlink()
    with pytest.raises(MissingFileError, match=r"1 of 3 parts are not embedded yet.*first is 1"):
        read_embeddings(tmp_path)
    assert embed_corpus(corpus, tmp_path, options).n_embedded == 1
    assert part_path(tmp_path, 0).stat().st_mtime_ns == kept
    after = read_embeddings(tmp_path)
    assert after[0] == before[0]
    np.testing.assert_array_equal(after[2], before[2])
    assert embed_corpus(corpus, tmp_path, options).n_embedded == 0


def test_a_run_that_breaks_leaves_whole_parts_alone(
    corpus: Path, options: EmbedOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.embed_views

    def breaks(encoder: ToyEncoder, documents: list[Document]) -> object:
        if documents[0].doc_id == "d07":  # the first of the second part
            raise RuntimeError("the machine was switched off")
        return real(encoder, documents)

    monkeypatch.setattr(module, "embed_views", breaks)
    with pytest.raises(RuntimeError, match="switched off"):
        embed_corpus(corpus, tmp_path, options)
    assert sorted(path.name for path in tmp_path.iterdir()) == [DESCRIPTION, "part-00000.parquet"]
    monkeypatch.setattr(module, "embed_views", real)
    assert embed_corpus(corpus, tmp_path, options).n_embedded == 2


def test_a_folder_of_something_else_is_refused(
    corpus: Path, options: EmbedOptions, tmp_path: Path
) -> None:
    embed_corpus(corpus, tmp_path / "out", options)
    other = tmp_path / "other.jsonl"
    write_corpus(other, toy_documents()[:3])
    with pytest.raises(InputError, match=r"corpus_sha256, n_documents differ"):
        embed_corpus(other, tmp_path / "out", options)


def test_an_empty_corpus_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_bytes(b"")
    with pytest.raises(InputError, match="the corpus is empty"):
        embed_corpus(tmp_path / "corpus.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("part_size", "workers"), [(0, 1), (1, 0)])
def test_numbers_below_one_are_refused(tmp_path: Path, part_size: int, workers: int) -> None:
    with pytest.raises(InputError, match="expected at least 1"):
        embed_corpus(
            tmp_path / "corpus.jsonl", tmp_path, EmbedOptions(part_size=part_size), workers=workers
        )


def test_a_folder_without_or_with_a_damaged_description_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="run the embedding first"):
        read_embeddings(tmp_path)
    (tmp_path / DESCRIPTION).write_bytes(b"{")
    with pytest.raises(FormatError, match="damaged"):
        read_embeddings(tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
def test_two_workers_of_ray_give_the_same_vectors(corpus: Path, tmp_path: Path) -> None:
    model = str(build_tiny_model(tmp_path / "tiny"))
    options = EmbedOptions(model, max_length_tokens=48, precision="fp32", part_size=5)
    # A process of its own: Ray's processes end with it.
    script = Path(sys.executable).with_name("jobmatch")
    arguments = ["encoder", "embed", str(corpus), "--out", str(tmp_path / "ray")]
    arguments += ["--model", model, "--precision", "fp32", "--max-length", "48"]
    arguments += ["--part-size", "5", "--address", "local", "--workers", "2", "--json"]
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "RAY_worker_niceness": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert orjson.loads(done.stdout)["n_embedded"] == 3
    embed_corpus(corpus, tmp_path / "direct", options)
    found, expected = (read_embeddings(tmp_path / name) for name in ("ray", "direct"))
    assert found[0] == expected[0]
    for one, other in zip(found[1:], expected[1:], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
