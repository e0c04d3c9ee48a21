"""Versions are registered, promoted, fetched and refused, in a real MLflow on SQLite."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.model import model as model_command
from jobmatch_ml.errors import (
    InputError,
    IntegrityError,
    MissingFileError,
    NotReadyError,
    RegistryError,
)
from jobmatch_ml.ranking.bundle import write_bundle
from jobmatch_ml.registry import (
    Promotion,
    champion_bundle,
    fetch_bundle,
    get_version,
    list_versions,
    promote,
    register_bundle,
    rollback,
    start_run,
    start_tracking,
)
from jobmatch_ml.settings import Settings, get_settings

OVERRIDE = ["--override", "a test"]  # what a review takes is in test_review.py


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables, made once: making them takes longer than any test here."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_registered_models()
    return path


@pytest.fixture
def settings(empty_database: Path) -> Settings:
    found = get_settings()
    folder = found.under_root(found.mlruns_dir)
    folder.mkdir(parents=True)
    shutil.copy(empty_database, folder / "mlflow.db")
    return found


def make_bundle(folder: Path, *, weights: bytes = b"weights", score: float = 0.5) -> Path:
    encoder = folder.with_name(folder.name + "-encoder")
    encoder.mkdir(parents=True)
    (encoder / "model.safetensors").write_bytes(weights)
    write_bundle(
        folder,
        encoder_dir=encoder,
        ranker={"kind": "bi_encoder", "encoder_name": "toy", "dimension": 4},
        lineage={"data_hash": "d"},
        metrics={"ndcg@10": score},
    )
    return folder


def stored_file(settings: Settings, version: str, name: str) -> Path:
    run_id = get_version(settings, version).run_id
    (path,) = settings.artifact_root.glob(f"{run_id}/artifacts/bundle/{name}")
    return path


def test_versions_carry_metrics_tags_and_files(settings: Settings, tmp_path: Path) -> None:
    first = register_bundle(
        make_bundle(tmp_path / "a"), settings=settings, tags={"data@hash": "d"}, description="one"
    )
    second = register_bundle(make_bundle(tmp_path / "b", weights=b"w2"), settings=settings)
    versions = list_versions(settings)
    assert [item.version for item in versions] == [second, first] == ["2", "1"]
    assert versions[1].metrics == {"ndcg_at_10": 0.5}
    assert versions[1].tags["data_at_hash"] == "d"
    assert versions[1].aliases == ()
    assert stored_file(settings, first, "encoder/model.safetensors").read_bytes() == b"weights"
    assert get_version(settings, "latest").version == "2"


def test_the_same_bundle_is_one_version_unless_its_copy_is_damaged(
    settings: Settings, tmp_path: Path
) -> None:
    bundle = make_bundle(tmp_path / "a")
    first = register_bundle(bundle, settings=settings)
    assert register_bundle(bundle, settings=settings) == first
    stored_file(settings, first, "encoder/model.safetensors").write_bytes(b"tampered")
    assert register_bundle(bundle, settings=settings) == "2"


def test_a_bundle_goes_to_the_run_that_made_it(settings: Settings, tmp_path: Path) -> None:
    tracking = start_tracking(settings)
    with start_run(tracking, "train") as run:
        for name in ("a", "b"):
            bundle = make_bundle(tmp_path / name, weights=name.encode())
            register_bundle(bundle, settings=settings, run_id=run.run_id)
    assert {item.run_id for item in list_versions(settings)} == {run.run_id}
    for version, weights in (("1", b"a"), ("2", b"b")):
        fetched = fetch_bundle(f"models:/jobmatch-ranker/{version}", settings)
        assert (fetched / "encoder" / "model.safetensors").read_bytes() == weights


def test_nothing_is_champion_until_someone_says_so(settings: Settings, tmp_path: Path) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    with pytest.raises(NotReadyError, match="jobmatch model promote latest"):
        champion_bundle(settings)
    with pytest.raises(NotReadyError, match="jobmatch model promote latest"):
        fetch_bundle("models:/jobmatch-ranker@champion", settings)


def test_promotion_moves_the_alias_and_says_from_where(settings: Settings, tmp_path: Path) -> None:
    for name in ("a", "b"):
        register_bundle(make_bundle(tmp_path / name, weights=name.encode()), settings=settings)
    first = promote("1", settings=settings, by="ann", override="a test")
    assert (first.previous, first.version) == (None, "1")
    second = promote("latest", settings=settings, by="bob", override="a test")
    assert (second.previous, second.version) == ("1", "2")
    champion = get_version(settings, "champion")
    assert champion.version == "2"
    assert champion.tags["promoted_by"] == "bob"
    assert champion.tags["promoted_over"] == "1"
    assert champion.tags["promoted_at"] == second.promoted_at.isoformat()
    assert get_version(settings, "1").aliases == ()
    path, version = champion_bundle(settings)
    assert version == "2"
    assert path == fetch_bundle("models:/jobmatch-ranker@champion", settings)
    assert (path / "encoder" / "model.safetensors").read_bytes() == b"b"


def test_a_repeated_promotion_leaves_other_peoples_decisions_alone(
    settings: Settings, tmp_path: Path
) -> None:
    def promote_for_demo(version: str) -> Promotion:
        return promote(
            version, settings=settings, by="make demo", unless_taken=True, override="a test"
        )

    for name in ("a", "b", "c"):
        register_bundle(make_bundle(tmp_path / name, weights=name.encode()), settings=settings)
    first = promote_for_demo("1")
    assert (first.moved, first.previous, first.version) == (True, None, "1")
    again = promote_for_demo("1")
    assert (again.moved, again.version, again.promoted_at) == (False, "1", first.promoted_at)
    own = promote_for_demo("2")  # its own earlier choice is its to replace
    assert (own.moved, own.previous, own.version) == (True, "1", "2")
    promote("3", settings=settings, by="ann", override="a test")
    kept = promote_for_demo("1")
    assert (kept.moved, kept.version, kept.promoted_by) == (False, "3", "ann")
    assert get_version(settings, "champion").version == "3"
    assert get_version(settings, "3").tags["promoted_by"] == "ann"


def test_another_alias_leaves_the_champions_record_and_its_rollback_alone(
    settings: Settings, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        register_bundle(make_bundle(tmp_path / name, weights=name.encode()), settings=settings)
    promote("1", settings=settings, by="ann", override="a test")
    promote("2", settings=settings, by="ann", override="a test")
    promote("3", settings=settings, by="bob", alias="trial")
    promote("2", settings=settings, by="bob", alias="trial")  # over version 3, never reviewed
    tags = get_version(settings, "2").tags
    assert (tags["promoted_by"], tags["promoted_over"]) == ("ann", "1")
    assert (tags["promoted_by/trial"], tags["promoted_over/trial"]) == ("bob", "3")
    kept = promote("1", settings=settings, by="ann", alias="trial", unless_taken=True)
    assert (kept.moved, kept.promoted_by) == (False, "bob")
    assert rollback(settings=settings, by="ann").version == "1"


def test_a_champion_chosen_on_mlflows_pages_is_somebodys_decision(
    settings: Settings, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        register_bundle(make_bundle(tmp_path / name, weights=name.encode()), settings=settings)
    client = start_tracking(settings).client
    client.set_registered_model_alias("jobmatch-ranker", "champion", "2")
    kept = promote("1", settings=settings, by="make demo", unless_taken=True, override="a test")
    assert (kept.moved, kept.version, kept.promoted_at) == (False, "2", None)


@pytest.mark.parametrize("change", ["changed file", "added file", "missing file", "new manifest"])
def test_a_tampered_bundle_is_never_promoted(
    settings: Settings, tmp_path: Path, change: str
) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    promote("1", settings=settings, by="ann", override="a test")
    register_bundle(make_bundle(tmp_path / "b", weights=b"w2"), settings=settings)
    weights = stored_file(settings, "2", "encoder/model.safetensors")
    if change == "changed file":
        weights.write_bytes(b"W2")
    elif change == "added file":
        (weights.parent / "extra.txt").write_text("x")
    elif change == "missing file":
        weights.unlink()
    else:  # a whole other bundle that agrees with its own manifest
        shutil.rmtree(weights.parents[1])
        make_bundle(weights.parents[1], weights=b"evil")
    with pytest.raises(IntegrityError, match="version 2 is"):
        promote("2", settings=settings, by="bob", override="a test")
    assert get_version(settings, "champion").version == "1"
    assert not list((settings.serving_dir / "bundles").glob("*v2*"))


def test_a_damaged_bundle_is_not_registered(settings: Settings, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "a")
    (bundle / "encoder" / "model.safetensors").write_bytes(b"other!!")
    with pytest.raises(IntegrityError):
        register_bundle(bundle, settings=settings)
    with pytest.raises(MissingFileError):
        register_bundle(tmp_path / "none", settings=settings)
    assert list_versions(settings) == []


def test_unknown_versions_and_addresses_are_explained(settings: Settings, tmp_path: Path) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    for call in (
        lambda: promote("9", settings=settings, by="ann", override="a test"),
        lambda: fetch_bundle("models:/jobmatch-ranker/9", settings),
    ):
        with pytest.raises(RegistryError, match=r"no version '9'\. Known versions: 1"):
            call()
    with pytest.raises(InputError, match="expected models:/jobmatch-ranker@champion"):
        fetch_bundle("models:/jobmatch-ranker", settings)
    with pytest.raises(MissingFileError):
        fetch_bundle(str(tmp_path / "nowhere"), settings)
    assert fetch_bundle(str(tmp_path / "a"), settings) == tmp_path / "a"


def test_a_damaged_cache_is_fetched_again(settings: Settings, tmp_path: Path) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    cached = fetch_bundle("models:/jobmatch-ranker/1", settings)
    (cached / "encoder" / "model.safetensors").write_bytes(b"rotten!")
    assert fetch_bundle("models:/jobmatch-ranker/1", settings) == cached
    assert (cached / "encoder" / "model.safetensors").read_bytes() == b"weights"


@pytest.mark.parametrize("fault", ["gone", "garbage", "no alias", "refused"])
def test_the_last_champion_is_served_while_the_registry_is_away(
    settings: Settings,
    tmp_path: Path,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    promote("1", settings=settings, by="ann", override="a test")
    database = settings.under_root(settings.mlruns_dir) / "mlflow.db"
    if fault == "gone":
        database.unlink()
    elif fault == "garbage":
        # another path: a running process keeps its connections to the old file
        monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", str(tmp_path / "broken"))
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "mlflow.db").write_bytes(b"no database" * 100)
    elif fault == "no alias":
        start_tracking(settings).client.delete_registered_model_alias("jobmatch-ranker", "champion")
    else:
        monkeypatch.setenv("JOBMATCH_MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    get_settings.cache_clear()
    with caplog.at_level(logging.WARNING, logger="jobmatch_ml"):
        path, version = champion_bundle(get_settings())
    assert version == "1"
    assert (path / "manifest.json").exists()
    assert "serving the cached champion, version 1" in caplog.text


def test_without_registry_and_without_a_sound_cache_there_is_an_error(
    settings: Settings, tmp_path: Path
) -> None:
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    promote("1", settings=settings, by="ann", override="a test")
    path, _ = champion_bundle(settings)
    (path / "encoder" / "model.safetensors").write_bytes(b"rotten!")
    (settings.under_root(settings.mlruns_dir) / "mlflow.db").unlink()
    with pytest.raises(NotReadyError, match="no MLflow records"):
        champion_bundle(settings)
    (settings.serving_dir / "champion.json").write_bytes(orjson.dumps([]))
    with pytest.raises(NotReadyError, match="no MLflow records"):
        champion_bundle(settings)


def test_the_command_lists_and_promotes(settings: Settings, tmp_path: Path) -> None:
    runner = CliRunner()
    refused = runner.invoke(model_command, ["list"])
    assert "run `make demo`, or `jobmatch pipeline run train --config" in refused.stdout
    register_bundle(make_bundle(tmp_path / "a"), settings=settings)
    register_bundle(make_bundle(tmp_path / "b", weights=b"w2", score=0.75), settings=settings)
    first = runner.invoke(
        model_command, ["promote", "1", "--by", "ann", *OVERRIDE], catch_exceptions=False
    )
    assert "jobmatch-ranker@champion: from no version to version 1, by ann" in first.stdout
    second = runner.invoke(model_command, ["promote", "latest", "--by", "bob", *OVERRIDE])
    assert "from version 1 to version 2, by bob" in second.stdout
    assert "0.75" in second.stdout
    listed = orjson.loads(runner.invoke(model_command, ["list", "--json"]).stdout)
    assert [(item["version"], item["aliases"]) for item in listed] == [
        ("2", ["champion"]),
        ("1", []),
    ]
    careful = ["--by", "ann", "--unless-taken"]
    kept = runner.invoke(model_command, ["promote", "1", *careful], catch_exceptions=False)
    assert kept.exit_code == 0
    assert kept.stdout == (
        "jobmatch-ranker@champion: stays at version 2, promoted by bob; "
        "`jobmatch model promote 1` replaces it\n"
    )
    same = runner.invoke(model_command, ["promote", "2", *careful], catch_exceptions=False)
    assert same.stdout == "jobmatch-ranker@champion: is version 2 already, by bob\n"
    unknown = runner.invoke(model_command, ["promote", "7"])
    assert isinstance(unknown.exception, RegistryError)
