"""A reviewer sees evidence before anything goes live: verdicts, promotions, rollback, races.

Everything is read back from MLflow through its client, as its pages would show it.
"""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.model import model as model_command
from jobmatch_ml.errors import (
    IntegrityError,
    JobMatchError,
    MissingFileError,
    NotReadyError,
    RefusedError,
    RegistryError,
)
from jobmatch_ml.ranking.beir import read_qrels
from jobmatch_ml.registry import promote, rollback, start_tracking
from jobmatch_ml.registry import review as review_module
from jobmatch_ml.registry.review import model_card, read_review, review_version
from jobmatch_ml.registry.review_types import Gate
from jobmatch_ml.settings import Settings, get_settings
from tests.review_desk import NAME, Desk
from tests.review_world import CONFIG, open_named, write_dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("review"))


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_registered_models()
    return path


@pytest.fixture
def desk(
    dataset: Path, empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    settings = get_settings()
    folder = settings.under_root(settings.mlruns_dir)
    folder.mkdir(parents=True)
    shutil.copy(empty_database, folder / "mlflow.db")
    monkeypatch.setattr(
        review_module, "open_ranker", lambda bundle, name, data: open_named(bundle, dataset)
    )
    return Desk(settings, dataset, tmp_path)


def test_a_first_version_is_held_against_the_baseline(desk: Desk) -> None:
    version = desk.register("0.5")
    found = desk.review(version)
    assert (found.verdict, found.against, found.opponent) == ("pass", "", "the baseline random")
    row = found.evidence.comparisons[0]
    assert row.metric == "ndcg@10"
    assert row.challenger > row.champion + 0.2
    assert row.difference == pytest.approx(row.challenger - row.champion)
    desk.promote(version)
    assert desk.champion == version


def test_the_verdict_is_on_mlflows_pages_with_the_card(desk: Desk) -> None:
    desk.go_live("0.5")
    version = desk.register("0.7")
    desk.review(version)
    tags = desk.tags(version)
    assert tags["review/verdict"] == "pass"
    assert tags["review/against"] == "1"
    assert tags["review/by"] == "eve"
    assert tags["review/reasons"] == "all gates passed"
    assert tags["review/gate quality ndcg_at_10"].startswith("pass: ndcg@10 0.")
    assert tags["review/bundle_sha256"] == tags["bundle_sha256"]
    client = start_tracking(desk.settings).client
    made = client.get_model_version(NAME, version)
    assert "PASS" in made.description
    assert "| metric" in made.description
    files = {
        Path(item.path).name for item in client.list_artifacts(made.run_id, tags["review/folder"])
    }
    assert files == {"review.json", "model_card.md", "model_card.html"}
    page = model_card(desk.settings, version, desk.folder / "card")
    html = (desk.folder / "card" / "model_card.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert "domain=A" in html
    assert page.startswith(made.description[:1000])
    assert len(made.description) < 5000
    assert read_review(desk.settings, version) is not None


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("0.2", {}, "quality ndcg@10: ndcg@10 0."),
        ("0.6 but M 0.2", {}, "slices: domain=M lost 0."),
        ("0.6", {"seen": ["test people"]}, "leak: it was trained on 34 of the 34 test people"),
        ("0.6 test 1.0", {}, "plausibility: the gain on test people exceeds that on validation"),
        ("0.6", {"seen": None}, "lineage: nobody recorded whom it was trained on"),
    ],
    ids=["worse", "broken slice", "leaked people", "test learnt by heart", "unknown origin"],
)
def test_a_bad_challenger_is_refused_with_the_reason(
    desk: Desk, name: str, options: dict[str, Any], reason: str
) -> None:
    desk.go_live("0.6", weights=b"champion")
    if options.get("seen"):
        options = {"seen": list(read_qrels(desk.dataset / "test" / "qrels.tsv"))}
    version = desk.register(name, **options)
    found = desk.review(version)
    assert found.verdict == "fail"
    assert any(text.startswith(reason) for text in found.reasons), found.reasons
    tags = desk.tags(version)
    assert tags["review/verdict"] == "fail"
    assert reason in tags["review/reasons"]
    with pytest.raises(RefusedError, match="failed its review: ") as refused:
        desk.promote(version)
    assert reason.split(":", maxsplit=1)[0] in str(refused.value)
    assert "--override" in str(refused.value)
    assert desk.champion == "1"
    assert "promoted_at" not in tags


