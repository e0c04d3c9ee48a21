"""``jobmatch model``: list registered versions, review, promote, roll back, model cards."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.registry import Promotion
    from jobmatch_ml.registry.review_config import ReviewConfig
    from jobmatch_ml.registry.review_types import Review
    from jobmatch_ml.settings import Settings

_by = click.option("--by", default=getpass.getuser, show_default="the user", help="Who decides.")
_data = click.option(
    "--data",
    "dataset_dir",
    type=click.Path(path_type=Path),
    help="Prepared data set to test on.  [default: that of the version's lineage]",
)
_world = click.option(
    "--world",
    "world_dir",
    type=click.Path(path_type=Path),
    help="Folder that the data set was prepared from: for a cascade's features and more slices.",
)
_config = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="Gates.  [default: configs/review.yaml]",
)


@click.group()
def model() -> None:
    """List registered models, review, promote and roll back."""


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
            "review": version.tags.get("review/verdict", ""),
            "registered (UTC)": f"{version.created_at:%Y-%m-%d %H:%M}",
            "bundle": version.bundle_sha256[:12],
            **version.metrics,
        }
        for version in versions
    ]
    echo_table(rows, title=settings.model_name) if rows else click.echo(
        f"no version of {settings.model_name} yet: run {TRAIN_COMMANDS}"
    )


@model.command("review")
@click.argument("version")
@_by
@_data
@_world
@_config
@click.option("--ranker", help="Review another ranker of the bundles than the one they serve.")
@json_option
def review_command(
    *,
    version: str,
    by: str,
    dataset_dir: Path | None,
    world_dir: Path | None,
    config_path: Path | None,
    ranker: str | None,
    as_json: bool,
) -> None:
    """Hold VERSION against the champion on the same test data; the verdict is recorded."""
    from jobmatch_ml.registry.review import review_version
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    config = _gates(settings, config_path)
    if ranker:
        config = config.model_copy(update={"ranker": ranker})
    review = review_version(
        version,
        settings=settings,
        by=by,
        config=config,
        dataset_dir=dataset_dir,
        world_dir=world_dir,
    )
    echo_json(review.model_dump(mode="json")) if as_json else _show_review(review)


@model.command("promote")
@click.argument("version")
@_by
@_data
@_world
@_config
@click.option(
    "--override",
    default="",
    help="Promote in spite of the review, or without one, for this reason. Recorded with --by.",
)
@click.option(
    "--unless-taken",
    is_flag=True,
    help="Change nothing while the champion is one that somebody else promoted, or when the "
    "review refuses VERSION.",
)
@json_option
def promote_command(
    *,
    version: str,
    by: str,
    dataset_dir: Path | None,
    world_dir: Path | None,
    config_path: Path | None,
    override: str,
    unless_taken: bool,
    as_json: bool,
) -> None:
    """Make VERSION (a number, or `latest`) the champion, if its review lets it.

    A version that was not reviewed against the present champion is reviewed first.
    """
    from jobmatch_ml.registry import get_version, promote
    from jobmatch_ml.registry.promoting import is_taken
    from jobmatch_ml.registry.review import ensure_reviewed
    from jobmatch_ml.settings import get_settings

    if override and click.get_current_context().get_parameter_source("by") is not _COMMAND_LINE:
        raise click.UsageError("--override needs --by NAME: somebody answers for it")
    settings = get_settings()
    chosen = get_version(settings, version)
    if not override and not (unless_taken and is_taken(settings, chosen.version, by)):
        review = ensure_reviewed(
            chosen.version,
            settings=settings,
            by=by,
            config=_gates(settings, config_path),
            dataset_dir=dataset_dir,
            world_dir=world_dir,
        )
        if review is not None and not as_json:
            _show_review(review)
    done = promote(
        chosen.version, settings=settings, by=by, unless_taken=unless_taken, override=override
    )
    if as_json:
        echo_json({"promotion": done, "metrics": chosen.metrics})
        return
    if not done.moved:
        click.echo(_why_left_alone(done, chosen.version))
        return
    _show_move(done)
    if chosen.metrics:
        rows = [{"metric": name, "value": value} for name, value in sorted(chosen.metrics.items())]
        echo_table(rows, title=f"metrics of version {done.version}")


@model.command("rollback")
@_by
@json_option
def rollback_command(*, by: str, as_json: bool) -> None:
    """Go back to the version that the champion replaced."""
    from jobmatch_ml.registry import rollback
    from jobmatch_ml.settings import get_settings

    done = rollback(settings=get_settings(), by=by)
    echo_json({"promotion": done}) if as_json else _show_move(done)


@model.command("card")
@click.argument("version")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for model_card.md and model_card.html.  [default: Markdown to the screen]",
)
def card_command(*, version: str, output: Path | None) -> None:
    """Show or write the model card of a reviewed VERSION."""
    from jobmatch_ml.registry.review import model_card
    from jobmatch_ml.settings import get_settings

    text = model_card(get_settings(), version, output)
    click.echo(f"{output / 'model_card.html'}" if output else text)


_COMMAND_LINE = click.core.ParameterSource.COMMANDLINE


def _gates(settings: Settings, path: Path | None) -> ReviewConfig:
    from jobmatch_ml.registry.review_config import load_review_config

    return load_review_config(settings, path)


def _show_review(review: Review) -> None:
    rows = [
        {
            "metric": row.metric,
            f"version {review.version}": row.challenger,
            "opponent": row.champion,
            "difference": f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}]",
            "p": f"{row.p_value:.3f}",
        }
        for row in review.evidence.comparisons
    ]
    echo_table(rows, title=f"version {review.version} against {review.opponent}")
    gates = [
        {"gate": gate.name, "": "pass" if gate.passed else "FAIL", "figures": gate.reason}
        for gate in review.gates
    ]
    echo_table(gates, title=f"verdict: {review.verdict} ({review.seconds:.0f} s)")
    for note in review.evidence.notes:
        click.echo(f"note: {note}")


def _show_move(done: Promotion) -> None:
    before = f"version {done.previous}" if done.previous else "no version"
    click.echo(
        f"{done.model_name}@{done.alias}: from {before} to version {done.version}, "
        f"by {done.promoted_by}"
    )
    if done.override:
        click.echo(f"in spite of its review: {done.override}")


def _why_left_alone(done: Promotion, version: str) -> str:
    alias = f"{done.model_name}@{done.alias}"
    if done.version == version:
        return f"{alias}: is version {version} already, by {done.promoted_by}"
    return (
        f"{alias}: stays at version {done.version}, promoted by {done.promoted_by}; "
        f"`jobmatch model promote {version}` replaces it"
    )
