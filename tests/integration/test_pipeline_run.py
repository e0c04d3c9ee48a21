"""Three tiny notebooks run as a pipeline: order, skipping, resuming, MLflow and the command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.pipeline import pipeline as pipeline_command
from jobmatch_ml.errors import ConfigError, NotebookError, UnknownNameError
from jobmatch_ml.pipeline import (
    PipelineResult,
    PipelineSpec,
    StageEvent,
    StageSpec,
    plan_pipeline,
    run_pipeline,
)
from jobmatch_ml.registry import start_tracking
from jobmatch_ml.settings import Settings, get_settings
from tests.notebooks.fixtures.factory import simple_notebook

pytestmark = pytest.mark.notebook

CONFIG = {"start": 2, "factor": {"value": 10}}


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables, made once: making them takes longer than most tests here."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_registered_models()
    return path


@pytest.fixture
def settings(empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A project of its own in ``tmp_path``, and a package whose files do not change meanwhile."""
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", "data")
    monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", "mlruns")
    for module in ("runner", "plan"):
        monkeypatch.setattr(f"jobmatch_ml.pipeline.{module}.hash_code", lambda _: "code")
    get_settings.cache_clear()
    (tmp_path / "mlruns").mkdir()
    shutil.copy(empty_database, tmp_path / "mlruns" / "mlflow.db")
    write_project(tmp_path)
    return get_settings()


def write_project(root: Path) -> None:
    simple_notebook(
        root / "notebooks" / "a.ipynb",
        'start: int = 0  # s\nsource: str = "in.txt"  # f\nrun_dir: str = ""  # d',
        "from pathlib import Path\nout = Path(run_dir) / 'out.txt'\n"
        "_ = out.write_text(Path(source).read_text() * start)",
        "record(out_path=str(out), size=len(out.read_text()), data_hash='d4ta',\n"
        "    artifacts=[str(out)])",
    )
    simple_notebook(
        root / "notebooks" / "b.ipynb",
        'in_path: str = ""  # f\nfactor: float = 1.0  # f\nrun_dir: str = ""  # d',
        "from pathlib import Path",
        "if Path('broken').exists():\n    raise RuntimeError('broken')",
        "record(test={'ndcg@10': len(Path(in_path).read_text()) * factor})",
    )
    simple_notebook(
        root / "notebooks" / "c.ipynb",
        'metrics: float = 0.0  # m\nparent_run_id: str = ""  # r',
        "record(total=metrics + 1, parent=parent_run_id)",
    )
    (root / "in.txt").write_text("abc")


def make_spec(**changes: Any) -> PipelineSpec:
    first = {"start": "${config.start}", **changes}
    second = {"in_path": "${a.out_path}", "factor": "${config.factor.value}"}
    third = {"metrics": "${b.test.ndcg@10}"}
    return PipelineSpec(
        name="tiny",
        description="three steps",
        config=None,
        stages=(
            StageSpec(name="a", notebook="notebooks/a.ipynb", parameters=first, inputs=("source",)),
            StageSpec(name="b", notebook="notebooks/b.ipynb", parameters=second),
            StageSpec(name="c", notebook="notebooks/c.ipynb", parameters=third),
        ),
    )


def statuses(result: PipelineResult) -> dict[str, str]:
    return {stage.name: stage.status for stage in result.stages}


def test_stages_run_in_order_then_all_are_skipped_then_only_what_changed_runs(
    settings: Settings, tmp_path: Path
) -> None:
    events: list[StageEvent] = []
    result = run_pipeline(make_spec(), CONFIG, settings=settings, on_stage=events.append)
    assert [(event.stage, event.status) for event in events] == [
        ("a", "started"),
        ("a", "done"),
        ("b", "started"),
        ("b", "done"),
        ("c", "started"),
        ("c", "done"),
    ]
    # "abc" twice is 6 characters, times the factor 10, plus 1
    assert result.stages[2].records == {"total": 61.0, "parent": result.run_id}
    assert result.stages[0].records["out_path"].startswith("data/runs/tiny/a/")
    copy = result.stages[1].folder / "notebooks" / "b.ipynb"
    metadata = orjson.loads(copy.read_bytes())["metadata"]["jobmatch"]
    assert metadata["stage_key"] == result.stages[1].key
    assert metadata["run_id"] == result.stages[1].run_id

    again = run_pipeline(make_spec(), CONFIG, settings=settings)
    assert set(statuses(again).values()) == {"skipped"}
    assert [stage.records for stage in again.stages] == [stage.records for stage in result.stages]

    config = {**CONFIG, "factor": {"value": 20}}
    plans = plan_pipeline(make_spec(), config, settings=settings)
    assert [(plan.stage, plan.action, bool(plan.key)) for plan in plans] == [
        ("a", "skip", True),
        ("b", "run", True),
        ("c", "run", False),
    ]
    changed = run_pipeline(make_spec(), config, settings=settings)
    assert statuses(changed) == {"a": "skipped", "b": "done", "c": "done"}
    assert changed.stages[2].records["total"] == 121.0

    (tmp_path / "in.txt").write_text("abcd")
    plans = plan_pipeline(make_spec(), CONFIG, settings=settings)
    assert [plan.action for plan in plans] == ["run", "run", "run"]
    check_mlflow(settings, result, again)


