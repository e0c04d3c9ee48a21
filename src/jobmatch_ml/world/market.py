"""Making the hidden state of a world from its configuration."""

from __future__ import annotations

from collections.abc import Sequence

from jobmatch_ml.reference import OccupationTable, Place, load_places
from jobmatch_ml.reference.occupations import load_table
from jobmatch_ml.world.candidates import draw_candidates
from jobmatch_ml.world.columns import offer_columns
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offers import draw_offers, first_day
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.tables import market_tables


def make_market(
    config: WorldConfig,
    *,
    table: OccupationTable | None = None,
    places: Sequence[Place] | None = None,
    offers: Sequence[OfferFacts] | None = None,
) -> Market:
    """Draws the facts of all offers and candidates of a world.

    Args:
        config: The world.
        table: Occupations; default: the embedded table.
        places: Towns; default: the embedded ones.
        offers: Facts of real offers in place of drawn ones.

    Raises:
        InputError: The configuration names an occupation that the table does not have.
    """
    towns = list(places if places is not None else load_places())
    if offers is not None:
        known = set(towns)
        towns += [place for place in dict.fromkeys(o.place for o in offers) if place not in known]
    tables = market_tables(table or load_table(), towns, config.occupations)
    return Market(
        tables=tables,
        offers=draw_offers(config, tables) if offers is None else offer_columns(offers, tables),
        candidates=draw_candidates(config, tables),
        start_ms=first_day(config),
        seed=config.seed,
    )
