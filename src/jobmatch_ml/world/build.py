"""Building a world: facts, texts, log, truth, in that order, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobmatch_ml.config import config_hash
from jobmatch_ml.errors import ConfigError, InputError
from jobmatch_ml.reference import OccupationTable, Place
from jobmatch_ml.types import Ranker
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.files import MANIFEST, checksums, whole_folder, write_json
from jobmatch_ml.world.layout import write_log, write_offers, write_people, write_relevance
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.policies import Rankings, rank_for_policy
from jobmatch_ml.world.real_offers import RealOffers
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.writing import OfferScribe, PeopleScribe

FORMAT_VERSION = 2
MOST_RANKED = 50_000
"""Offers that a text ranker may be asked to rank for everyone: all are in memory then."""


@dataclass(frozen=True, slots=True)
class WorldManifest:
    """What ``world.json`` says: how a world was made, how large it is, its checksums.

    Args:
        name: Name of the world.
        version: Version of the folder's layout.
        seed: Seed of everything drawn.
        config_hash: SHA-256 of the configuration's values.
        policy_ranker: Version of the ranker behind the policy ``ranker``; ``none`` without one.
        counts: Offers, candidates, requests, impressions, positives …
        files: SHA-256 of each file that training may read.
        truth_files: SHA-256 of each file that only evaluation may read.
    """

    name: str
    version: int
    seed: int
    config_hash: str
    policy_ranker: str
    counts: Mapping[str, int]
    files: Mapping[str, str]
    truth_files: Mapping[str, str]


def build_world(
    config: WorldConfig,
    out_dir: Path,
    *,
    policy_ranker: Ranker | None = None,
    table: OccupationTable | None = None,
    places: Sequence[Place] | None = None,
    real_offers: RealOffers | None = None,
    workers: int = 1,
) -> WorldManifest:
    """Builds a world folder; the same arguments give the same bytes, whatever the workers.

    An earlier world in ``out_dir`` is replaced once the new one is complete; other files of that
    folder are kept. On failure nothing changes.

    Args:
        config: Sizes, shares and rates.
        out_dir: Where the world's folder is to be.
        policy_ranker: The text ranker of the logging policy's share ``ranker``; indexed here.
        table: Occupations; default: the embedded table.
        places: Towns; default: the embedded ones.
        real_offers: Real offers (``read_real_offers``) in place of written ones; they bring their
            table of occupations, which was made for the same places.
        workers: Processes that write texts.

    Raises:
        InputError: ``out_dir`` exists and is not a world, or an occupation is not in the table.
        ConfigError: The policy mixture has a share ``ranker`` and none was given.
    """
    made = config
    if real_offers is not None:
        # People wish for the jobs that there are.
        there = {"n_offers": len(real_offers.facts), "occupations": real_offers.occupations}
        made = config.model_copy(update=there)
        table = real_offers.table
    _check_ranker(made, policy_ranker)
    with whole_folder(out_dir.resolve()) as work:
        facts = real_offers.facts if real_offers else None
        market = make_market(made, table=table, places=places, offers=facts)
        counts = _write(made, market, work, real=real_offers, ranker=policy_ranker, workers=workers)
        manifest = _manifest(config, counts, work, _version_of(policy_ranker))
        write_json(work / MANIFEST, manifest, indent=True)
    return manifest


def _check_ranker(config: WorldConfig, ranker: Ranker | None) -> None:
    if config.policy.ranker == 0:
        return
    if ranker is None:
        raise ConfigError(
            f"policy.ranker is {config.policy.ranker:g}, but no text ranker was given; "
            "set it to 0, or name a ranker with --ranker",
            field="policy.ranker",
        )
    if config.n_offers > MOST_RANKED:
        raise ConfigError(
            f"policy.ranker is {config.policy.ranker:g} and n_offers {config.n_offers}; a text "
            f"ranker can show at most {MOST_RANKED} offers. Set policy.ranker to 0",
            field="policy.ranker",
        )


def _version_of(ranker: Ranker | None) -> str:
    return "none" if ranker is None else f"{getattr(ranker, 'name', type(ranker).__name__)}-1"


def _write(
    config: WorldConfig,
    market: Market,
    work: Path,
    *,
    real: RealOffers | None,
    ranker: Ranker | None,
    workers: int,
) -> dict[str, int]:
    """Writes all but the manifest; returns what there is of each thing."""
    ranked = config.policy.ranker > 0
    offers = OfferScribe(config, market, real=real, keep_views=ranked)
    documents = write_offers(config, market, work, offers, workers=workers)
    people = PeopleScribe(config, market, keep_views=ranked)
    queries = write_people(market, work, people, workers=workers)
    rankings: Rankings | None = None
    if ranker is not None and ranked:
        rankings = rank_for_policy(ranker, documents, queries, depth=config.ranker_depth)
    counts = {"offers": len(market.offers), "candidates": len(market.candidates)}
    counts |= write_log(config, market, work, rankings=rankings)
    counts |= {"pdf": config.n_pdf, "docx": config.n_docx}
    counts["relevant_pairs"] = write_relevance(config, market, work / "truth" / "qrels.tsv")
    return counts


def _manifest(
    config: WorldConfig, counts: Mapping[str, int], work: Path, ranker_version: str
) -> WorldManifest:
    if not counts["impressions"]:
        raise InputError("nothing was shown to anyone; the world needs more offers or a longer log")
    sums = checksums(work)
    return WorldManifest(
        name=config.name,
        version=FORMAT_VERSION,
        seed=config.seed,
        config_hash=config_hash(config),
        policy_ranker=ranker_version,
        counts=counts,
        files={path: value for path, value in sums.items() if not path.startswith("truth/")},
        truth_files={path: value for path, value in sums.items() if path.startswith("truth/")},
    )
