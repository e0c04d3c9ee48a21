"""How the development CVs word things: headings, dates, languages. Varies by number."""

# ruff: noqa: PLR0911 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "fr": {
        "summary": ("Profil", "À propos de moi", "En quelques mots", "Accroche", "Mon projet"),
        "experience": (
            "Expérience professionnelle",
            "Parcours",
            "Mes expériences",
            "Parcours professionnel",
            "Expériences",
            "Carrière",
            "Emplois et stages",
        ),
        "education": (
            "Formation",
            "Formation & diplômes",
            "Cursus",
            "Études et diplômes",
            "Mon parcours scolaire",
            "Diplômes",
        ),
        "skill_hard": (
            "Compétences",
            "Savoir-faire",
            "Mes compétences",
            "Compétences clés",
            "Ce que je sais faire",
            "Compétences techniques",
        ),
        "skill_soft": ("Savoir-être", "Qualités", "Atouts", "Mes qualités humaines"),
        "language": ("Langues", "Langues parlées", "Langues étrangères"),
        "certification": ("Certifications", "Permis et habilitations", "Certificats et permis"),
        "interest": ("Centres d'intérêt", "Loisirs", "En dehors du travail", "Passions"),
        "contact": ("Contact", "Coordonnées", "Me joindre"),
    },
    "en": {
        "summary": ("Profile", "About me", "Summary"),
        "experience": (
            "Experience",
            "Work experience",
            "Career so far",
            "Employment history",
            "Positions held",
        ),
        "education": ("Education", "Academic background", "Degrees", "Education and training"),
        "skill_hard": ("Skills", "Core skills", "What I can do", "Technical skills"),
        "skill_soft": ("Soft skills", "Personal qualities", "Strengths"),
        "language": ("Languages", "Spoken languages"),
        "certification": ("Certifications", "Licences and certificates"),
        "interest": ("Interests", "Hobbies", "Outside work"),
        "contact": ("Contact", "Contact details"),
    },
}
_LONG = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_NOW = {"fr": ("à ce jour", "aujourd'hui", "présent", "maintenant"), "en": ("present", "now")}
DATE_STYLES = ("figures", "short", "long", "years", "from_to", "dots", "short_years", "since")
YEARS_ONLY = ("years", "short_years")


@dataclass(frozen=True)
class Style:
    """Choices of one CV."""

    number: int
    lang: str
    dates: str

    def heading(self, kind: str) -> str:
        """The section's heading."""
        words = HEADINGS[self.lang][kind]
        return words[self.number % len(words)]

    def month(self, when: str, names: Mapping[str, str]) -> str:
        """A month by name."""
        year, month = when.split("-")
        return f"{names[self.lang].split()[int(month) - 1]} {year}"

    def period(self, start: str, end: str | None) -> str:
        """A period as this CV writes it."""
        now = _NOW[self.lang][self.number % len(_NOW[self.lang])]
        year, figures = start[:4], f"{start[5:]}/{start[:4]}"
        last = f"{end[5:]}/{end[:4]}" if end else now
        french = self.lang == "fr"
        if self.dates == "years":
            return year if end and end[:4] == year else f"{year} – {end[:4] if end else now}"
        if self.dates == "short_years":
            return year if end and end[:4] == year else f"{year}-{end[:4] if end else now}"
        if self.dates == "figures":
            return f"{figures} - {last}"
        if self.dates == "dots":
            return f"{figures} → {last}".replace("/", ".")
        names = _SHORT if self.dates == "short" else _LONG
        begin, stop = self.month(start, names), self.month(end, names) if end else now
        if self.dates == "since" and not end:
            return f"{'Depuis' if french else 'Since'} {begin}"
        if self.dates == "from_to":
            if not end:
                return f"Depuis {begin}" if french else f"From {begin} to {now}"
            return f"De {begin} à {stop}" if french else f"From {begin} to {stop}"
        return f"{begin} – {stop}"

    def shown(self, when: str | None) -> str | None:
        """A month to the precision that is printed."""
        return when[:4] if when and self.dates in YEARS_ONLY else when


def language_text(item: list[str], number: int) -> str:
    """A language with its level."""
    name, level, code = item
    forms = [f"{name} : {level}", f"{name} ({level})", f"{name} – {level}"]
    if code:
        forms = [f"{name} : {level} ({code})", f"{name} {code}", f"{name} – {level} {code}"]
    return forms[number % 3]


def label_of(
    person: dict[str, Any], style: Style, sections: list[tuple[str, str]]
) -> dict[str, Any]:
    """The truth of one CV, in the form of ``cv_heldout``'s labels."""
    kinds = {kind for kind, _ in sections}
    contact = dict(person["contact"])
    contact["first_name"], contact["last_name"] = person["name"]
    return {
        "lang": style.lang,
        "scan_of": None,
        "contact": contact,
        "sections": sections,
        "experience": [
            {
                "title": job["title"],
                "employer": job["employer"],
                "city": job["city"],
                "start": style.shown(job["start"]),
                "end": style.shown(job.get("end")),
                "current": "end" not in job,
            }
            for job in person["jobs"]
        ],
        "education": person["degrees"],
        "skill_hard": [item for items in person["skills"].values() for item in items],
        "skill_soft": person["soft"] if "skill_soft" in kinds else [],
        "language": [
            {"language": name, "level": level, "cefr": code}
            for name, level, code in person["languages"]
        ],
        "certification": person["certifications"] if "certification" in kinds else [],
        "interest": person["interests"] if "interest" in kinds else [],
        "summary": person["summary"] if "summary" in kinds else None,
        "facts": [],
    }
