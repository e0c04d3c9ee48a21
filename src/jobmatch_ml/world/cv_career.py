"""A career as a CV tells it: positions with dates in many forms, employers, diplomas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from jobmatch_ml.documents import CvEducation, CvExperience
from jobmatch_ml.world.cv_draft import CvDraft, months_before, write_title
from jobmatch_ml.world.facts import Position
from jobmatch_ml.world.french import of_place, quick_typos
from jobmatch_ml.world.phrases_grammar import pick_many, pick_one

Period = Callable[[CvDraft, date, date | None], str]


def write_experiences(draft: CvDraft) -> tuple[CvExperience, ...]:
    """Writes the positions, latest first, all dates in one form."""
    forms = _ENGLISH_FORMS if draft.english else _FRENCH_FORMS
    period = pick_one(draft.draw, forms)
    return tuple(_experience(draft, position, period) for position in draft.person.career)


def _experience(draft: CvDraft, position: Position, period: Period) -> CvExperience:
    draw = draft.draw
    title = write_title(draft, position.occupation)
    if draft.happens(0.1):
        title += f" {draft.say('title_notes')}"
    start = months_before(draft.today, position.start_months_ago)
    ended = position.end_months_ago
    end = months_before(draft.today, ended) if ended else None
    away, told_town = draft.happens(0.2), draft.happens(0.85)
    town = pick_one(draw, draft.places).name if away else draft.person.place.name
    values = draft.values()
    values["of"] = of_place(town)
    employers, closed = draft.phrases.employers_of(position.occupation.code)
    if draft.happens(0.3) and not closed:
        employers = draft.phrases.employers["any"]
    employer = values.write(pick_one(draw, employers))
    return CvExperience(
        title=title,
        employer=employer,
        place=town if told_town else "",
        start=start,
        end=end,
        bullets=_bullets(draft, position),
        period=period(draft, start, end),
    )


def _bullets(draft: CvDraft, position: Position) -> tuple[str, ...]:
    config = draft.config
    bullets = []
    for task in pick_many(draft.draw, position.occupation.tasks, 2 + int(draft.draw() * 3)):
        own = draft.happens(config.own_wording_share)
        bullets.append(task.en if draft.english and task.en else task.cv if own else task.offer)
    if draft.happens(0.45):
        bullets.append(draft.say("bullets"))
    return tuple(quick_typos(draft.draw, bullet, config.typo_rate) for bullet in bullets)


def write_education(draft: CvDraft) -> tuple[CvEducation, ...]:
    """Writes the diplomas, latest first; the first one is older than the first position."""
    person = draft.person
    oldest = person.career[-1] if person.career else None
    months = oldest.start_months_ago if oldest else 6
    year = months_before(draft.today, months).year
    held = oldest.occupation if oldest and draft.happens(0.3) else person.occupation
    diplomas = []
    if held.diplomas:
        diplomas.append(_diploma(draft, pick_one(draft.draw, held.diplomas), year))
    if draft.happens(0.35) or not diplomas:
        leaving = pick_one(draft.draw, draft.phrases.school_leaving)
        diplomas.append(_diploma(draft, leaving, year - 2 - int(draft.draw() * 3)))
    return tuple(diplomas)


def _diploma(draft: CvDraft, title: str, year: int) -> CvEducation:
    school = pick_one(draft.draw, draft.phrases.schools_of(title))
    return CvEducation(title, draft.values().write(school), year)


def _figures(sign: str, dash: str) -> Period:
    def write(draft: CvDraft, start: date, end: date | None) -> str:
        first = f"{start.month:02d}{sign}{start.year}"
        return (
            f"{first}{dash}{end.month:02d}{sign}{end.year}"
            if end
            else f"{first}{dash}{_now(draft)}"
        )

    return write


def _words(months: str, dash: str) -> Period:
    def write(draft: CvDraft, start: date, end: date | None) -> str:
        names = draft.phrases.words[months]
        first = f"{names[start.month - 1]} {start.year}"
        if end is None:
            return f"{first}{dash}{_now(draft)}"
        return f"{first}{dash}{names[end.month - 1]} {end.year}"

    return write


def _since(draft: CvDraft, start: date, end: date | None) -> str:
    names = draft.phrases.words["months"]
    first = f"{names[start.month - 1]} {start.year}"
    if draft.english:
        return f"from {first} to {names[end.month - 1]} {end.year}" if end else f"since {first}"
    elided = "D'" if first[0] in "ao" else "De "
    return f"{elided}{first} à {names[end.month - 1]} {end.year}" if end else f"Depuis {first}"


def _years(draft: CvDraft, start: date, end: date | None) -> str:
    if end is None:
        return f"{start.year} - {_now(draft)}"
    return str(start.year) if start.year == end.year else f"{start.year} - {end.year}"


def _lasting(draft: CvDraft, start: date, end: date | None) -> str:
    last = end or draft.today
    months = (last.year - start.year) * 12 + last.month - start.month
    years, rest = divmod(max(months, 1), 12)
    return (
        f"{_figures('/', ' – ')(draft, start, end)} ({_length(years, rest, english=draft.english)})"
    )


def _length(years: int, months: int, *, english: bool) -> str:
    units = ("year", "month") if english else ("an", "mois")
    parts = [
        f"{count} {unit}{'s' if count > 1 and unit != 'mois' else ''}"
        for count, unit in zip((years, months), units, strict=True)
        if count
    ]
    return (" " if english else " et ").join(parts)


def _now(draft: CvDraft) -> str:
    return "present" if draft.english else "aujourd'hui"


_FRENCH_FORMS: Sequence[Period] = (
    _figures("/", " - "),
    _figures("/", " – "),
    _figures(".", " - "),
    _words("months", " – "),
    _words("short_months", " - "),
    _words("months", " à "),
    _since,
    _years,
    _lasting,
)
_ENGLISH_FORMS: Sequence[Period] = (
    _figures("/", " - "),
    _words("short_months", " – "),
    _words("months", " - "),
    _since,
    _years,
    _lasting,
)
