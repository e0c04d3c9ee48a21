"""A candidate in his or her own words: other words than those of offers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobmatch_ml.documents import SECTIONS, CvDocument, Language
from jobmatch_ml.reference import Place, Skill
from jobmatch_ml.world.config import CandidateConfig
from jobmatch_ml.world.cv_career import write_education, write_experiences
from jobmatch_ml.world.cv_draft import CvDraft, slots_of, write_title
from jobmatch_ml.world.cv_identity import write_identity
from jobmatch_ml.world.cv_phrases import load_cv_phrases
from jobmatch_ml.world.cv_skills import write_languages, write_skills
from jobmatch_ml.world.facts import CandidateFacts
from jobmatch_ml.world.french import at_place, masculine_title
from jobmatch_ml.world.phrases_grammar import pick_many, pick_one
from jobmatch_ml.world.phrases_names import Values
from jobmatch_ml.world.phrases_offers import load_offer_phrases

ANYWHERE_KM = 2000.0
"""From this radius on, the work may be anywhere in France."""

# Orders of sections that people choose, the usual one more often.
_ORDERS = (
    SECTIONS,
    SECTIONS,
    SECTIONS,
    ("summary", "skills", *(n for n in SECTIONS if n not in ("summary", "skills"))),
    ("summary", "education", *(n for n in SECTIONS if n not in ("summary", "education"))),
    (*(n for n in SECTIONS if n != "summary"), "summary"),
)


@dataclass(frozen=True, slots=True)
class WrittenCv:
    """A CV and what its reader can know.

    Args:
        document: The contents, for any layout.
        told: Ids of the skills that the text names (those that the person lacks included) and
            of ``occupation``, ``place``, ``radius``, ``years``, ``licence``, ``contract``,
            ``remote``, ``hours``, ``salary`` where the text lets a reader know them.
        levels: Levels of skills that the text tells, 1 to 3.
        profiles: ``{"name", "title"}`` of each profile, the main one first.
    """

    document: CvDocument
    told: frozenset[str]
    levels: Mapping[str, int]
    profiles: tuple[Mapping[str, str], ...]


def write_cv(
    rng: random.Random,
    candidate: CandidateFacts,
    config: CandidateConfig,
    *,
    skills: Mapping[str, Skill],
    places: Sequence[Place],
    today: date,
) -> WrittenCv:
    """Writes a candidate's CV as of a day. Skills that one has may go untold.

    Args:
        rng: Source of randomness; only its method ``random`` is used.
        candidate: The facts.
        config: How far CVs are from the wording of offers, and what they leave out.
        skills: Every skill by id.
        places: Towns that employers and schools may be in; at least one.
        today: The day of writing.
    """
    language: Language = "en" if candidate.language == "en" else "fr"
    draft = CvDraft(rng.random, candidate, config, load_cv_phrases(language), skills, places, today)
    identity = write_identity(draft)
    headline = _headline(draft)
    experiences = write_experiences(draft)
    if candidate.career and candidate.career[0].occupation.code == candidate.occupation.code:
        draft.told.add("occupation")  # the latest title names it, whatever the headline says
    draft.told.add("years")  # positions are dated
    own_skills, certificates = write_skills(draft)
    summary = _summary(draft)
    document = CvDocument(
        full_name=identity.full_name,
        headline=headline,
        contacts=identity.lines,
        summary=summary,
        experiences=experiences,
        education=write_education(draft),
        skills=own_skills,
        languages=write_languages(draft),
        interests=_interests(draft),
        certifications=certificates,
        language=language,
        headings=_headings(draft),
        order=pick_one(draft.draw, _ORDERS),
    )
    profiles = _profiles(draft, headline)
    return WrittenCv(document, frozenset(draft.told), draft.levels, profiles)


def _headline(draft: CvDraft) -> str:
    title = write_title(draft, draft.person.occupation)
    if not draft.happens(draft.config.vague_title_share):
        draft.told.add("occupation")
        return title
    if draft.english or draft.happens(0.4):
        return draft.say("vague")
    both = load_offer_phrases().vague_titles[draft.person.occupation.domain]
    if draft.person.woman and " / " in both:
        return both.partition(" / ")[2]
    return masculine_title(both)


def _summary(draft: CvDraft) -> str:
    """Writes the opening paragraph and sentences about wishes; both may be missing."""
    sentences = []
    if draft.happens(draft.config.summary_share):
        template = pick_one(draft.draw, draft.phrases.templates["summaries"])
        slots = slots_of(template)
        sentences.append(draft.agree(_summary_values(draft, slots).write(template)))
        if slots & {"place", "at"}:
            draft.told.add("place")
    for fact in ("contract", "remote", "hours", "salary"):
        said, mark = draft.happens(draft.config.wish_told_share), draft.draw()
        values = _wish(draft, fact)
        if said and values is not None:
            templates = draft.phrases.wishes[fact]
            sentences.append(draft.agree(values.write(templates[int(mark * len(templates))])))
            draft.told.add(fact)
    return " ".join(sentences)


def _summary_values(draft: CvDraft, slots: set[str]) -> Values:
    person, values = draft.person, draft.values()
    one, two = pick_many(draft.draw, draft.phrases.traits, 2)
    years = _years_in_words(draft)
    place = person.place.name
    values.update(
        years=years,
        Years=years[0].upper() + years[1:],
        place=place,
        at=at_place(place),
        trait=one[person.woman],
        Trait=one[person.woman].capitalize(),
        trait2=two[person.woman],
        reach="",
    )
    if "reach" in slots and draft.happens(draft.config.radius_told_share):
        kind = "anywhere" if person.radius_km >= ANYWHERE_KM else "radius"
        values["km"] = f"{person.radius_km:.0f}"
        values["reach"] = " " + values.write(draft.phrases.reach[kind])
        draft.told.add("radius")
    return values


def _years_in_words(draft: CvDraft) -> str:
    years = draft.person.years
    if draft.english:
        return f"{years} years" if years > 1 else "a first year"
    return f"{years} ans" if years > 1 else "une première année"


def _wish(draft: CvDraft, fact: str) -> Values | None:
    """Returns the values of a sentence about a wish; ``None`` where there is no such wish."""
    person, values = draft.person, draft.values()
    if fact == "contract":
        named = [draft.phrases.contracts[kind] for kind in sorted(person.contracts)]
        values["contract"] = (" or " if draft.english else " ou ").join(named)
        return values if named else None
    if fact == "salary":
        thousands, rest = divmod(person.salary_min, 1000)
        values["salary"] = f"{thousands}{',' if draft.english else ' '}{rest:03d}"
        values["salary_k"] = str(thousands)
        return values if person.salary_min else None
    wished = person.remote > 0 if fact == "remote" else "shift" in person.hours
    return values if wished else None


def _interests(draft: CvDraft) -> tuple[str, ...]:
    shown, count = draft.happens(0.6), 2 + int(draft.draw() * 3)
    found = pick_many(draft.draw, draft.phrases.words["interests"], count)
    return tuple(found) if shown else ()


def _headings(draft: CvDraft) -> Mapping[str, str]:
    """Returns the person's headings: the usual ones of most, others of some."""
    if draft.happens(0.5):
        return {}
    return {name: pick_one(draft.draw, texts) for name, texts in draft.phrases.headings.items()}


def _profiles(draft: CvDraft, headline: str) -> tuple[Mapping[str, str], ...]:
    main, other = ("Main", "Other search") if draft.english else ("Principal", "Autre recherche")
    second = draft.person.second
    if second is None:
        return ({"name": main, "title": headline},)
    return (
        {"name": main, "title": headline},
        {"name": other, "title": write_title(draft, second)},
    )
