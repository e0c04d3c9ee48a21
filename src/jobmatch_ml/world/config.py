"""What a world is made of: sizes, shares, rates. One frozen model, hashed into the manifest."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.documents import TEMPLATES
from jobmatch_ml.errors import suggest

ORIGINS = ("french", "north_african", "sub_saharan", "southern_european", "asian")
BIAS_GROUPS: dict[str, tuple[str, ...]] = {
    "origin": ORIGINS,
    "gender": ("woman", "man"),
    "age": ("under_30", "30_to_44", "45_to_54", "55_and_over"),
    "disability": ("yes", "no"),
    "address": ("town", "priority_district"),
}
"""Attributes that recruiters may be biased by, with their groups."""

Probability = Annotated[float, Field(ge=0, le=1)]
ByGrade = Annotated[tuple[Probability, ...], Field(min_length=5, max_length=5)]
"""One probability for each true relevance 0..4."""


PRESENT: dict[str, tuple[float, float]] = {
    "lieuTravail": (0.973, 0.998),
    "lieuTravail.libelle (town)": (0.96, 0.84),
    "lieuTravail.latitude": (0.96, 0.95),
    "entreprise.nom": (0.943, 0.42),
    "entreprise.description": (0.165, 0.69),
    "typeContratLibelle": (1.0, 1.0),
    "competences": (0.747, 0.0),
    "qualitesProfessionnelles": (0.569, 0.0),
    "formations": (0.345, 0.003),
    "permis": (0.239, 0.002),
    "langues": (0.153, 0.004),
    "qualificationCode": (1.0, 0.101),
    "codeNAF": (1.0, 0.317),
    "dureeTravailLibelle": (0.998, 0.146),
    "contexteTravail": (0.262, 0.004),
    "deplacementCode": (0.44, 0.0),
    "offresManqueCandidats": (0.987, 0.0),
    "salaire": (1.0, 0.73),
    "salaire.libelle": (0.706, 0.207),
    "salaire.commentaire": (0.319, 0.039),
    "salaire.complement1": (0.624, 0.0),
    "salaire.complement2": (0.29, 0.0),
    "complementExercice": (0.023, 0.0),
    "experienceCommentaire": (0.072, 0.004),
    "contact": (0.6, 0.0),
}
"""Share of offers with each field: of those posted at France Travail itself, and of its partners'.