def test_a_gain_beyond_belief_is_refused(desk: Desk) -> None:
    desk.go_live("0.2")
    version = desk.register("1.0")
    gates = CONFIG.gates.model_copy(update={"max_gain": 0.3})
    found = desk.review(version, config=CONFIG.model_copy(update={"gates": gates}))
    assert [gate.name for gate in found.gates if not gate.passed] == ["plausibility"]
    assert "too good to be true" in found.reasons[0]


def test_data_that_changed_since_it_was_prepared_is_noticed(desk: Desk) -> None:
    changed = desk.folder / "changed"
    shutil.copytree(desk.dataset, changed)
    path = changed / "test" / "qrels.tsv"
    path.write_text(path.read_text() + "c0\to0-0\t1\n")
    found = desk.review(desk.register("0.5"), dataset_dir=changed)
    assert any("changed since it was prepared" in reason for reason in found.reasons)


def test_people_in_two_splits_are_a_leak(desk: Desk) -> None:
    leaky = desk.folder / "leaky"
    shutil.copytree(desk.dataset, leaky)
    shutil.copy(leaky / "test" / "interactions.parquet", leaky / "train" / "interactions.parquet")
    found = desk.review(desk.register("0.5"), dataset_dir=leaky)
    assert any(
        reason.startswith("leak: the data set's splits: candidate in two splits, ")
        for reason in found.reasons
    )


def test_a_tampered_challenger_is_refused_and_says_so_in_mlflow(desk: Desk) -> None:
    desk.go_live("0.5")
    version = desk.register("0.9")
    assert desk.review(version).verdict == "pass"  # a sound copy is in the cache since
    desk.stored(version, "encoder/model.safetensors").write_bytes(b"0.8")
    with pytest.raises(IntegrityError, match=r"encoder/model\.safetensors was changed"):
        desk.review(version)
    assert desk.tags(version)["review/verdict"] == "fail"
    assert "was changed" in desk.tags(version)["review/reasons"]
    with pytest.raises(IntegrityError, match="was changed"):
        desk.promote(version)
    with pytest.raises(IntegrityError, match="was changed"):
        desk.promote(version, override="whatever")
    assert desk.champion == "1"


def test_a_better_challenger_passes_and_rollback_goes_back(desk: Desk) -> None:
    desk.go_live("0.4")
    desk.go_live("0.6")
    desk.go_live("0.8")
    assert desk.champion == "3"
    done = rollback(settings=desk.settings, by="ann")
    assert (done.previous, done.version, desk.champion) == ("3", "2", "2")
    assert rollback(settings=desk.settings, by="ann").version == "1"
    with pytest.raises(RegistryError, match="replaced nobody"):
        rollback(settings=desk.settings, by="ann")
    assert desk.champion == "1"
    assert [(entry["action"], entry["from"], entry["to"]) for entry in desk.audit()] == [
        ("promote", "", "1"),
        ("promote", "1", "2"),
        ("promote", "2", "3"),
        ("rollback", "3", "2"),
        ("rollback", "2", "1"),
    ]
    pointer = orjson.loads((desk.settings.serving_dir / "champion.json").read_bytes())
    assert pointer["version"] == "1"


def test_a_rollback_to_a_damaged_version_moves_nothing(desk: Desk) -> None:
    desk.go_live("0.4")
    desk.go_live("0.6")
    desk.stored("1", "encoder/model.safetensors").write_bytes(b"0.5")
    with pytest.raises(IntegrityError, match="version 1 is damaged"):
        rollback(settings=desk.settings, by="ann")
    assert desk.champion == "2"


