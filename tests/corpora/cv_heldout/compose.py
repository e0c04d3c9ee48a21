"""From a person and a place in the plan to what is printed (sheet) and what it says (label).

A layout only places the sheet's strings; it never changes them but for capitals and the spacing of
headings. So one label holds for the text file and its scan.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.corpora.cv_heldout.people import Job, Person, Study
from tests.corpora.cv_heldout.periods import STYLES, period

HERE = Path(__file__).parent
# Layouts that print a heading over the contact lines.
CONTACT_HEADING = {"right_bar", "bands", "grid", "spaced", "word_boxes"}
ORDERS = (
    "summary experience education skill_hard language certification skill_soft interest other",
    "summary skill_hard experience education certification language skill_soft interest other",
    "summary education experience certification skill_soft skill_hard language other interest",
)
SKILLS_FIRST = (
    "summary skill_hard skill_soft experience certification education language interest other"
)
LEVELS = {
    "fr": {
        "A1": "débutant",
        "A2": "notions",
        "B1": "intermédiaire",
        "B2": "bon niveau",
        "C1": "courant",
        "C2": "bilingue",
    },
    "en": {
        "A1": "beginner",
        "A2": "basic",
        "B1": "intermediate",
        "B2": "upper intermediate",
        "C1": "fluent",
        "C2": "bilingual",
    },
}
PHONES = {
    "spaced": "{0} {1} {2} {3} {4}",
    "dots": "{0}.{1}.{2}.{3}.{4}",
    "dashes": "{0}-{1}-{2}-{3}-{4}",
    "tight": "{0}{1}{2}{3}{4}",
    "plus": "+33 {short} {1} {2} {3} {4}",
    "plus_zero": "+33 (0){short} {1} {2} {3} {4}",
    "plus_dots": "(+33) {short}.{1}.{2}.{3}.{4}",
    "double_zero": "00 33 {short} {1} {2} {3} {4}",
}
NAMES = ("{first} {last}", "{first} {LAST}", "{LAST} {first}", "{FIRST} {LAST}")
PLACES = ("{street}, {postcode} {city}", "{postcode} {city}", "{city} ({department})", "{city}")
ADDRESSES = ("{first}.{last}", "{f}.{last}", "{last}.{first}", "{first}_{last}", "{f}{last}{n}")
HEADERS = ("title_first", "employer_first", "dash", "at_home", "comma", "dots", "pipe")


@dataclass(frozen=True)
class Slot:
    """One CV of the plan."""

    cv_id: str
    layout: str
    row: int
    person: Person


@cache
def wordings() -> dict[str, list[dict[str, str]]]:
    """The sets of headings, by language."""
    loaded: dict[str, list[dict[str, str]]] = yaml.safe_load(
        (HERE / "wordings.yaml").read_text(encoding="utf-8")
    )
    return loaded


def ascii_word(text: str) -> str:
    """Small letters without accents, for addresses and ids."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "".join(sign for sign in bare.lower() if sign.isalnum())


