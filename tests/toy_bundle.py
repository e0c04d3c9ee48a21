"""A bundle-shaped toy: an encoder whose vectors can be computed by hand, over three offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.offers import offer_document
from jobmatch_ml.ranking.dual_view import ZeroShotRanker
from jobmatch_ml.serving.highlights import count_documents
from jobmatch_ml.serving.state import ServingState
from jobmatch_ml.types import Offer

WORDS = ("comptable", "soudeur", "infirmier")
DIMENSION = 4

OFFERS = [
    Offer(
        "A1",
        "Comptable H/F",
        "Tenue des comptes sous Sage, clôtures mensuelles. Comptable confirmé.",
        company="Cabinet Durand",
        place="69 - Lyon",
        contract_type="CDI",
        contract_label="Contrat à durée indéterminée",
        source_url="https://example.org/A1",
        ingestion_date=date(2026, 5, 4),
    ),
    Offer(
        "B2", "Soudeur / Soudeuse", "Soudure TIG en atelier. Profil soudeur.", company="Métal SA"
    ),
    Offer("C3", "Infirmier de nuit", "Soins et suivi. Profil infirmier."),
]


class WordEncoder:
    """Counts three words; a fourth number keeps every vector from being zero."""

    name = "toy-words@1"
    dimension = DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[*(text.casefold().count(word) for word in WORDS), 0.1] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def toy_state(offers: Sequence[Offer] = OFFERS, *, version: str = "1") -> ServingState:
    """Returns a state that is ready to rank."""
    encoder = WordEncoder()
    ranker = ZeroShotRanker(encoder)
    ranker.index([offer_document(offer) for offer in offers])
    return ServingState(
        version=version,
        bundle_sha256="ab" * 32,
        encoder=encoder,
        ranker=ranker,
        offers={offer.offer_id: offer for offer in offers},
        rarity=count_documents(offers),
        source=("toy", version),
    )