def test_an_unreviewed_version_needs_a_reason_and_a_name(desk: Desk) -> None:
    desk.go_live("0.6")
    version = desk.register("0.1")
    with pytest.raises(RefusedError, match="version 2 was not reviewed"):
        desk.promote(version)
    desk.promote(version, override="the old one crashes")
    assert desk.champion == version
    assert desk.tags(version)["promoted_override"] == "the old one crashes"
    entry = desk.audit()[-1]
    assert (entry["override"], entry["by"], entry["verdict"]) == (
        "the old one crashes",
        "eve",
        "unreviewed",
    )


def test_a_review_against_an_earlier_champion_does_not_count(desk: Desk) -> None:
    desk.go_live("0.4")
    early, late = desk.register("0.5"), desk.register("0.7")
    assert desk.review(early).verdict == desk.review(late).verdict == "pass"
    desk.promote(late)
    with pytest.raises(RefusedError, match="reviewed against version 1, but the champion is now"):
        desk.promote(early)
    assert desk.champion == late


def test_a_review_that_breaks_off_while_it_is_recorded_promotes_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    version = desk.register("0.5")
    fine, broken = (Gate(name="support", passed=value, reason="") for value in (True, False))
    monkeypatch.setattr(review_module, "judge", lambda *_: (broken,))
    assert desk.review(version).verdict == "fail"
    plain = MlflowClient.set_model_version_tag

    def broken_off(self: Any, name: str, number: str, key: str, value: str) -> None:
        if key == "review/against":
            raise KeyboardInterrupt
        plain(self, name, number, key, value)

    monkeypatch.setattr(review_module, "judge", lambda *_: (fine,))
    monkeypatch.setattr(MlflowClient, "set_model_version_tag", broken_off)
    with pytest.raises(KeyboardInterrupt):
        desk.review(version)
    assert "review/verdict" not in desk.tags(version)
    with pytest.raises(RefusedError, match="was not reviewed"):
        desk.promote(version)


def test_a_repeated_command_leaves_the_champion_when_its_challenger_fails(desk: Desk) -> None:
    desk.go_live("0.6")
    version = desk.register("0.1")
    desk.review(version)
    kept = desk.promote(version, unless_taken=True)
    assert (kept.moved, kept.version, desk.champion) == (False, "1", "1")


def test_of_two_promotions_at_once_one_wins_and_all_records_agree(desk: Desk) -> None:
    desk.go_live("0.4")
    versions = [desk.register("0.6"), desk.register("0.7")]
    for version in versions:
        assert desk.review(version).verdict == "pass"
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    racers = [
        context.Process(target=_race, args=(desk.settings, version, results))
        for version in versions
    ]
    for racer in racers:
        racer.start()
    told = dict(results.get(timeout=60) for _ in racers)
    for racer in racers:
        racer.join(timeout=60)
    assert sorted(told.values()) == ["RefusedError", "moved"]
    (winner,) = [version for version, outcome in told.items() if outcome == "moved"]
    assert desk.champion == winner
    assert desk.tags(winner)["promoted_over"] == "1"
    (loser,) = set(versions) - {winner}
    assert "promoted_at" not in desk.tags(loser)
    assert [entry["to"] for entry in desk.audit()] == ["1", winner]
    pointer = orjson.loads((desk.settings.serving_dir / "champion.json").read_bytes())
    assert pointer["version"] == winner


def _race(settings: Settings, version: str, results: Any) -> None:
    try:
        promote(version, settings=settings, by=f"racer {version}")
        results.put((version, "moved"))
    except JobMatchError as error:
        results.put((version, type(error).__name__))


