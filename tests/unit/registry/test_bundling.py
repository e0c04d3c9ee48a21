"""From an encoder and its evaluation to a bundle: names, metrics, lineage, and what is refused."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.ranking.bundle import BundleExtras, load_bundle
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator
from jobmatch_ml.registry.bundling import (
    bundle_cross_encoder,
    bundle_encoder,
    bundle_lineage,
    extend_bundle,
    open_base_bundle,
)
from tests.toy import build_tiny_model

OPTIONS = {"title_weight": 0.4, "max_length_tokens": 32}


def evaluation(folder: Path, ranker: str = "bi_encoder") -> Path:
    row = {"ranker": ranker, "ndcg@10": 0.5, "ndcg@10_low": 0.4, "ndcg@10_high": 0.6}
    row |= {"recall@100": 0.8, "mrr": 0.3, "difference": 0.1, "p_value": 0.02}
    path = folder / "evaluation.json"
    path.write_bytes(orjson.dumps([row]))
    return path


@pytest.fixture(scope="module")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("encoders")
    return build_tiny_model(folder / "one"), build_tiny_model(folder / "two", seed=1)


def test_an_encoder_is_named_by_its_weights(encoders: tuple[Path, Path], tmp_path: Path) -> None:
    names = [
        load_bundle(
            bundle_encoder(encoder, tmp_path / str(number), **OPTIONS)
        ).manifest.ranker.encoder_name  # type: ignore[arg-type]
        for number, encoder in enumerate([*encoders, encoders[0]])
    ]
    assert names[0] == names[2] != names[1]
    assert names[0].startswith("jobmatch-bi_encoder@")


def test_the_bundle_carries_its_own_row_and_its_lineage(
    encoders: tuple[Path, Path], tmp_path: Path
) -> None:
    lineage = bundle_lineage(data_hash="d", base="packaged")
    folder = bundle_encoder(
        encoders[0],
        tmp_path / "bundle",
        title_weight=0.4,
        max_length_tokens=32,
        evaluation_path=evaluation(tmp_path),
        lineage=lineage,
    )
    manifest = load_bundle(folder).manifest
    assert manifest.metrics["ndcg@10"] == 0.5
    assert manifest.metrics["p_value_over_best_baseline"] == 0.02
    assert manifest.ranker.title_weight == 0.4
    assert {"data_hash", "base", "git_commit"} <= set(manifest.lineage)


def test_a_bundle_is_replaced_by_the_next_and_other_folders_are_not(
    encoders: tuple[Path, Path], tmp_path: Path
) -> None:
    for encoder in encoders:
        folder = bundle_encoder(
            encoder, tmp_path / "bundle", title_weight=0.5, max_length_tokens=32
        )
    assert load_bundle(folder).manifest.ranker.kind == "bi_encoder"
    (tmp_path / "mine").mkdir()
    with pytest.raises(InputError, match="exists already"):
        bundle_encoder(encoders[0], tmp_path / "mine", **OPTIONS)  # type: ignore[arg-type]


def test_an_evaluation_of_another_ranker_is_refused(
    encoders: tuple[Path, Path], tmp_path: Path
) -> None:
    options = {**OPTIONS, "evaluation_path": evaluation(tmp_path, "bm25")}
    with pytest.raises(FormatError, match="a row for bi_encoder"):
        bundle_encoder(encoders[0], tmp_path / "bundle", **options)  # type: ignore[arg-type]
    options["evaluation_path"] = tmp_path / "none.json"
    with pytest.raises(MissingFileError, match="evaluate_rankers notebook"):
        bundle_encoder(encoders[0], tmp_path / "bundle", **options)  # type: ignore[arg-type]


def test_a_cross_encoder_stands_beside_the_encoder_it_came_with(
    encoders: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = bundle_encoder(encoders[0], tmp_path / "base", title_weight=0.4, max_length_tokens=32)
    base = open_base_bundle(str(folder), run_dir=tmp_path)
    made = bundle_cross_encoder(
        base,
        encoders[1],
        tmp_path / "made",
        recipe={"max_length_tokens": 32, "depth": 9, "weight": 0.3},
        lineage={"data_hash": "d"},
    )
    assert made.manifest.ranker == base.manifest.ranker
    assert made.manifest.lineage["base_bundle"] == base.sha256
    recipe = made.manifest.cross_encoder
    assert recipe is not None
    assert (recipe.depth, recipe.weight) == (9, 0.3)
    assert recipe.name.startswith("jobmatch-cross_encoder@")


def test_the_same_parts_are_the_same_bundle(encoders: tuple[Path, Path], tmp_path: Path) -> None:
    lineage = bundle_lineage(data_hash="d", base="packaged")
    made = [
        bundle_encoder(encoders[0], tmp_path / name, lineage=lineage, **OPTIONS)  # type: ignore[arg-type]
        for name in "ab"
    ]
    assert load_bundle(made[0]).sha256 == load_bundle(made[1]).sha256


def test_further_parts_stand_beside_those_there_were(
    encoders: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = bundle_encoder(encoders[0], tmp_path / "base", **OPTIONS)  # type: ignore[arg-type]
    base = open_base_bundle(str(folder), run_dir=tmp_path)
    ltr = tmp_path / "saved"
    ltr.mkdir()
    (ltr / "booster.txt").write_text("tree")
    (ltr / "features.json").write_text("{}")
    (tmp_path / "c.json").write_text("{}")
    ranked = extend_bundle(
        base, tmp_path / "ltr", extras=BundleExtras(ltr_dir=ltr, cascade={"depth": 5})
    )
    made = extend_bundle(
        ranked,
        tmp_path / "all",
        extras=BundleExtras(calibrators=tmp_path / "c.json"),
        metrics={"ece": 0.02},
    )
    assert made.ltr_dir == tmp_path / "all" / "ltr"
    assert made.calibrators_path == tmp_path / "all" / "calibrators.json"
    assert made.manifest.cascade == {"depth": 5}
    assert made.manifest.metrics["ece"] == 0.02
    assert made.manifest.lineage["base_bundle"] == ranked.sha256
    assert made.manifest.ranker == base.manifest.ranker
    assert base.ltr_dir is None
    assert base.calibrators_path is None


@pytest.mark.parametrize(
    ("ranker", "kept_by_trees", "kept_by_reader"),
    [("cascade", False, False), ("retrieve_rerank", True, False), ("bi_encoder", True, True)],
)
def test_curves_of_a_score_that_is_made_anew_are_dropped(
    encoders: tuple[Path, Path],
    tmp_path: Path,
    ranker: str,
    kept_by_trees: bool,
    kept_by_reader: bool,
) -> None:
    folder = bundle_encoder(encoders[0], tmp_path / "base", **OPTIONS)  # type: ignore[arg-type]
    curve = StageCalibrator(
        method="platt", slope=1.0, support=((0.0, 1.0),), base_rate=0.3, n_rows=9, n_events=3
    )
    curves = Calibrators(score=f"{ranker}-0123", stages={"view": curve})
    (tmp_path / "c.json").write_text(curves.model_dump_json())
    extras, lineage = BundleExtras(calibrators=tmp_path / "c.json"), {"calibrated_score": ranker}
    base = extend_bundle(load_bundle(folder), tmp_path / "b", extras=extras, lineage=lineage)
    ltr = tmp_path / "saved"
    ltr.mkdir()
    (ltr / "booster.txt").write_text("tree")
    (ltr / "features.json").write_text("{}")
    trees = extend_bundle(base, tmp_path / "trees", extras=BundleExtras(ltr_dir=ltr))
    recipe = {"max_length_tokens": 32, "depth": 9, "weight": 0.3}
    reader = bundle_cross_encoder(base, encoders[1], tmp_path / "r", recipe=recipe, lineage={})
    for made, kept in ((trees, kept_by_trees), (reader, kept_by_reader)):
        assert (made.calibrators_path is not None) == kept
        assert ("calibrated_score" in made.manifest.lineage) == kept
