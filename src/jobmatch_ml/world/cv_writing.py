"""A candidate in his or her own words: other words than those of offers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from jobmatch_ml.documents import CvDocument, CvEducation, CvExperience, CvLanguage
from jobmatch_ml.reference import Occupation, Skill
from jobmatch_ml.world.config import CandidateConfig
from jobmatch_ml.world.facts import CandidateFacts, Position
from jobmatch_ml.world.french import add_typos, at_place, feminine_title
from jobmatch_ml.world.phrases import load_phrases
from jobmatch_ml.world.randomness import chance, pick, pick_some


def write_cv(
    rng: np.random.Generator,
    candidate: CandidateFacts,
    config: CandidateConfig,
    *,
    skills: Mapping[str, Skill],
    today: date,
) -> CvDocument:
    """Writes a candidate's CV as of a day. Skills that one has may go untold."""
    first, last = (
        pick(rng, load_phrases().first_names["women" if candidate.woman else "men"]),
        pick(rng, load_phrases().last_names),
    )
    # 06 39 98 is set apart for fiction by the French regulator: these numbers are nobody's.
    phone = "06 39 98 " + " ".join(f"{int(pair):02d}" for pair in rng.integers(0, 100, size=2))
    return CvDocument(
        full_name=f"{first} {last}",
        headline=_headline(rng, candidate, config),
        contacts=(
            f"{candidate.candidate_id}@example.org",
            phone,
            f"{candidate.place.postal_code} {candidate.place.name}",
        ),
        summary=_summary(rng, candidate) if chance(rng, 0.7) else "",
        experiences=tuple(
            _experience(rng, position, candidate, config, today) for position in candidate.career
        ),
        education=_education(rng, candidate, today),
        skills=_skills(rng, candidate, config, skills),
        languages=_languages(rng, candidate),
        interests=tuple(pick_some(rng, load_phrases().interests, 2)) if chance(rng, 0.6) else (),
    )


def _headline(rng: np.random.Generator, candidate: CandidateFacts, config: CandidateConfig) -> str:
    if chance(rng, config.vague_title_share):
        vague = load_phrases().vague_titles[candidate.occupation.domain].split(" / ")[0]
        return feminine_title(vague) if candidate.woman else vague
    return _title(rng, candidate.occupation, candidate, config)


def _title(
    rng: np.random.Generator,
    occupation: Occupation,
    candidate: CandidateFacts,
    config: CandidateConfig,
) -> str:
    if chance(rng, config.other_title_share):
        title = pick(rng, occupation.cv_titles)
        return feminine_title(title) if candidate.woman else title
    return occupation.feminine if candidate.woman else occupation.masculine


def _summary(rng: np.random.Generator, candidate: CandidateFacts) -> str:
    radius = candidate.radius_km
    reach = " et partout en France" if radius >= 2000 else f" et à {radius:.0f} km alentour"
    years = f"{candidate.years} ans" if candidate.years > 1 else "une première année"
    place = candidate.place.name
    return pick(rng, load_phrases().summaries).format(
        years=years, place=place, at=at_place(place), radius=reach
    )


def _experience(
    rng: np.random.Generator,
    position: Position,
    candidate: CandidateFacts,
    config: CandidateConfig,
    today: date,
) -> CvExperience:
    occupation = position.occupation
    chosen = pick_some(rng, occupation.tasks, int(rng.integers(2, 5)))
    bullets = [task.cv if chance(rng, config.own_wording_share) else task.offer for task in chosen]
    if chance(rng, 0.4):
        bullets.append(pick(rng, load_phrases().common_bullets))
    ended = position.end_months_ago
    return CvExperience(
        title=_title(rng, occupation, candidate, config),
        employer=pick(rng, load_phrases().employers),
        place=candidate.place.name,
        start=_months_before(today, position.start_months_ago),
        end=_months_before(today, ended) if ended else None,
        bullets=tuple(add_typos(rng, bullet, config.typo_rate) for bullet in bullets),
    )


def _months_before(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def _education(
    rng: np.random.Generator, candidate: CandidateFacts, today: date
) -> tuple[CvEducation, ...]:
    oldest = max(position.start_months_ago for position in candidate.career)
    year = _months_before(today, oldest).year
    diploma = CvEducation(
        pick(rng, candidate.occupation.qualifications), pick(rng, load_phrases().schools), year
    )
    if chance(rng, 0.3):
        school = CvEducation("Baccalauréat", "Lycée", year - 2)
        return diploma, school
    return (diploma,)


def _skills(
    rng: np.random.Generator,
    candidate: CandidateFacts,
    config: CandidateConfig,
    skills: Mapping[str, Skill],
) -> tuple[str, ...]:
    told: list[str] = []
    for skill_id in sorted(candidate.skills):
        if not chance(rng, config.skill_told_share):
            continue
        skill = skills[skill_id]
        own = chance(rng, config.own_wording_share)
        told.append(pick(rng, skill.cv) if own else skill.offer)
    return (*told, *pick_some(rng, load_phrases().soft_skills, int(rng.integers(0, 3))))


def _languages(rng: np.random.Generator, candidate: CandidateFacts) -> tuple[CvLanguage, ...]:
    if "business_english" in candidate.skills:
        return (CvLanguage("Anglais", pick(rng, ("courant", "C1", "professionnel"))),)
    if chance(rng, 0.4):
        return (CvLanguage("Anglais", pick(rng, ("notions", "scolaire", "A2"))),)
    return ()