def test_an_alias_moved_elsewhere_at_the_same_moment_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.go_live("0.4")
    desk.register("0.5")
    version = desk.register("0.7")
    desk.review(version)
    from mlflow import MlflowClient

    plain = MlflowClient.set_registered_model_alias

    def moved_twice(self: Any, name: str, alias: str, chosen: str) -> None:
        plain(self, name, alias, chosen)
        plain(self, name, alias, "2")

    monkeypatch.setattr(MlflowClient, "set_registered_model_alias", moved_twice)
    with pytest.raises(RegistryError, match="moved to version 2 by somebody else"):
        desk.promote(version)
    pointer = orjson.loads((desk.settings.serving_dir / "champion.json").read_bytes())
    assert pointer["version"] == "1"


def test_a_champion_that_no_longer_loads_is_named_and_nothing_moves(desk: Desk) -> None:
    desk.go_live("0.4")
    version = desk.register("0.7")
    shutil.rmtree(desk.settings.serving_dir)
    desk.stored("1", "encoder/model.safetensors").unlink()
    with pytest.raises(IntegrityError, match="the champion, version 1, no longer loads"):
        desk.review(version)
    assert "review/verdict" not in desk.tags(version)
    with pytest.raises(RefusedError, match="was not reviewed"):
        desk.promote(version)
    desk.promote(version, override="the champion is damaged")
    assert desk.champion == version


def test_a_registry_that_is_down_is_an_error_that_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.go_live("0.4")
    monkeypatch.setenv("JOBMATCH_MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    get_settings.cache_clear()
    settings = get_settings()
    for call in (
        lambda: review_version("1", settings=settings, by="eve", config=CONFIG),
        lambda: promote("1", settings=settings, by="eve"),
        lambda: rollback(settings=settings, by="eve"),
    ):
        with pytest.raises(RegistryError, match="Is MLflow up"):
            call()


def test_a_review_needs_its_data(desk: Desk) -> None:
    version = desk.register("0.5")
    with pytest.raises(MissingFileError, match="name one with --data"):
        desk.review(version, dataset_dir=None)
    kept = desk.settings.runs / "train" / "prepare_data" / "key"
    kept.mkdir(parents=True)
    shutil.copytree(desk.dataset, kept / "dataset")
    assert desk.review(version, dataset_dir=None).verdict == "pass"


def test_the_command_reviews_promotes_refuses_and_rolls_back(desk: Desk, tmp_path: Path) -> None:
    import yaml

    gates = tmp_path / "gates.yaml"
    gates.write_text(yaml.safe_dump(CONFIG.model_dump(mode="json")))
    where = ["--data", str(desk.dataset), "--config", str(gates)]

    def call(*arguments: str) -> Any:
        return CliRunner().invoke(model_command, list(arguments))

    first, second, third = desk.register("0.5"), desk.register("0.7"), desk.register("0.1")
    done = call("promote", first, "--by", "ann", *where)
    assert done.exit_code == 0, done.output
    assert "verdict: pass" in done.stdout
    assert "from no version to version 1, by ann" in done.stdout
    told = orjson.loads(call("review", second, "--json", *where).stdout)
    assert (told["verdict"], told["against"]) == ("pass", "1")
    assert "from version 1 to version 2" in call("promote", second, "--by", "bob").stdout
    refused = call("promote", third, *where)
    assert isinstance(refused.exception, RefusedError)
    assert "FAIL" in refused.stdout
    nameless = call("promote", third, "--override", "because")
    assert nameless.exit_code == 2
    assert "--override needs --by NAME" in nameless.stderr
    forced = call("promote", third, "--override", "because", "--by", "bob")
    assert "in spite of its review: because" in forced.stdout
    assert "from version 3 to version 2, by ann" in call("rollback", "--by", "ann").stdout
    listed = orjson.loads(call("list", "--json").stdout)
    assert [item["tags"]["review/verdict"] for item in listed] == ["fail", "pass", "pass"]
    assert "## Gates" in call("card", second).stdout
    fourth = desk.register("0.6")
    assert isinstance(call("card", fourth).exception, NotReadyError)
