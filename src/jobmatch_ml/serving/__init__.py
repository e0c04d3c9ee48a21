"""Serving: the champion bundle, an index and a catalogue become ranked offers.

``MatchService`` is a plain class that the command line and the BentoML service share. It never
trains, and it never opens the warehouse.
"""

from __future__ import annotations

from jobmatch_ml.serving.match_service import MatchService
from jobmatch_ml.serving.schemas import MatchAnswer

__all__ = ["MatchAnswer", "MatchService"]
