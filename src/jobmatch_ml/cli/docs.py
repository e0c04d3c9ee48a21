"""`jobmatch docs`: the generated tables of README and docs, filled or checked."""

from __future__ import annotations

import click

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.settings import get_settings


@click.group()
def docs() -> None:
    """Fill or check the generated tables of README.md and docs/."""


@docs.command()
def build() -> None:
    """Fill every generated table from docs/results."""
    from jobmatch_ml.bench.results import build_docs

    changed = build_docs(get_settings().root)
    click.echo("\n".join(f"updated {path}" for path in changed) or "nothing to update")


@docs.command()
def check() -> None:
    """Fail when a table is older than its recorded result."""
    from jobmatch_ml.bench.results import stale_docs

    stale = stale_docs(get_settings().root)
    if stale:
        names = ", ".join(str(path) for path in stale)
        raise JobMatchError(f"stale generated tables in {names}; run `make docs`")
    click.echo("generated tables are up to date")
