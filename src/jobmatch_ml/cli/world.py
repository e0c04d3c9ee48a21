"""``jobmatch world``: synthetic job markets."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option, set_option


@click.group()
def world() -> None:
    """Build a synthetic job market with known relevance."""


@world.command()
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    required=True,
    help="YAML file, such as configs/world/demo.yaml.",
)
@click.option(
    "--out",
    "out_dir",
    type=click.Path(path_type=Path),
    help="Folder to write; default: data/world/<name>.",
)
@set_option
@json_option
def build(
    config_path: Path, out_dir: Path | None, overrides: tuple[str, ...], *, as_json: bool
) -> None:
    """Write offers, candidates, CV files, the interaction log and its truth."""
    from dataclasses import asdict

    from jobmatch_ml.config import load_config
    from jobmatch_ml.ranking.registry import RankerContext, create_ranker
    from jobmatch_ml.settings import get_settings
    from jobmatch_ml.world import WorldConfig, build_world

    config = load_config(WorldConfig, config_path, overrides=overrides)
    folder = out_dir or get_settings().data / "world" / config.name
    ranker = create_ranker("bm25", RankerContext(seed=config.seed))
    manifest = build_world(config, folder, policy_ranker=ranker)
    if as_json:
        echo_json({"out": str(folder), **asdict(manifest)})
        return
    rows = [{"what": name, "count": count} for name, count in manifest.counts.items()]
    echo_table(rows, title=f"{folder} (seed {manifest.seed}, {len(manifest.files)} files)")
