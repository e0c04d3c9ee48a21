"""Parts of a description: profile, conditions, and what recruiters add."""

from __future__ import annotations

from collections.abc import Mapping

from jobmatch_ml.reference import Skill
from jobmatch_ml.world.offer_draft import Draft
from jobmatch_ml.world.phrases_grammar import Draw, pick_many, pick_one
from jobmatch_ml.world.phrases_offers import Note


def profile_lines(draft: Draft, skills: Mapping[str, Skill]) -> list[str]:
    """Writes who is looked for: qualities, experience, diploma, skills, licence."""
    draw, offer, config = draft.values.draw, draft.offer, draft.config
    lines = [draft.sentence("quality_sentences")]
    if offer.years == 0:
        lines.append(draft.claim("years", "experience_none"))
    elif draw() < 0.8:
        draft.values["years"] = _years_words(draw, offer.years)
        lines.append(draft.claim("years", "experience_some"))
    if offer.occupation.diplomas and draw() < config.qualification_share:
        draft.values["diploma"] = pick_one(draw, offer.occupation.diplomas)
        lines.append(draft.sentence("qualification_sentences"))
    if offer.required and draw() < config.skills_in_text_share:
        # Not everyone lists everything.
        known = [skill for skill in offer.required if draw() < 0.9] or [offer.required[0]]
        draft.values["skills"] = ", ".join(skills[skill].offer for skill in known)
        lines.append(draft.sentence("skill_sentences"))
        if offer.wished and draw() < 0.5:
            draft.values["skills"] = ", ".join(skills[skill].offer for skill in offer.wished)
            lines.append(draft.sentence("wish_sentences"))
    if offer.licence and draw() < config.conditions_in_text_share:
        lines.append(draft.claim("licence", "licence"))
    return lines


def _years_words(draw: Draw, years: int) -> str:
    if years == 1:
        return pick_one(draw, ("1 an", "12 mois", "1 an"))
    words = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq"}
    if draw() < 0.2 and years in words:
        return f"{words[years]} ans"
    return f"{years} ans"


def condition_lines(draft: Draft, *, told_place: bool) -> list[str]:
    """Writes where, under which contract, for what pay and when the work is done."""
    draw, offer, config = draft.values.draw, draft.offer, draft.config
    share = config.conditions_in_text_share
    lines = []
    if told_place and draw() < 0.5:
        lines.append(draft.claim("place", "place_sentences"))
    if draw() < 0.4:
        lines.append(draft.claim("contract", "contract_sentences"))
    if offer.salary[1] > 0 and draw() < config.salary_in_text_share:
        draft.values["salary"] = salary_words(draw, offer.salary)
        lines.append(draft.claim("salary", "salary_sentences"))
    elif draw() < 0.2:
        lines.append(draft.sentence("salary_vague"))
    if offer.remote and draw() < share:
        lines.append(draft.claim("remote", "remote_some" if offer.remote == 1 else "remote_all"))
    elif not offer.remote and draw() < 0.04:
        lines.append(draft.claim("remote", "remote_none"))
    if offer.hours != "day" and draw() < share:
        lines.append(
            draft.claim("hours", "hours_part" if offer.hours == "part_time" else "hours_shift")
        )
    elif offer.hours == "day" and draw() < share / 2:
        lines.append(draft.claim("hours", "hours_day"))
    return lines


def salary_words(draw: Draw, salary: tuple[int, int]) -> str:
    """Returns a yearly salary in the words of a text: per year, month or hour, one or two bounds.

    Example:
        >>> salary_words(lambda: 0.0, (30_000, 36_000))
        'entre 30 et 36 K€ bruts annuels'
    """
    low, high = salary
    kind = int(draw() * 6)
    if kind == 0:
        return f"entre {round(low / 1000)} et {round(high / 1000)} K€ bruts annuels"
    if kind == 1:
        return f"{round(low / 1000)}-{round(high / 1000)}k€"
    if kind == 2:
        return f"à partir de {round(low / 12, -1):.0f} € brut mensuel"
    if kind == 3:
        return f"{low / 1820:.2f} € brut de l'heure".replace(".", ",")
    if kind == 4:
        return f"{round(low, -2):,} à {round(high, -2):,} euros bruts par an".replace(",", " ")
    return f"{round(low / 12, -1):.0f} à {round(high / 12, -1):.0f} € bruts/mois"


def extra_lines(draft: Draft) -> list[tuple[str, list[str]]]:
    """What most recruiters add, in the order in which it is added while there is room."""
    company, draw = draft.company, draft.values.draw
    outros = pick_many(draw, company.style.outros, 2)
    extras = [
        ("process", [draft.sentence("process")]),
        ("about", list(company.about)),
        ("offer", [draft.write(outros[0])]),
        ("benefits", list(company.benefits[: 2 + int(draw() * len(company.benefits))])),
        ("profile", [draft.sentence("quality_sentences")]),
        ("notice", [company.notices[0]]),
        ("offer", [draft.write(each) for each in outros[1:]]),
        ("notice", [company.notices[1]]),
    ]
    chosen = [extra for extra in extras if draw() < 0.72]
    for note in draft.phrases.notes:
        if draw() < _share_of(note, draft):
            chosen.insert(0, ("offer", [draft.write(note.text)]))
    return chosen


def _share_of(note: Note, draft: Draft) -> float:
    """How likely a sentence of its time is on the day of an offer."""
    offer = draft.offer
    if note.months and offer.created_at.month not in note.months:
        return 0.0
    if note.domains and offer.occupation.domain not in note.domains:
        return 0.0
    day, ramp = offer.created_at.toordinal(), draft.phrases.ramp_days
    rising = min(1.0, max(0.0, (day - note.since) / ramp + 0.5)) if note.since else 1.0
    fading = min(1.0, max(0.0, (note.until - day) / ramp + 0.5))
    return note.share * rising * fading


def fill_up(draft: Draft, sections: dict[str, list[str]], *, missing: int) -> None:
    """Fills a text up to its length with sentences that could be in any offer."""
    draw = draft.values.draw
    places = ("intro", "offer", "profile", "task", "task", "about", "benefits", "offer")
    names = ("fillers", "fillers", "quality_sentences", "common_tasks", "common_tasks", "fillers",
             "benefits", "process")  # fmt: skip
    while missing > 0:
        which = int(draw() * len(places))
        line = draft.sentence(names[which])
        sections.setdefault(places[which], []).append(line)
        missing -= len(line) + 3
