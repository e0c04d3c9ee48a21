"""A seeded synthetic French job market with known relevance and known propensities.

Offers are France Travail JSON, candidates have CVs as text and files, a logging policy shows
slates, and people act on them. The truth lies apart (``truth/``) and is for evaluation alone.

Without files, for simulations over many seeds::

    market = make_market(config)                      # facts of all offers and candidates
    log = simulate_log(market, config, seed=7)        # LogColumns: one row an impression
    grades = grade_rows(market, rows)                 # int8 (n_rows, n_offers), true relevance
    attraction = attraction_rows(market, config.behaviour, rows)  # P(view | examined), float32

The same market serves any number of seeds and of behaviours; the platform's taste is the market's.
"""

from __future__ import annotations

from jobmatch_ml.world.behaviour import simulate_log, stream_log
from jobmatch_ml.world.build import WorldManifest, build_world
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.log import LogColumns
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.relevance import Market, attraction_rows, grade_rows

__all__ = [
    "LogColumns",
    "Market",
    "WorldConfig",
    "WorldManifest",
    "attraction_rows",
    "build_world",
    "grade_rows",
    "make_market",
    "simulate_log",
    "stream_log",
]
