"""``jobmatch notebook``: list, run and check single notebooks."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option, shorten
from jobmatch_ml.errors import NotebookError


@click.group()
def notebook() -> None:
    """Run and check single notebooks."""


@notebook.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Show the project's notebooks, their questions and their parameters."""
    from jobmatch_ml.notebook.catalog import list_notebooks  # instant help
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    entries = list_notebooks(settings.under_root(Path("notebooks")))
    if as_json:
        echo_json(entries)
        return
    rows = [
        {
            "notebook": entry.name,
            "question": entry.title,
            "parameters (defaults)": ", ".join(
                f"{item.name}={item.default}" for item in entry.parameters.values()
            ),
        }
        for entry in entries
    ]
    echo_table(rows)


@notebook.command("run")
@click.argument("name_or_path")
@click.option("--set", "overrides", multiple=True, metavar="NAME=VALUE", help="Give a parameter.")
@click.option("--output", type=click.Path(path_type=Path), help="Where the executed copy goes.")
@click.option("--timeout-s", default=600, show_default=True, help="Longest time of one cell.")
@json_option
def run_command(
    name_or_path: str,
    overrides: tuple[str, ...],
    output: Path | None,
    timeout_s: int,
    as_json: bool,
) -> None:
    """Run a notebook by name or path in a fresh kernel, and print what it recorded."""
    from datetime import UTC, datetime  # instant help

    from jobmatch_ml.config import parse_overrides
    from jobmatch_ml.notebook import execute_notebook
    from jobmatch_ml.notebook.catalog import find_notebook
    from jobmatch_ml.notebook.parameters import notebook_parameters
    from jobmatch_ml.notebook.source import load_notebook
    from jobmatch_ml.registry.lineage import git_state
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    source = find_notebook(name_or_path, settings.under_root(Path("notebooks")))
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    folder = settings.runs / "notebook" / source.stem / moment
    given = parse_overrides(overrides)
    if "run_dir" in notebook_parameters(load_notebook(source)):
        given.setdefault("run_dir", str(folder))
    ran = execute_notebook(
        source,
        output or folder / "notebooks" / source.name,
        given,
        cwd=settings.under_root(Path()),
        timeout_s=timeout_s,
        lineage={"git_commit": git_state(settings.under_root(Path())).label},
        progress=not as_json,
    )
    if as_json:
        echo_json(ran)
        return
    echo_table([{"record": name, "value": shorten(value)} for name, value in ran.records.items()])
    click.echo(f"\nexecuted copy: {ran.path} ({ran.duration_s:.1f} s)")


@notebook.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@json_option
def lint_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check notebooks (all of notebooks/ by default) against the rules of the house."""
    from jobmatch_ml.notebook.catalog import notebook_paths  # instant help
    from jobmatch_ml.notebook.lint import lint_notebook
    from jobmatch_ml.settings import get_settings

    files: list[Path] = []
    for path in paths:
        files += notebook_paths(path) if path.is_dir() else [path]
    if not paths:
        files = notebook_paths(get_settings().under_root(Path("notebooks")))
    problems = [problem for file in files for problem in lint_notebook(file)]
    if as_json:
        echo_json({"notebooks": len(files), "problems": problems})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(files)} notebooks, {len(problems)} problems")
    if problems:
        raise NotebookError(f"{len(problems)} problems in {len(files)} notebooks")
