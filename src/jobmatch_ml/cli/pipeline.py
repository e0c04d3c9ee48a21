"""``jobmatch pipeline``: list pipelines and run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import (
    echo_json,
    echo_table,
    json_option,
    save_json,
    set_option,
    shorten,
)

if TYPE_CHECKING:
    from jobmatch_ml.pipeline import PipelineResult, PipelineSpec, StageEvent


@click.group()
def pipeline() -> None:
    """Run notebooks in order."""


@pipeline.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Show the pipelines and their stages."""
    from jobmatch_ml.pipeline import list_pipelines
    from jobmatch_ml.settings import get_settings

    specs = list_pipelines(get_settings().under_root(Path("pipelines")))
    if as_json:
        echo_json([spec.model_dump(mode="json") for spec in specs])
        return
    rows = [
        {
            "pipeline": spec.name,
            "makes": spec.description,
            "stages": " → ".join(
                stage.name if stage.when is None else f"[{stage.name}]" for stage in spec.stages
            ),
        }
        for spec in specs
    ]
    echo_table(rows)


@pipeline.command("run")
@click.argument("name")
@click.option("--config", "config_path", type=click.Path(path_type=Path), help="A YAML file.")
@set_option
@click.option("--from", "from_stage", metavar="STAGE", help="Run this stage and those after it.")
@click.option("--dry-run", is_flag=True, help="Only say which stages would run.")
@click.option(
    "--save",
    "save_path",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Also write the result there, as --json prints it.",
)
@json_option
def run_command(
    *,
    name: str,
    config_path: Path | None,
    overrides: tuple[str, ...],
    from_stage: str | None,
    dry_run: bool,
    save_path: Path | None,
    as_json: bool,
) -> None:
    """Run a pipeline: finished stages are skipped, a failed one is resumed."""
    import sys

    from jobmatch_ml.pipeline import find_pipeline, plan_pipeline, run_pipeline
    from jobmatch_ml.settings import get_settings

    if dry_run and save_path:
        raise click.UsageError("--save writes the result of a run; --dry-run has none")
    settings = get_settings()
    spec = find_pipeline(name, settings.under_root(Path("pipelines")))
    values = _config_values(spec, config_path, overrides)
    if dry_run:
        plans = plan_pipeline(spec, values, settings=settings, from_stage=from_stage)
        rows = [
            {"stage": plan.stage, "would": plan.action, "key": plan.key, "notebook": plan.notebook}
            for plan in plans
        ]
        echo_json(rows) if as_json else echo_table(rows)
        return
    result = run_pipeline(
        spec,
        values,
        settings=settings,
        from_stage=from_stage,
        on_stage=_show,
        progress=sys.stderr.isatty(),
    )
    if save_path:
        save_json(result, save_path)
    echo_json(result) if as_json else _print_result(result)


def _config_values(
    spec: PipelineSpec, config_path: Path | None, overrides: tuple[str, ...]
) -> dict[str, Any]:
    from jobmatch_ml.config import load_config
    from jobmatch_ml.pipeline.spec import config_model

    model = config_model(spec)
    if model is None:
        if config_path or overrides:
            raise click.UsageError(f"pipeline {spec.name} takes no configuration")
        return {}
    return load_config(model, config_path, overrides=overrides).model_dump(mode="json")


def _show(event: StageEvent) -> None:
    words = {"started": "…", "skipped": "skipped: done before for the same inputs"}
    seconds = f"{event.seconds:.1f} s"
    text = words.get(event.status, f"{event.status} after {seconds}")
    click.echo(f"[{event.position}/{event.total}] {event.stage}: {text}", err=True)


def _print_result(result: PipelineResult) -> None:
    rows = [
        {"stage": stage.name, "status": stage.status, "seconds": stage.seconds, "key": stage.key}
        for stage in result.stages
    ]
    echo_table(rows, title=f"pipeline {result.pipeline}, MLflow run {result.run_id}")
    # The last two stages are what a pipeline is run for: the figures, and what was made of them.
    for stage in result.stages[-2:]:
        tables = {name: value for name, value in stage.records.items() if _is_table(value)}
        values = [
            {"record": name, "value": shorten(value)}
            for name, value in stage.records.items()
            if name not in tables
        ]
        echo_table(values, title=stage.name)
        for name, table in tables.items():
            rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
            echo_table(rows, title=f"{stage.name}: {name}")
    click.echo(f"\n{_cost(result)}")


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"columns", "rows"}


def _cost(result: PipelineResult) -> str:
    """Says what the run took: time of the executed stages, memory of the largest kernel."""
    import resource

    executed = [stage.seconds for stage in result.stages if stage.status == "done"]
    peak_gb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    memory = f"; the largest kernel used {peak_gb:.1f} GB" if executed else ""
    return f"{len(executed)} stages executed in {sum(executed) / 60:.1f} minutes{memory}"