def _contact(person: Person, rng: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    block = ("06", "39", "98") if person.number % 6 else ("01", "99", "00")
    tail = (f"{(person.number * 37) % 100:02d}", f"{(person.number * 53 + 11) % 100:02d}")
    digits = (*block, *tail)
    phone = PHONES[rng.choice(sorted(PHONES))].format(*digits, short=digits[0][1])
    first, last = ascii_word(person.first), ascii_word(person.last)
    number = 50 + person.number % 50
    address = rng.choice(ADDRESSES).format(first=first, last=last, f=first[0], n=number)
    email = f"{address}@example.{'fr' if person.lang == 'fr' else 'com'}"
    name = rng.choice(NAMES).format(
        first=person.first,
        last=person.last,
        FIRST=person.first.upper(),
        LAST=person.last.upper(),
    )
    form = rng.choice(PLACES)
    place = form.format(
        street=person.street,
        postcode=person.postcode,
        city=person.city,
        department=person.postcode[:3] if person.postcode[:2] == "97" else person.postcode[:2],
    )
    sheet = {"name": name, "phone": phone, "email": email, "place": place, "link": person.link}
    label = {
        "first_name": person.first,
        "last_name": person.last,
        "email": email,
        "phone": "+33" + "".join(digits)[1:],
        "city": person.city,
        "postcode": person.postcode if "{postcode}" in form else None,
        "street": person.street if "{street}" in form else None,
    }
    return sheet, label


def _header(style: str, job: Job, lang: str) -> tuple[str, str]:
    home = {"fr": "chez", "en": "at"}[lang]
    return {
        "title_first": (job.title, f"{job.employer}, {job.city}"),
        "employer_first": (f"{job.employer.upper()} – {job.city}", job.title),
        "dash": (f"{job.employer} ({job.city}) — {job.title}", ""),
        "at_home": (f"{job.title} {home} {job.employer}, {job.city}", ""),
        "comma": (f"{job.title}, {job.employer}, {job.city}", ""),
        "dots": (f"{job.title} · {job.employer} · {job.city}", ""),
        "pipe": (f"{job.employer} | {job.city}", job.title),
    }[style]


def _jobs(slot: Slot, dates: str, header: str) -> tuple[list[Any], list[Any]]:
    sheets, labels = [], []
    for job in slot.person.jobs:
        text, when = period(job, dates, slot.person.lang)
        head, sub = _header(header, job, slot.person.lang)
        sheets.append(
            {
                "dates": text,
                "head": head,
                "sub": sub,
                "title": job.title,
                "employer": job.employer,
                "city": job.city,
                "missions": list(job.missions),
            }
        )
        entry = {"title": job.title, "employer": job.employer, "city": job.city, **when}
        labels.append({**entry, "dates_text": text, "missions": list(job.missions)})
    return sheets, labels


def _studies(person: Person, rng: random.Random) -> tuple[list[Any], list[Any]]:
    style = rng.choice(("two_lines", "dash", "school_first", "comma"))
    year = rng.choice(
        ("{}", "{}", "({})", "obtenu en {}" if person.lang == "fr" else "class of {}")
    )

    def shown(study: Study) -> tuple[str, str]:
        return {
            "two_lines": (study.degree, f"{study.school}, {study.city}"),
            "dash": (f"{study.degree} – {study.school}, {study.city}", ""),
            "school_first": (f"{study.school} ({study.city}) : {study.degree}", ""),
            "comma": (f"{study.degree}, {study.school}", study.city),
        }[style]

    sheets, labels = [], []
    for study in person.studies:
        head, sub = shown(study)
        text = study.years if "-" in study.years else year.format(study.years)
        entry = {"degree": study.degree, "school": study.school, "city": study.city}
        sheets.append({"dates": text, "head": head, "sub": sub, **entry})
        start, _, end = study.years.rpartition("-")
        labels.append({**entry, "start": start or None, "year": end, "dates_text": text})
    return sheets, labels


def _languages(person: Person, rng: random.Random, layout: str) -> tuple[list[str], list[Any]]:
    styles = ["code", "words", "both", "brackets"] + ["dots"] * (layout == "bands") * 4
    style = rng.choice(styles)
    sheets, labels = [], []
    for name, level in person.langs:
        code = level if level in LEVELS["fr"] else None
        words = LEVELS[person.lang].get(level, level)
        steps = ["A1", "A2", "B1", "B2", "C1", "C2"].index(code) if code else 5
        colon = " : " if person.lang == "fr" else ": "
        sheets.append(
            {
                "code": f"{name}{colon}{level}",
                "words": f"{name}{colon}{words}",
                "both": f"{name} – {words} ({code})" if code else f"{name} – {words}",
                "brackets": f"{name} ({words})",
                "dots": f"{name} {'●' * max(1, steps)}{'○' * (5 - max(1, steps))}",
            }[style]
        )
        said = {"code": level, "dots": None}.get(style, words)
        shown_code = code if style in {"code", "both"} else None
        labels.append({"language": name, "level": said, "cefr": shown_code})
    return sheets, labels


def _skills(person: Person, rng: random.Random, layout: str) -> dict[str, Any]:
    """How the skills are shown: by theme, as a list, in one line, as a sentence or with bars."""
    ways = {"functional": ["themes"], "bands": ["bars"]}
    way = rng.choice(ways.get(layout, ["themes", "list", "line", "themes_line", "sentence"]))
    flat = [skill for group in person.skills.values() for skill in group]
    lead = {"fr": "Je maîtrise : ", "en": "Working knowledge of "}[person.lang]
    tie = {"fr": " et ", "en": " and "}[person.lang]
    return {
        "way": way,
        "groups": [{"theme": name, "items": list(group)} for name, group in person.skills.items()],
        "items": flat,
        "line": rng.choice((", ", " • ", " / ")).join(flat),
        "sentence": f"{lead}{', '.join(flat[:-1])}{tie}{flat[-1]}.",
    }


def compose(slot: Slot) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the sheet that a layout places and the label of the CV."""
    person, lang = slot.person, slot.person.lang
    rng = random.Random(f"heldout-{slot.cv_id}")
    sets = wordings()[lang]
    # The bilingual set goes with the layout that imitates LaTeX classes; the others take turns.
    chosen = sets[-1] if slot.layout == "latex" and slot.row % 2 else sets[slot.row % len(sets)]
    dates = STYLES[lang][(slot.row * 3 + len(slot.layout)) % len(STYLES[lang])]
    if slot.layout == "functional" and lang == "fr" and slot.row % 3 == 0:
        dates = "duration"
    contact, contact_label = _contact(person, rng)
    jobs, job_labels = _jobs(slot, dates, rng.choice(HEADERS))
    studies, study_labels = _studies(person, rng)
    langs, lang_labels = _languages(person, rng, slot.layout)
    facts_apart = bool(person.facts) and rng.random() < 0.4
    likes = list(person.likes) if rng.random() < 0.8 else []
    bodies: dict[str, Any] = {
        "summary": person.about,
        "experience": jobs,
        "education": studies,
        "skill_hard": _skills(person, rng, slot.layout),
        "skill_soft": list(person.soft),
        "language": langs,
        "certification": list(person.certs),
        "interest": likes,
        "other": list(person.facts) if facts_apart else [],
    }
    order = (SKILLS_FIRST if slot.layout == "functional" else rng.choice(ORDERS)).split()
    kinds = [kind for kind in order if bodies[kind]]
    sheet = {
        "lang": lang,
        "title": person.title,
        "facts": [] if facts_apart else list(person.facts),
        "contact_heading": chosen["contact"] if slot.layout in CONTACT_HEADING else "",
        "sections": [
            {"type": kind, "heading": chosen[kind], "body": bodies[kind]} for kind in kinds
        ],
        "inline": rng.choice((" • ", " – ", ", ")),
        "row": slot.row,
        **contact,
    }
    return sheet, {
        "id": slot.cv_id,
        "layout": slot.layout,
        "lang": lang,
        "contact": contact_label,
        "title": person.title,
        "summary": person.about or None,
        "sections": ([["contact", sheet["contact_heading"]]] if sheet["contact_heading"] else [])
        + [[kind, chosen[kind]] for kind in kinds],
        "experience": job_labels,
        "education": study_labels,
        "skill_hard": [skill for group in person.skills.values() for skill in group],
        "skill_soft": list(person.soft),
        "language": lang_labels,
        "certification": list(person.certs),
        "social_link": [person.link] if person.link else [],
        "interest": likes,
        "facts": list(person.facts),
    }
