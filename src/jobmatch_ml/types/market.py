"""The people-and-jobs side: offers, candidates, and what people did with the offers shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Offer:
    """A job offer of the gold layer (one row of ``offers``): what filters, rankers and pages need.

    Texts that an offer does not have are empty strings; facts it does not state are ``None``.
    """

    offer_id: str
    title: str
    description: str
    rome_code: str = ""
    rome_label: str = ""
    company: str = ""
    place: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    contract_type: str = ""
    contract_label: str = ""
    experience_required: str = ""
    experience_label: str = ""
    salary_label: str = ""
    working_time: str = ""
    required_skills: tuple[str, ...] = ()
    wished_skills: tuple[str, ...] = ()
    source_url: str = ""
    created_at: datetime | None = None
    ingestion_date: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job seeker as the system sees one: never more than the person's own documents say.

    Args:
        candidate_id: Pseudonymous identifier.
        title: Occupation wished for, in the person's own words.
        cv_text: The CV as plain text, contacts included; rankers see only what ``cv/`` keeps of it.
        cv_file: File name of the CV under the world's ``cvs/`` folder, when one was rendered.
    """

    candidate_id: str
    title: str
    cv_text: str
    cv_file: str | None = None


class Surface(StrEnum):
    """Where an offer was shown. An import has no impression and no position."""

    TOP_OFFERS = "top_offers"
    SEARCH = "search"
    API = "api"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One OfferInteraction row: an offer that was shown to a candidate, and what came of it.

    ``None`` in ``got_interview`` and ``got_hired`` means "not known yet", never "no".

    Args:
        impression_id: Unique per row.
        request_id: The ranking that showed it; rows of one slate share it.
        user: The candidate's id (the field's name in the log's schema).
        offer_external_id: The offer's id, at most 50 characters.
        shown_at: When it was shown (UTC, aware).
        surface: Where it was shown.
        policy: Logging policy that chose the slate.
        ranker_version: Version of the ranker behind the policy.
        position: 1-based rank in the slate; ``None`` for imports.
        slate_size: Number of offers shown together; ``None`` for imports.
        match_score: The score when shown.
        viewed: The offer was opened.
        time_spent_seconds: Dwell time of all views.
        saved: Imported or added to the applications.
        applied: An application was sent, or got further.
        got_interview: Interview or better; ``None`` while unknown.
        got_hired: Accepted; ``None`` while unknown.
    """

    impression_id: str
    request_id: str
    user: str
    offer_external_id: str
    shown_at: datetime
    surface: Surface
    policy: str
    ranker_version: str
    position: int | None
    slate_size: int | None
    match_score: float | None
    viewed: bool = False
    time_spent_seconds: int = 0
    saved: bool = False
    applied: bool = False
    got_interview: bool | None = None
    got_hired: bool | None = None
    viewed_at: datetime | None = None
    saved_at: datetime | None = None
    applied_at: datetime | None = None
    interview_at: datetime | None = None
    hired_at: datetime | None = None
    closed_at: datetime | None = None