def check_mlflow(settings: Settings, result: PipelineResult, again: PipelineResult) -> None:
    client = start_tracking(settings).client
    parent = client.get_run(result.run_id)
    assert parent.info.status == "FINISHED"
    assert parent.data.params["factor/value"] == "10"
    assert parent.data.metrics["test/ndcg_at_10"] == 60.0
    assert parent.data.tags["data_hash"] == "d4ta"
    assert parent.data.tags["git_commit"] == "unknown"
    assert parent.data.tags["config_hash"]
    assert [item.path for item in client.list_artifacts(result.run_id, "config")] == [
        "config/config.json"
    ]
    for stage in result.stages:
        run = client.get_run(stage.run_id)
        assert run.data.tags["mlflow.parentRunId"] == result.run_id
        assert run.info.status == "FINISHED"
        names = [item.path for item in client.list_artifacts(stage.run_id, "notebooks")]
        assert names == [f"notebooks/{stage.name}.ipynb"]
    first = client.get_run(result.stages[0].run_id)
    assert first.data.metrics["size"] == 6
    assert first.data.params["start"] == "2"
    assert first.data.tags["inputs_hash"]
    names = [item.path for item in client.list_artifacts(first.info.run_id, "artifacts")]
    assert names == ["artifacts/out.txt"]
    tags = client.get_run(again.run_id).data.tags
    assert tags["stage/a"] == f"skipped by run {first.info.run_id}"


def test_a_failed_stage_is_logged_and_resumed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    events: list[StageEvent] = []
    with pytest.raises(NotebookError, match=r"b\.ipynb, cell 4: RuntimeError"):
        run_pipeline(make_spec(), CONFIG, settings=settings, on_stage=events.append)
    assert [event.status for event in events] == ["started", "done", "started", "failed"]
    tracking = start_tracking(settings)
    runs = tracking.client.search_runs([tracking.experiment_id])
    by_name = {run.info.run_name: run for run in runs}
    assert {name: run.info.status for name, run in by_name.items()} == {
        "tiny": "FAILED",
        "a": "FINISHED",
        "b": "FAILED",
    }
    artifacts = tracking.client.list_artifacts(by_name["b"].info.run_id, "notebooks")
    assert [item.path for item in artifacts] == ["notebooks/b.ipynb"]

    (tmp_path / "broken").unlink()
    resumed = run_pipeline(make_spec(), CONFIG, settings=settings)
    assert statuses(resumed) == {"a": "skipped", "b": "done", "c": "done"}

    forced = run_pipeline(make_spec(), CONFIG, settings=settings, from_stage="b")
    assert statuses(forced) == {"a": "skipped", "b": "done", "c": "done"}
    assert forced.stages[1].folder == resumed.stages[1].folder
    with pytest.raises(UnknownNameError, match="unknown stage 'd'"):
        run_pipeline(make_spec(), CONFIG, settings=settings, from_stage="d")


def test_a_stage_that_writes_to_mlflow_runs_again_where_its_run_is_unknown(
    settings: Settings, empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_pipeline(make_spec(), CONFIG, settings=settings)
    # The same data, but another MLflow: `c` takes the pipeline's run, so it may have left there
    # what later commands look for.
    monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", "other")
    get_settings.cache_clear()
    other = get_settings()
    plans = plan_pipeline(make_spec(), CONFIG, settings=other)
    assert [plan.action for plan in plans] == ["skip", "skip", "run"]
    assert not (tmp_path / "other").exists()
    (tmp_path / "other").mkdir()
    shutil.copy(empty_database, tmp_path / "other" / "mlflow.db")
    moved = run_pipeline(make_spec(), CONFIG, settings=other)
    assert statuses(moved) == {"a": "skipped", "b": "skipped", "c": "done"}
    assert moved.stages[2].records["parent"] == moved.run_id
    again = run_pipeline(make_spec(), CONFIG, settings=other)
    assert set(statuses(again).values()) == {"skipped"}
    # A run that somebody deleted is as good as unknown.
    start_tracking(other).client.delete_run(moved.stages[2].run_id)
    plans = plan_pipeline(make_spec(), CONFIG, settings=other)
    assert [plan.action for plan in plans] == ["skip", "skip", "run"]


def test_mistakes_are_told_before_anything_is_written(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown parameter 'strat'"):
        run_pipeline(make_spec(strat=1), CONFIG, settings=settings)
    assert not (tmp_path / "data").exists()


def test_the_command_lists_plans_and_runs(settings: Settings, tmp_path: Path) -> None:
    simple_notebook(
        tmp_path / "notebooks" / "one.ipynb", "n: int = 1  # a number", "record(twice=2 * n)"
    )
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "one.yaml").write_text(
        "name: one\ndescription: one step\nstages:\n"
        "  - {name: only, notebook: notebooks/one.ipynb, parameters: {n: 4}}\n"
    )
    runner = CliRunner()
    listed = runner.invoke(pipeline_command, ["list"])
    assert "one step" in listed.stdout
    planned = runner.invoke(pipeline_command, ["run", "one", "--dry-run", "--json"])
    assert orjson.loads(planned.stdout)[0]["would"] == "run"
    ran = runner.invoke(pipeline_command, ["run", "one", "--json"], catch_exceptions=False)
    assert orjson.loads(ran.stdout)["stages"][0]["records"] == {"twice": 8}
    assert "[1/1] only: …" in ran.stderr
    saved = tmp_path / "new" / "result.json"
    again = runner.invoke(pipeline_command, ["run", "one", "--save", str(saved)])
    assert "skipped" in again.stderr
    (stage,) = orjson.loads(saved.read_bytes())["stages"]
    assert (stage["name"], stage["status"], stage["records"]) == ("only", "skipped", {"twice": 8})
    assert "twice" in again.stdout
    refused = runner.invoke(pipeline_command, ["run", "one", "--set", "a=1"])
    assert refused.exit_code == 2
    unsaved = runner.invoke(pipeline_command, ["run", "one", "--dry-run", "--save", str(saved)])
    assert unsaved.exit_code == 2
