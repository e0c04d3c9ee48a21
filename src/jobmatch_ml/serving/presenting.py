"""What a page shows of a ranking: cards with the words that CV and offer share."""

from __future__ import annotations

from collections.abc import Mapping

from jobmatch_ml.cv import Profile
from jobmatch_ml.cv.text import clean
from jobmatch_ml.serving.highlights import collect_terms, find_highlights
from jobmatch_ml.serving.schemas import RankedOffer, SharedWords, Similarity
from jobmatch_ml.types import Offer

_EXCERPT = 300  # characters of a description that a card shows


def clean_title(title: str | None) -> str | None:
    """Returns a title without control characters; ``None`` when nothing is left to rank by."""
    return " ".join(clean(title or "").split()) or None


def present_offers(
    run: Mapping[str, float],
    offers: Mapping[str, Offer],
    profile: Profile,
    rarity: Mapping[str, float],
) -> list[RankedOffer]:
    """Turns a ranking into what a page shows, with the words that CV and offer share."""
    terms = collect_terms(f"{profile.title}\n{profile.text}")
    ranked = []
    for rank, (offer_id, score) in enumerate(run.items(), start=1):
        offer = offers[offer_id]
        spans = find_highlights(terms, offer, rarity)
        ranked.append(
            RankedOffer(
                rank=rank,
                offer_id=offer_id,
                title=offer.title,
                company=offer.company,
                place=offer.place,
                contract=offer.contract_type,
                contract_label=offer.contract_label or offer.contract_type,
                score=score,
                ingestion_date=offer.ingestion_date,
                source_url=offer.source_url,
                excerpt=offer.description[:_EXCERPT],
                highlights=[span.term for span in spans],
                highlight_spans=spans,
                reasons=[SharedWords(words=[span.term for span in spans])] if spans else [],
            )
        )
    return ranked


def similarities(title: float, body: float) -> tuple[Similarity, Similarity]:
    """Returns the two cosines that a score is made of, by their names."""
    return (
        Similarity(kind="title_similarity", value=title),
        Similarity(kind="body_similarity", value=body),
    )
