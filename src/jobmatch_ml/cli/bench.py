"""`jobmatch bench`: measure, print, and record under `docs/results/`."""

from __future__ import annotations

from typing import Any

import click

from jobmatch_ml.bench.catalog import BENCHES, NEED_OPTIONS, run_bench
from jobmatch_ml.cli.output import echo_json, echo_table, json_option
from jobmatch_ml.config import parse_overrides
from jobmatch_ml.settings import get_settings


@click.command(help="Measure speed, size or quality. NAME: " + ", ".join([*BENCHES, "all"]))
@click.argument("name")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="Benchmark option.")
@click.option("--record", is_flag=True, help="Keep the result under docs/results/.")
@json_option
def bench(name: str, options: tuple[str, ...], record: bool, as_json: bool) -> None:
    """Runs one benchmark, or all that need no option."""
    root = get_settings().root.resolve()
    names = [item for item in BENCHES if item not in NEED_OPTIONS] if name == "all" else [name]
    results = [run_bench(item, root=root, options=parse_overrides(options)) for item in names]
    for result in results:
        if record:
            _record(result)
        if not as_json:
            echo_table(result["rows"], title=f"{result['bench']} (reference {result['reference']})")
    if as_json:
        echo_json(results if name == "all" else results[0])


def _record(result: dict[str, Any]) -> None:
    from jobmatch_ml.bench.results import record_result

    path = record_result(result, root=get_settings().root)
    click.echo(f"recorded {path}; `make docs` puts it into the pages", err=True)
