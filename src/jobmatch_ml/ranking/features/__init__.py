"""Features of (candidate, offer, moment) for learning to rank; the list is `docs/features.md`.

Sources are gold offers, the log before the moment, and what ``cv/`` reads of a CV: nothing else.
"""

from __future__ import annotations

from jobmatch_ml.ranking.features.activity import Activity
from jobmatch_ml.ranking.features.candidate_facts import CandidateFacts, read_candidate_facts
from jobmatch_ml.ranking.features.matrix import FeatureBuilder
from jobmatch_ml.ranking.features.offer_facts import OfferFacts, build_offer_facts, read_offer_facts
from jobmatch_ml.ranking.features.reference_space import ReferenceSpace
from jobmatch_ml.ranking.features.source import FeatureSource
from jobmatch_ml.ranking.features.specification import FEATURES, NAMES, Feature, specification
from jobmatch_ml.ranking.features.texts import TextIndex

__all__ = [
    "FEATURES",
    "NAMES",
    "Activity",
    "CandidateFacts",
    "Feature",
    "FeatureBuilder",
    "FeatureSource",
    "OfferFacts",
    "ReferenceSpace",
    "TextIndex",
    "build_offer_facts",
    "read_candidate_facts",
    "read_offer_facts",
    "specification",
]
