"""Making the hidden state of a world from its configuration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
    if offers is None:
        drawn, shares = draw_offers(config, tables), None
    else:
        drawn = offer_columns(offers, tables)
        counts = np.bincount(drawn.occupation, minlength=tables.n_occupations)
        # People wish for the jobs that there are, as often as there are.
        shares = np.where(np.isin(np.arange(len(counts)), tables.present), counts, 0.0)
    return Market(
        tables=tables,
        offers=drawn,
        candidates=draw_candidates(config, tables, shares=shares),
        start_ms=first_day(config),
        seed=config.seed,
    )
