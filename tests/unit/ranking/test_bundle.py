"""Bundles: written whole, opened only when every byte is as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from jobmatch_ml.errors import (
    InputError,
    IntegrityError,
    MissingFileError,
    RankerNotApplicableError,
)
from jobmatch_ml.ranking.bundle import Bundle, BundleExtras, load_bundle, write_bundle
from jobmatch_ml.ranking.cascade import CascadeRanker
from jobmatch_ml.ranking.pair_scorer import load_pair_model, save_pair_model
from jobmatch_ml.ranking.retrieve_rerank import RetrieveRerankRanker
from tests.toy import build_tiny_model, toy_documents, toy_queries

RECIPE: dict[str, Any] = {
    "kind": "bi_encoder",
    "title_weight": 0.25,
    "encoder_name": "tiny@0",
    "dimension": 32,
    "max_length_tokens": 24,
}


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


def write(out: Path, model_dir: Path, **changes: Any) -> Bundle:
    write_bundle(
        out,
        encoder_dir=model_dir,
        ranker=RECIPE | changes,
        lineage={"data": "abc", "rows": np.int64(3)},
        metrics={"ndcg@10": 0.5},
    )
    return load_bundle(out)


def test_what_was_written_comes_back(tmp_path: Path, model_dir: Path) -> None:
    bundle = write(tmp_path / "b", model_dir)
    assert bundle.manifest.ranker.model_dump() == RECIPE
    assert bundle.manifest.lineage == {"data": "abc", "rows": 3}
    assert bundle.manifest.metrics == {"ndcg@10": 0.5}
    assert "encoder/model.safetensors" in bundle.manifest.files


def test_encoder_and_ranker_are_as_recorded(tmp_path: Path, model_dir: Path) -> None:
    bundle = write(tmp_path / "b", model_dir)
    encoder = bundle.encoder(precision="fp32")
    assert (encoder.name, encoder.dimension, encoder.max_length_tokens) == ("tiny@0", 32, 24)
    ranker = bundle.ranker(encoder)
    assert (ranker.name, ranker.title_weight) == ("bi_encoder", 0.25)
    ranker.index(toy_documents())
    assert next(iter(ranker.rank(toy_queries()[:1], top_k=1)["q01"])) == "d01"


def test_the_same_contents_have_the_same_identity(tmp_path: Path, model_dir: Path) -> None:
    first, second = (write(tmp_path / name, model_dir) for name in "ab")
    other = write(tmp_path / "c", model_dir, title_weight=0.5)
    assert first.sha256 == second.sha256 != other.sha256
    assert first.version == first.sha256[:12]


def test_a_tampered_weight_is_refused_before_it_is_parsed(tmp_path: Path, model_dir: Path) -> None:
    bundle = write(tmp_path / "b", model_dir)
    weights = bundle.path / "encoder" / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    with pytest.raises(IntegrityError, match=r"encoder/model\.safetensors was changed"):
        load_bundle(bundle.path)


def test_hidden_files_of_the_model_are_left_out(tmp_path: Path, model_dir: Path) -> None:
    (model_dir / ".gitattributes").write_text("x")
    assert "encoder/.gitattributes" not in write(tmp_path / "b", model_dir).manifest.files


def test_pickled_weights_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "pytorch_model.bin").write_bytes(b"x")
    (model / "model.safetensors").write_bytes(b"x")
    with pytest.raises(IntegrityError, match=r"pytorch_model\.bin"):
        write(tmp_path / "b", model)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_model_without_safetensors_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "modules.json").write_text("[]")
    with pytest.raises(IntegrityError, match="no safetensors weights"):
        write(tmp_path / "b", model)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title_weight": 1.5}, "title_weight"),
        ({"kind": "bm25"}, "kind"),
        ({"colour": "red"}, "colour"),
        ({"dimension": 0}, "dimension"),
    ],
)
def test_a_bad_recipe_is_refused(
    tmp_path: Path, model_dir: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        write(tmp_path / "b", model_dir, **changes)
    assert list(tmp_path.iterdir()) == []


def test_metrics_that_are_not_numbers_are_refused(tmp_path: Path, model_dir: Path) -> None:
    with pytest.raises(InputError, match="metrics"):
        write_bundle(
            tmp_path / "b",
            encoder_dir=model_dir,
            ranker=RECIPE,
            lineage={},
            metrics={"ndcg@10": float("nan")},
        )


def test_a_bundle_is_never_overwritten(tmp_path: Path, model_dir: Path) -> None:
    write(tmp_path / "b", model_dir)
    with pytest.raises(InputError, match="exists already; expected a new folder"):
        write(tmp_path / "b", model_dir)


def test_a_missing_encoder_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no such model folder"):
        write(tmp_path / "b", tmp_path / "absent")


def test_another_dimension_than_recorded_is_refused(tmp_path: Path, model_dir: Path) -> None:
    with pytest.raises(IntegrityError, match="32 dimensions, the manifest says 16"):
        write(tmp_path / "b", model_dir, dimension=16).encoder()


def pair_model(model_dir: Path) -> Path:
    """An untrained cross-encoder on top of the encoder, made once."""
    folder = model_dir.parent / "pairs"
    if not folder.is_dir():
        save_pair_model(*load_pair_model(model_dir), folder)
    return folder


def with_cross_encoder(
    out: Path, model_dir: Path, *, extras: BundleExtras | None = None, **recipe: Any
) -> Bundle:
    write_bundle(
        out,
        encoder_dir=model_dir,
        ranker=RECIPE,
        lineage={},
        metrics={},
        # An encoder's weights with a new output layer: what matters here is the file's way.
        cross_encoder_dir=pair_model(model_dir),
        cross_encoder={"name": "pairs@0", "max_length_tokens": 32, "depth": 4, "weight": 0.7}
        | recipe,
        extras=extras,
    )
    return load_bundle(out)


def test_a_cross_encoder_reranks_as_the_bundle_says(tmp_path: Path, model_dir: Path) -> None:
    bundle = with_cross_encoder(tmp_path / "b", model_dir)
    assert "cross_encoder/model.safetensors" in bundle.manifest.files
    ranker = bundle.ranker_named("retrieve_rerank", direction="offer_to_candidate")
    assert isinstance(ranker, RetrieveRerankRanker)
    assert (ranker.depth, ranker.weight) == (4, 0.7)
    assert ranker.reader.scorer.name == "pairs@0"
    assert ranker.reader.direction == "offer_to_candidate"
    assert bundle.ranker(ranker.retriever.encoder).name == "bi_encoder"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("said", "weight"), [(None, 0.7), (0.2, 0.2), (0.0, None)])
def test_a_cascade_reads_as_its_own_recipe_says(
    tmp_path: Path,
    model_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: float | None,
    weight: float | None,
) -> None:
    recipe = None if said is None else {"reader_weight": said}
    extras = BundleExtras(cascade=recipe)
    made = with_cross_encoder(tmp_path / "b", model_dir, extras=extras)
    if weight is None:  # half a second and its memory for a model that nobody asks
        monkeypatch.setattr(type(made), "cross_encoder", lambda _: pytest.fail("was opened"))
    cascade = made.ranker_named("cascade")
    assert isinstance(cascade, CascadeRanker)
    assert (cascade.reader is None) == (weight is None), "a weight of nothing is no stage"
    if weight is not None:
        assert cascade.limits.reader_weight == weight


def test_a_bundle_without_one_is_written_as_before_and_says_what_is_missing(
    tmp_path: Path, model_dir: Path
) -> None:
    bundle = write(tmp_path / "b", model_dir)
    assert "cross_encoder" not in (bundle.path / "manifest.json").read_text(encoding="utf-8")
    assert bundle.cross_encoder() is None
    with pytest.raises(RankerNotApplicableError, match="needs a bundle with a trained"):
        bundle.ranker_named("cross_encoder")


def test_a_bad_recipe_of_a_cross_encoder_is_refused(tmp_path: Path, model_dir: Path) -> None:
    with pytest.raises(InputError, match=r"cross_encoder\.weight"):
        with_cross_encoder(tmp_path / "b", model_dir, weight=1.5)
    assert list(tmp_path.iterdir()) == []


def with_extras(out: Path, model_dir: Path, **extras: Any) -> Bundle:
    write_bundle(
        out,
        encoder_dir=model_dir,
        ranker=RECIPE,
        lineage={},
        metrics={},
        extras=BundleExtras(**extras),
    )
    return load_bundle(out)


@pytest.fixture
def ltr_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "saved" / "ltr"
    folder.mkdir(parents=True)
    (folder / "booster.txt").write_text("tree")
    (folder / "features.json").write_text('{"features": ["cosine"]}')
    return folder


def test_the_manifest_names_versions_index_and_features(
    tmp_path: Path, model_dir: Path, ltr_dir: Path
) -> None:
    bundle = with_extras(tmp_path / "b", model_dir, ltr_dir=ltr_dir, cascade={"depth": 7})
    manifest = bundle.manifest
    digest = hashlib.sha256(b'{"features": ["cosine"]}').hexdigest()
    assert manifest.ltr is not None
    assert manifest.ltr.features_sha256 == digest
    assert manifest.index is not None
    assert (manifest.index.dimension, manifest.index.views) == (32, ("title", "body"))
    assert {"python", "torch", "numpy"} <= set(manifest.versions or {})
    assert manifest.cascade == {"depth": 7}
    assert bundle.n_bytes == sum(
        path.stat().st_size for path in bundle.path.rglob("*.*") if path.name != "manifest.json"
    )


@pytest.mark.parametrize("name", ["booster.txt", "features.json"])
def test_half_a_model_of_features_is_refused(
    tmp_path: Path, model_dir: Path, ltr_dir: Path, name: str
) -> None:
    (ltr_dir / name).unlink()
    with pytest.raises(MissingFileError, match=name):
        with_extras(tmp_path / "b", model_dir, ltr_dir=ltr_dir)
    assert not (tmp_path / "b").exists()


def test_the_features_of_another_model_are_refused(
    tmp_path: Path, model_dir: Path, ltr_dir: Path
) -> None:
    bundle = with_extras(tmp_path / "b", model_dir, ltr_dir=ltr_dir)
    path = bundle.path / "manifest.json"
    values = orjson.loads(path.read_bytes())
    values["ltr"]["features_sha256"] = "0" * 64
    path.write_bytes(orjson.dumps(values))
    with pytest.raises(IntegrityError, match=r"features\.json is not the specification"):
        load_bundle(bundle.path)


@pytest.mark.parametrize("part", ["ltr/booster.txt", "calibrators.json", "training_data.json"])
def test_a_tampered_part_is_refused_before_it_is_parsed(
    tmp_path: Path, model_dir: Path, ltr_dir: Path, part: str
) -> None:
    small = tmp_path / "small.json"
    small.write_text("{}")
    bundle = with_extras(
        tmp_path / "b", model_dir, ltr_dir=ltr_dir, calibrators=small, training_data=small
    )
    (bundle.path / part).write_text("not what was recorded")
    with pytest.raises(IntegrityError, match=part):
        load_bundle(bundle.path)


def test_a_bundle_of_an_earlier_version_still_opens(tmp_path: Path, model_dir: Path) -> None:
    bundle = write(tmp_path / "b", model_dir)
    path = bundle.path / "manifest.json"
    values = orjson.loads(path.read_bytes())
    for later in ("index", "versions"):
        del values[later]
    path.write_bytes(orjson.dumps(values))
    old = load_bundle(bundle.path)
    assert (old.manifest.index, old.ltr_dir, old.calibrators_path) == (None, None, None)
    assert old.ranker().name == "bi_encoder"
