"""``jobmatch world``: synthetic job markets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option, set_option

if TYPE_CHECKING:
    from jobmatch_ml.reference import OccupationTable
    from jobmatch_ml.reference.rome import RomeTables
    from jobmatch_ml.world import WorldConfig
    from jobmatch_ml.world.real_offers import RealOffers

ROME_MANIFEST = "manifest.json"
DEFAULT_CONFIG = Path("configs/world/demo.yaml")


@click.group()
def world() -> None:
    """Build a synthetic job market with known relevance."""


@world.command()
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="YAML file that says what is built.",
)
@click.option(
    "--out",
    "out_dir",
    type=click.Path(path_type=Path),
    help="Folder to write; default: data/world/<name>, or <name>-rome-offers on those.",
)
@click.option(
    "--rome",
    "rome_dir",
    type=click.Path(path_type=Path),
    help="Occupations of ROME 4.0: the official CSV folder, or one that was imported.",
)
@click.option(
    "--offers",
    "offers_path",
    type=click.Path(path_type=Path),
    help="Real France Travail offers in place of written ones: a file or a folder.",
)
@click.option(
    "--exclude-offers",
    "excluded_path",
    type=click.Path(path_type=Path),
    help="File of offer ids, one a line, that are left out of --offers.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes."
)
@set_option
@json_option
def build(
    config_path: Path,
    *,
    out_dir: Path | None,
    rome_dir: Path | None,
    offers_path: Path | None,
    excluded_path: Path | None,
    workers: int,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write offers, candidates, CV files, the interaction log and its truth."""
    from dataclasses import asdict

    from jobmatch_ml.config import load_config
    from jobmatch_ml.ranking.registry import RankerContext, create_ranker
    from jobmatch_ml.settings import get_settings
    from jobmatch_ml.world import WorldConfig, build_world

    if excluded_path and not offers_path:
        raise click.UsageError("--exclude-offers needs --offers")
    settings = get_settings()
    config = load_config(WorldConfig, settings.under_root(config_path), overrides=overrides)
    # A market on other occupations or offers never takes the place of the plain one.
    made_on = ("-rome" if rome_dir else "") + ("-offers" if offers_path else "")
    folder = out_dir or settings.data / "world" / f"{config.name}{made_on}"
    rome = _read_rome(rome_dir) if rome_dir else None
    table = _occupations(rome)
    context = RankerContext(seed=config.seed)
    ranker = create_ranker("bm25", context) if config.policy.ranker else None
    real = None
    if offers_path:
        real = _real_offers(config, offers_path, excluded_path, rome=rome, table=table)
    manifest = build_world(
        config, folder, policy_ranker=ranker, table=table, real_offers=real, workers=workers
    )
    read = dict(real.counts) if real else {}
    if as_json:
        echo_json({"out": str(folder), **asdict(manifest), "real_offers": read})
        return
    rows = [{"what": name, "count": count} for name, count in manifest.counts.items()]
    rows += [{"what": f"real offers, {name}", "count": count} for name, count in read.items()]
    echo_table(rows, title=f"{folder} (seed {manifest.seed}, {len(manifest.files)} files)")


def _read_rome(folder: Path) -> RomeTables:
    from jobmatch_ml.reference.rome_files import load_rome, read_rome

    return load_rome(folder) if (folder / ROME_MANIFEST).is_file() else read_rome(folder)


def _occupations(rome: RomeTables | None) -> OccupationTable:
    from jobmatch_ml.reference.occupations import load_table
    from jobmatch_ml.reference.rome_occupations import rome_occupations

    return rome_occupations(rome) if rome else load_table()


def _real_offers(
    config: WorldConfig,
    path: Path,
    excluded: Path | None,
    *,
    rome: RomeTables | None,
    table: OccupationTable,
) -> RealOffers:
    from jobmatch_ml.reference import load_places
    from jobmatch_ml.reference.rome import resolve_rome_code
    from jobmatch_ml.world.real_offers import read_excluded_ids, read_real_offers

    return read_real_offers(
        [path],
        config,
        table=table,
        places=load_places(),
        exclude_ids=read_excluded_ids(excluded) if excluded else frozenset(),
        resolve=(lambda code: resolve_rome_code(code, rome)) if rome else None,
    )
