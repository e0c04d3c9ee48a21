"""The small frozen types that the rooms hand to each other, and the table schemas."""

from __future__ import annotations

from jobmatch_ml.types.market import Candidate, Interaction, Offer, Surface
from jobmatch_ml.types.ranking import (
    Direction,
    Document,
    PairScorer,
    Qrels,
    Query,
    Ranker,
    Run,
    TextEncoder,
)

__all__ = [
    "Candidate",
    "Direction",
    "Document",
    "Interaction",
    "Offer",
    "PairScorer",
    "Qrels",
    "Query",
    "Ranker",
    "Run",
    "Surface",
    "TextEncoder",
]
