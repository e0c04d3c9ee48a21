"""``jobmatch model``: list the registered versions, and promote one of them."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.registry import Promotion


@click.group()
def model() -> None:
    """List registered models and promote one."""


@model.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Show the registered versions, the newest first."""
    from jobmatch_ml.registry import TRAIN_COMMANDS, list_versions
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    versions = list_versions(settings)
    if as_json:
        echo_json(versions)
        return
    rows = [
        {
            "version": version.version,
            "alias": ", ".join(version.aliases),
            "registered (UTC)": f"{version.created_at:%Y-%m-%d %H:%M}",
            "bundle": version.bundle_sha256[:12],
            **version.metrics,
        }
        for version in versions
    ]
    echo_table(rows, title=settings.model_name) if rows else click.echo(
        f"no version of {settings.model_name} yet: run {TRAIN_COMMANDS}"
    )


@model.command("promote")
@click.argument("version")
@click.option("--by", default=getpass.getuser, show_default="the user", help="Who decides.")
@click.option(
    "--unless-taken",
    is_flag=True,
    help="Change nothing while the champion is one that somebody else promoted.",
)
@json_option
def promote_command(*, version: str, by: str, unless_taken: bool, as_json: bool) -> None:
    """Make VERSION (a number, or `latest`) the champion that is served."""
    from jobmatch_ml.registry import get_version, promote
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    chosen = get_version(settings, version)
    done = promote(chosen.version, settings=settings, by=by, unless_taken=unless_taken)
    if as_json:
        echo_json({"promotion": done, "metrics": chosen.metrics})
        return
    if not done.moved:
        click.echo(_why_left_alone(done, chosen.version))
        return
    before = f"version {done.previous}" if done.previous else "no version"
    click.echo(f"{done.model_name}@{done.alias}: from {before} to version {done.version}, by {by}")
    if chosen.metrics:
        rows = [{"metric": name, "value": value} for name, value in sorted(chosen.metrics.items())]
        echo_table(rows, title=f"metrics of version {done.version}")


def _why_left_alone(done: Promotion, version: str) -> str:
    alias = f"{done.model_name}@{done.alias}"
    if done.version == version:
        return f"{alias}: is version {version} already, by {done.promoted_by}"
    return (
        f"{alias}: stays at version {done.version}, promoted by {done.promoted_by}; "
        f"`jobmatch model promote {version}` replaces it"
    )
