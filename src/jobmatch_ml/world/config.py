"""What a world is made of: sizes, shares, rates. One frozen model, hashed into the manifest."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import suggest
from jobmatch_ml.reference import load_occupations

Probability = Annotated[float, Field(ge=0, le=1)]
ByGrade = Annotated[tuple[Probability, ...], Field(min_length=5, max_length=5)]
"""One probability for each true relevance 0..4."""


class OfferConfig(StrictModel):
    """How offers are written and what they leave out."""

    lifetime_days: int = Field(30, ge=1, le=365, description="How long an offer is shown, days.")
    min_length: int = Field(500, ge=100, le=5000, description="Shortest description, characters.")
    max_length: int = Field(1800, ge=200, le=10000, description="Longest description, characters.")
    tasks: tuple[int, int] = Field((3, 5), description="Fewest and most tasks of an offer.")
    vague_title_share: Probability = Field(0.15, description="Titles that name no occupation.")
    other_title_share: Probability = Field(0.75, description="Titles other than the main name.")
    neighbour_task_share: Probability = Field(
        0.5, description="Offers with a task of a near-miss occupation."
    )
    qualification_share: Probability = Field(0.25, description="Texts that name a diploma.")
    skills_in_text_share: Probability = Field(0.5, description="Offers whose text names skills.")
    competences_share: Probability = Field(0.15, description="Offers with structured skills.")
    salary_share: Probability = Field(0.39, description="Offers that state a salary.")
    place_in_text_share: Probability = Field(0.6, description="Texts that name the town.")
    duplicate_share: Probability = Field(0.02, description="Offers posted again, slightly edited.")
    typo_rate: Probability = Field(0.004, description="Share of words with a typing error.")

    @model_validator(mode="after")
    def _ordered(self) -> OfferConfig:
        if self.min_length > self.max_length:
            raise ValueError("min_length must not exceed max_length")
        if not 1 <= self.tasks[0] <= self.tasks[1]:
            raise ValueError("tasks must be two counts >= 1, the fewest first")
        return self


class CandidateConfig(StrictModel):
    """Careers, and how far CVs are from the wording of offers."""

    max_experiences: int = Field(4, ge=1, le=8, description="Most positions in a career.")
    own_wording_share: Probability = Field(
        0.97, description="Tasks and skills that a CV tells in other words than offers do."
    )
    other_title_share: Probability = Field(0.92, description="Variant or abbreviated titles.")
    vague_title_share: Probability = Field(0.1, description="CVs headed by no occupation.")
    skill_held_share: Probability = Field(0.75, description="Usual skills that a person has.")
    skill_told_share: Probability = Field(0.75, description="Skills had that the CV names.")
    moved_share: Probability = Field(
        0.4, description="Earlier positions held in a neighbouring occupation."
    )
    typo_rate: Probability = Field(0.004, description="Share of words with a typing error.")


class PolicyMixture(StrictModel):
    """Who chooses the slate of a request; the three shares add up to 1."""

    ranker: Probability = Field(0.45, description="The policy ranker's best offers.")
    popularity: Probability = Field(
        0.15, description="What others of the domain saved and applied to."
    )
    explore: Probability = Field(0.4, description="Drawn at random, in no order of merit.")
    explore_domain_share: Probability = Field(
        0.75, description="Explored offers taken from the candidate's own ROME domain."
    )

    @model_validator(mode="after")
    def _adds_up(self) -> PolicyMixture:
        total = self.ranker + self.popularity + self.explore
        if abs(total - 1) > 1e-9:
            raise ValueError(f"ranker + popularity + explore is {total:g}; expected 1")
        return self


class BehaviourConfig(StrictModel):
    """What people do with what they are shown, by true relevance 0..4."""

    search_share: Probability = Field(0.25, description="Requests on the surface `search`.")
    examination: dict[str, float] = Field(
        {"top_offers": 0.5, "search": 0.8},
        description="Exponent e per surface: position p is looked at with probability p**-e.",
    )
    view: ByGrade = Field((0.04, 0.3, 0.55, 0.75, 0.9), description="Opened once looked at.")
    save: ByGrade = Field((0.04, 0.2, 0.4, 0.5, 0.55), description="Saved once opened.")
    apply: ByGrade = Field((0.02, 0.2, 0.4, 0.6, 0.75), description="Applied to once opened.")
    interview: ByGrade = Field((0.01, 0.06, 0.15, 0.3, 0.45), description="Interview after it.")
    hire: ByGrade = Field((0.02, 0.1, 0.2, 0.3, 0.4), description="Hired after the interview.")
    apply_delay_days: float = Field(1.0, gt=0, le=30, description="Mean delay of an application.")
    interview_delay_days: float = Field(9.0, gt=0, le=60, description="Mean delay of the answer.")
    hire_delay_days: float = Field(10.0, gt=0, le=60, description="Mean delay of the decision.")
    apply_window_days: float = Field(
        14.0, gt=0, description="After this, an offer that was shown will not be applied to."
    )
    answer_window_days: float = Field(45.0, gt=0, description="Longest wait for each outcome.")

    @model_validator(mode="after")
    def _surfaces(self) -> BehaviourConfig:
        if set(self.examination) != {"top_offers", "search"}:
            raise ValueError("examination needs the surfaces top_offers and search, and no other")
        if any(not 0 <= exponent <= 3 for exponent in self.examination.values()):
            raise ValueError("examination exponents must lie in [0, 3]")
        return self


class WorldConfig(StrictModel):
    """One synthetic job market. The same values give the same bytes.

    ``name`` names the folder; ``seed`` moves everything that is drawn.
    """

    name: str = Field("world", pattern=r"^[a-z0-9_-]{1,40}$", description="Name of the world.")
    seed: int = Field(1, ge=0, le=2**32 - 1, description="Seed of everything drawn.")
    start_date: date = Field(date(2025, 9, 1), description="First day of the log.")
    days: int = Field(90, ge=2, le=730, description="Length of the log, days.")
    ingestion_days: int = Field(7, ge=1, le=365, description="Days of offers per bronze file.")
    n_offers: int = Field(300, ge=20, le=2_000_000, description="Number of offers.")
    n_candidates: int = Field(80, ge=2, le=2_000_000, description="Number of candidates.")
    requests_per_candidate: float = Field(
        6.0, ge=1, le=200, description="Mean number of requests of a candidate."
    )
    activity_days: int = Field(40, ge=1, description="How long a candidate searches, days.")
    occupations: tuple[str, ...] = Field(
        (), description="ROME codes that people and offers have; empty: all of the table."
    )
    slate_size: int = Field(10, ge=1, le=100, description="Offers shown at a request.")
    ranker_depth: int = Field(
        600, ge=10, description="How many offers the policy ranker ranks per candidate."
    )
    n_pdf: int = Field(6, ge=0, le=1000, description="Candidates whose CV is a PDF file.")
    n_docx: int = Field(3, ge=0, le=1000, description="Candidates whose CV is a DOCX file.")
    policy: PolicyMixture = Field(PolicyMixture(), description="Logging policy.")
    offers: OfferConfig = Field(OfferConfig(), description="Offers.")
    candidates: CandidateConfig = Field(CandidateConfig(), description="Candidates.")
    behaviour: BehaviourConfig = Field(BehaviourConfig(), description="Behaviour.")

    @field_validator("occupations")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        known = [occupation.code for occupation in load_occupations()]
        for code in codes:
            if code not in known:
                raise ValueError(suggest(code, known, kind="occupation"))
        return codes

    @model_validator(mode="after")
    def _fits(self) -> WorldConfig:
        if self.n_pdf + self.n_docx > self.n_candidates:
            raise ValueError("n_pdf + n_docx must not exceed n_candidates")
        return self
