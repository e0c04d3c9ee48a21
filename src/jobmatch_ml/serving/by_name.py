"""Matching with any text ranker by name: no bundle, no cached index, the same profile and cards."""

from __future__ import annotations

import uuid

from jobmatch_ml.cv import CvReading, build_profile, profile_query
from jobmatch_ml.errors import NotReadyError, RankerNotApplicableError
from jobmatch_ml.serving.highlights import count_documents
from jobmatch_ml.serving.presenting import clean_title, present_offers
from jobmatch_ml.serving.schemas import MatchAnswer
from jobmatch_ml.settings import Settings


def match_by_name(
    settings: Settings, name: str, reading: CvReading, *, title: str | None, top_k: int
) -> MatchAnswer:
    """Ranks the catalogue with a ranker of the registry.

    Raises:
        UnknownNameError: No ranker has that name.
        RankerNotApplicableError: The ranker needs a log or a trained model.
        NotReadyError: No offers yet.
    """
    from jobmatch_ml.offers import find_catalogue, offer_document, read_catalogue
    from jobmatch_ml.ranking.registry import RANKERS, create_ranker

    # Built first: an unknown name is told before a catalogue is read.
    ranker = create_ranker(name)
    if RANKERS[name].needs != "text":
        raise RankerNotApplicableError(
            f"the ranker '{name}' needs more than texts; leave --ranker out for the champion",
            field="ranker",
        )
    profile = build_profile(reading, title=clean_title(title))
    offers = read_catalogue(find_catalogue(settings))
    if not offers:
        raise NotReadyError("the catalogue holds no offer: run `jobmatch offers ingest PATH`")
    ranker.index([offer_document(offer) for offer in offers])
    run = ranker.rank([profile_query(profile, "cv")], top_k=top_k)["cv"]
    by_id = {offer.offer_id: offer for offer in offers}
    return MatchAnswer(
        request_id=str(uuid.uuid4()),
        bundle_version="",
        bundle_sha256="",
        embedding_model=name,
        profile_title=profile.title,
        offers=present_offers(run, by_id, profile, count_documents(offers)),
    )