Measured on 5,291 real offers of 2019 to 2026 (``docs/world.md``). Fields that the API always sends
are not here.
"""


MOST_TASKS = 20


class OfferConfig(StrictModel):
    """How offers are written and what they leave out."""

    lifetime_days: int = Field(30, ge=1, le=365, description="How long an offer is shown, days.")
    min_length: int = Field(250, ge=100, le=5000, description="Shortest description, characters.")
    max_length: int = Field(5000, ge=200, le=10000, description="Longest description, characters.")
    median_length: int = Field(
        1600, ge=100, le=10000, description="Usual length of a description, characters."
    )
    length_spread: float = Field(
        0.62, ge=0, le=2, description="Standard deviation of the logarithm of the length."
    )
    tasks: tuple[int, int] = Field((3, 5), description="Fewest and most tasks of an offer.")
    vague_title_share: Probability = Field(0.15, description="Titles that name no occupation.")
    other_title_share: Probability = Field(0.75, description="Titles other than the main name.")
    both_genders_share: Probability = Field(
        0.3, description="Titles that are written out in both genders, where they differ."
    )
    shouted_title_share: Probability = Field(
        0.15, description="Titles in capitals, of those in one gender."
    )
    neighbour_task_share: Probability = Field(
        0.5, description="Offers with a task of a near-miss occupation."
    )
    qualification_share: Probability = Field(0.25, description="Texts that name a diploma.")
    skills_in_text_share: Probability = Field(0.5, description="Offers whose text names skills.")
    place_in_text_share: Probability = Field(0.6, description="Texts that name the town.")
    salary_in_text_share: Probability = Field(0.2, description="Texts that say what is paid.")
    conditions_in_text_share: Probability = Field(
        0.5, description="Texts that tell each of remote work, hours, licence where it matters."
    )
    partner_share: Probability = Field(
        0.75, description="Offers that come from a partner's site, with far fewer fields."
    )
    present: dict[str, tuple[Probability, Probability]] = Field(
        PRESENT, description="Share of offers with a field: posted directly, from a partner."
    )
    duplicate_share: Probability = Field(0.08, description="Offers posted again, slightly edited.")
    typo_rate: Probability = Field(0.004, description="Share of words with a typing error.")

    @field_validator("present", mode="before")
    @classmethod
    def _over_defaults(cls, values: object) -> object:
        """Lets a file name the shares that it changes alone."""
        if not isinstance(values, dict):
            return values
        for name in values:
            if name not in PRESENT:
                raise ValueError(suggest(str(name), list(PRESENT), kind="optional field"))
        return PRESENT | values

    @model_validator(mode="after")
    def _ordered(self) -> OfferConfig:
        if self.min_length > self.max_length:
            raise ValueError("min_length must not exceed max_length")
        if not 1 <= self.tasks[0] <= self.tasks[1] <= MOST_TASKS:
            raise ValueError(f"tasks must be two counts in 1..{MOST_TASKS}, the fewest first")
        return self


LAYOUTS = {
    "classic": 0.22,
    "two_columns": 0.14,
    "sidebar": 0.12,
    "table": 0.08,
    "timeline": 0.1,
    "compact": 0.1,
    "elegant": 0.08,
    "scan_classic": 0.04,
    "scan_two_columns": 0.02,
    "docx_plain": 0.06,
    "docx_table": 0.04,
}
"""How often each layout is met, by its name in ``documents``."""


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
    inflated_share: Probability = Field(
        0.05, description="Usual skills that a person lacks and the CV names all the same."
    )
    level_told_share: Probability = Field(0.25, description="Skills told with their level.")
    summary_share: Probability = Field(0.7, description="CVs that open with a summary.")
    place_told_share: Probability = Field(0.92, description="CVs with the person's town.")
    radius_told_share: Probability = Field(
        0.5, description="Summaries about places that tell how far the work may be."
    )
    wish_told_share: Probability = Field(
        0.1, description="CVs that tell a wish, of each: contract, remote work, hours, salary."
    )
    licence_told_share: Probability = Field(0.6, description="Driving licences that CVs name.")
    age_told_share: Probability = Field(0.3, description="CVs with age or date of birth.")
    disability_told_share: Probability = Field(
        0.35, description="Recognised disabilities that CVs name."
    )
    layouts: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(
        LAYOUTS, description="Relative frequencies of layouts among the files."
    )
    typo_rate: Probability = Field(0.004, description="Share of words with a typing error.")
    changer_share: Probability = Field(
        0.15, description="People who wish another occupation than their latest one."
    )
    second_profile_share: Probability = Field(
        0.2, description="People who also look for another job, with a profile of its own."
    )
    declared_right_share: Probability = Field(
        0.85, description="People who chose the right occupation on the platform."
    )
    english_share: Probability = Field(0.06, description="People whose CV is in English.")
    origin_shares: dict[str, Probability] = Field(
        {
            "french": 0.7,
            "north_african": 0.13,
            "sub_saharan": 0.06,
            "southern_european": 0.07,
            "asian": 0.04,
        },
        description="Share of each group of origin; they add up to 1.",
    )
    disability_share: Probability = Field(0.06, description="People with a recognised disability.")
    district_share: Probability = Field(0.1, description="People living in a priority district.")

    @field_validator("layouts")
    @classmethod
    def _layouts_exist(cls, shares: dict[str, float]) -> dict[str, float]:
        for name in shares:
            if name not in TEMPLATES:
                raise ValueError(suggest(name, tuple(TEMPLATES), kind="CV template"))
        return shares

    @model_validator(mode="after")
    def _origins(self) -> CandidateConfig:
        if set(self.origin_shares) != set(ORIGINS):
            raise ValueError(f"origin_shares needs a share of each of {', '.join(ORIGINS)}")
        if abs(sum(self.origin_shares.values()) - 1) > 1e-9:
            total = sum(self.origin_shares.values())
            raise ValueError(f"origin_shares add up to {total:g}; expected 1")
        return self


class MarketConfig(StrictModel):
    """What is offered and wished for: how common each occupation is, where, and in which season."""

    frequency_ratio: float = Field(
        10.0, ge=1, le=1000, description="The commonest occupation to the rarest."
    )
    season_amplitude: Probability = Field(
        0.3, description="How far an occupation's share swings over the year, of its mean."
    )
    drift: float = Field(
        0.3, ge=0, le=3, description="Standard deviation of the log-change of a share in a year."
    )
    region_strength: float = Field(
        1.0, ge=0, le=3, description="Exponent of the occupations' regional factors; 0: none."
    )
    appeal_sigma: float = Field(
        0.35, ge=0, le=2, description="Spread of the log of advertisements' appeal."
    )


class PolicyMixture(StrictModel):
    """Who chooses the slate of a request; the four shares add up to 1."""

    platform: Probability = Field(0.45, description="The world's own logger: noisy knowledge.")
    ranker: Probability = Field(0.0, description="The given text ranker's best offers.")
    popularity: Probability = Field(
        0.15,
        description="What others of the domain saved and applied to by the evening before.",
    )
    explore: Probability = Field(0.4, description="Drawn at random, in no order of merit.")
    swap_share: Probability = Field(
        0.1, description="Slates of platform or ranker with two positions swapped at random."
    )
    platform_noise: float = Field(
        0.35, ge=0, le=10, description="Amplitude of what the platform gets wrong about a pair."
    )
    explore_domain_share: Probability = Field(
        0.75, description="Explored offers taken from the candidate's own ROME domain."
    )

    @model_validator(mode="after")
    def _adds_up(self) -> PolicyMixture:
        total = self.platform + self.ranker + self.popularity + self.explore
        if abs(total - 1) > 1e-9:
            raise ValueError(f"platform + ranker + popularity + explore is {total:g}; expected 1")
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
        14.0,
        gt=0,
        le=365,
        description="After this, an offer that was shown will not be applied to.",
    )
    answer_window_days: float = Field(
        45.0, gt=0, le=365, description="Longest wait for each outcome."
    )
    session_requests: float = Field(
        1.6, ge=1, le=20, description="Mean number of requests of a session, minutes apart."
    )
    violation_apply: Probability = Field(
        0.6, description="Factor on applying for each hard wish that the offer violates."
    )
    recruiter_bias: dict[str, dict[str, Annotated[float, Field(ge=0, le=5)]]] = Field(
        {}, description="attribute: group: factor on recruiters' interviews and hires; else 1."
    )

    @model_validator(mode="after")
    def _surfaces(self) -> BehaviourConfig:
        if set(self.examination) != {"top_offers", "search"}:
            raise ValueError("examination needs the surfaces top_offers and search, and no other")
        if any(not 0 <= exponent <= 3 for exponent in self.examination.values()):
            raise ValueError("examination exponents must lie in [0, 3]")
        return self

    @field_validator("recruiter_bias")
    @classmethod
    def _known_groups(cls, bias: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for attribute, factors in bias.items():
            if attribute not in BIAS_GROUPS:
                raise ValueError(suggest(attribute, BIAS_GROUPS, kind="attribute"))
            for group in factors:
                if group not in BIAS_GROUPS[attribute]:
                    raise ValueError(suggest(group, BIAS_GROUPS[attribute], kind=attribute))
        return bias


class WorldConfig(StrictModel):
    """One synthetic job market. The same values give the same bytes.

    ``name`` names the folder; ``seed`` moves everything that is drawn.
    """

    name: str = Field("world", pattern=r"^[a-z0-9_-]{1,40}$", description="Name of the world.")
    seed: int = Field(1, ge=0, le=2**32 - 1, description="Seed of everything drawn.")
    start_date: date = Field(
        date(2025, 9, 1),
        ge=date(2000, 1, 1),
        le=date(2100, 1, 1),
        description="First day of the log.",
    )
    days: int = Field(90, ge=2, le=730, description="Length of the log, days.")
    ingestion_days: int = Field(7, ge=1, le=365, description="Days of offers per bronze file.")
    n_offers: int = Field(300, ge=20, le=2_000_000, description="Number of offers.")
    n_candidates: int = Field(80, ge=2, le=2_000_000, description="Number of candidates.")
    requests_per_candidate: float = Field(
        6.0, ge=1, le=200, description="Mean number of requests of a candidate."
    )
    activity_days: int = Field(40, ge=1, le=730, description="How long a candidate searches, days.")
    occupations: tuple[str, ...] = Field(
        (), description="Codes that people and offers have; empty: all of the table given."
    )
    slate_size: int = Field(10, ge=1, le=100, description="Offers shown at a request.")
    ranker_depth: int = Field(
        600, ge=10, description="How many offers the policy ranker ranks per candidate."
    )
    n_pdf: int = Field(6, ge=0, le=1000, description="Candidates whose CV is a PDF file.")
    n_docx: int = Field(3, ge=0, le=1000, description="Candidates whose CV is a DOCX file.")
    truth_candidates: int = Field(
        2000, ge=1, description="At most so many candidates have their true relevance written."
    )
    market: MarketConfig = Field(MarketConfig(), description="Occupations over time and place.")
    policy: PolicyMixture = Field(PolicyMixture(), description="Logging policy.")
    offers: OfferConfig = Field(OfferConfig(), description="Offers.")
    candidates: CandidateConfig = Field(CandidateConfig(), description="Candidates.")
    behaviour: BehaviourConfig = Field(BehaviourConfig(), description="Behaviour.")

    @field_validator("occupations")
    @classmethod
    def _different(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        # Whether the codes exist can only be told from the table that the world is built on.
        if len(set(codes)) != len(codes):
            raise ValueError("an occupation is named twice")
        return codes

    @model_validator(mode="after")
    def _fits(self) -> WorldConfig:
        if self.n_pdf + self.n_docx > self.n_candidates:
            raise ValueError("n_pdf + n_docx must not exceed n_candidates")
        return self
