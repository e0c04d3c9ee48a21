"""An offer in a recruiter's words: its title and its description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jobmatch_ml.reference import Occupation, Skill
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.french import add_typos, at_place, masculine_side, of_place
from jobmatch_ml.world.phrases import Style, load_phrases
from jobmatch_ml.world.randomness import chance, pick, pick_some, pick_weighted


@dataclass(frozen=True, slots=True)
class OfferText:
    """The written side of an offer."""

    title: str
    description: str
    company: str
    style: Style


def write_offer(
    rng: np.random.Generator,
    offer: OfferFacts,
    config: OfferConfig,
    *,
    occupations: Mapping[str, Occupation],
    skills: Mapping[str, Skill],
) -> OfferText:
    """Writes the title and the description of an offer in one of the recruiters' styles."""
    styles = [item for item in load_phrases().styles if offer.occupation.domain in item.domains]
    style = pick_weighted(rng, {item: item.share for item in styles})
    company = pick(rng, style.companies)
    title = _base_title(rng, offer, config)
    told = chance(rng, config.place_in_text_share)
    words = {
        "title": masculine_side(title).lower() if chance(rng, 0.5) else title,
        "company": company,
        "at": at_place(offer.place.name) if told else "dans votre région",
        "of": of_place(offer.place.name) if told else "du secteur",
        "sector": offer.occupation.sector.label.lower(),
        "contract": offer.contract,
    }
    parts = [
        pick(rng, style.intros).format(**words),
        _tasks(rng, offer, config, style=style, occupations=occupations),
        _profile(rng, offer, config, style=style, skills=skills),
        *(phrase.format(**words) for phrase in pick_some(rng, style.outros, 2)),
    ]
    description = _fit(rng, parts, config)
    return OfferText(
        title=_dress_title(rng, title, offer),
        description=add_typos(rng, description, config.typo_rate),
        company=f"{company} {of_place(offer.place.name)}".upper() if _is_public(style) else company,
        style=style,
    )


def _is_public(style: Style) -> bool:
    return style.name == "administration"


def _base_title(rng: np.random.Generator, offer: OfferFacts, config: OfferConfig) -> str:
    occupation = offer.occupation
    if chance(rng, config.vague_title_share):
        return load_phrases().vague_titles[occupation.domain]
    if chance(rng, config.other_title_share):
        return pick(rng, occupation.offer_titles)
    if occupation.masculine == occupation.feminine:
        return occupation.masculine
    return f"{occupation.masculine} / {occupation.feminine}"


def _dress_title(rng: np.random.Generator, title: str, offer: OfferFacts) -> str:
    """Adds gender marks and extras in the many ways that recruiters do."""
    short = masculine_side(title)
    # "Agent / Agente de surveillance" would lose what it is about.
    if len(title) - len(short) > len(short) + 8:
        short = title
    form = pick_weighted(
        rng,
        {
            f"{title} (H/F)": 4,
            f"{short} H/F": 3,
            f"{short} (H/F)": 2,
            f"{short} F/H": 1,
            f"{short.upper()} (H/F)": 2,
            title: 1,
        },
    )
    extra = pick_weighted(
        rng,
        {"": 7, f" - {offer.contract}": 1, f" - {offer.place.name}": 1, " - URGENT": 0.2},
    )
    return form + extra


def _tasks(
    rng: np.random.Generator,
    offer: OfferFacts,
    config: OfferConfig,
    *,
    style: Style,
    occupations: Mapping[str, Occupation],
) -> str:
    count = int(rng.integers(config.tasks[0], config.tasks[1] + 1))
    tasks = [task.offer for task in pick_some(rng, offer.occupation.tasks, count)]
    # Near-miss occupations share work: their tasks turn up in each other's offers.
    if chance(rng, config.neighbour_task_share):
        neighbour = occupations[pick(rng, offer.occupation.neighbours)]
        tasks[-1] = pick(rng, neighbour.tasks).offer
    if chance(rng, 0.5):
        tasks.append(pick(rng, load_phrases().common_tasks))
    header = pick(rng, style.task_headers)
    if chance(rng, 0.25):  # some write in one breath
        body = ", ".join(task[0].lower() + task[1:] for task in tasks)
        return f"{header} {body}."
    return "\n".join([header, *(f"{style.bullet}{task}" for task in tasks)])


def _profile(
    rng: np.random.Generator,
    offer: OfferFacts,
    config: OfferConfig,
    *,
    style: Style,
    skills: Mapping[str, Skill],
) -> str:
    lines = [pick(rng, style.profile_headers)]
    lines.append(", ".join(words for _, words in pick_some(rng, load_phrases().qualities, 2)) + ".")
    lines.append(_experience(rng, offer.years))
    if chance(rng, config.qualification_share):
        lines.append(f"Formation souhaitée : {pick(rng, offer.occupation.qualifications)}.")
    if chance(rng, config.skills_in_text_share):
        known = [skills[skill].offer for skill in offer.required]
        lines.append(f"Compétences attendues : {', '.join(known)}.")
    return "\n".join(lines)


def _experience(rng: np.random.Generator, years: int) -> str:
    if years == 0:
        return pick(rng, ("Débutant(e) accepté(e).", "Toutes les expériences sont étudiées."))
    plural = "s" if years > 1 else ""
    return pick(
        rng,
        (
            f"Vous justifiez d'au moins {years} an{plural} d'expérience sur un poste similaire.",
            f"Expérience de {years} an{plural} minimum exigée.",
        ),
    )


def _fit(rng: np.random.Generator, parts: list[str], config: OfferConfig) -> str:
    """Fills a description up to a drawn length with phrases that could be in any offer."""
    middle = (config.min_length + config.max_length) / 2
    target = int(np.clip(rng.normal(middle, middle / 4), config.min_length, config.max_length))
    fillers = pick_some(rng, load_phrases().fillers, len(load_phrases().fillers))
    while fillers and sum(map(len, parts)) + len(parts) < target:
        parts.insert(1 + int(rng.integers(len(parts))), fillers.pop())
    text = "\n".join(parts)
    if len(text) <= config.max_length:
        return text
    return text[: text.rfind(" ", 0, config.max_length)]
