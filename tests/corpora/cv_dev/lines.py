"""Wordings of the time lines, forms and dense sheets: headings and dates of their own."""

# ruff: noqa: C901, E501, PLR0911 - one way of writing a branch

from __future__ import annotations

from tests.corpora.cv_dev.sheet import Person
from tests.corpora.cv_dev.wild import _MONTHS, _SHORT, WildSheet

HEADINGS: dict[str, dict[str, str]] = {
    "fr": {
        "summary": "Profil|En bref|Présentation|Objectif|Qui suis-je|Ce que je cherche",
        "experience": "Expérience|Expériences professionnelles|Parcours professionnel|Emplois occupés|"
        "Activité professionnelle|Mon parcours|Carrière|Expérience professionnelle",
        "education": "Formation|Études|Diplômes|Formation et diplômes|Parcours de formation|Études et diplômes",
        "skill_hard": "Compétences|Savoir-faire|Compétences techniques|Connaissances|"
        "Compétences professionnelles|Domaines de compétences|Outils et méthodes",
        "skill_soft": "Qualités|Savoir-être|Points forts|Atouts",
        "language": "Langues|Langues étrangères|Langues parlées|Connaissances linguistiques",
        "certification": "Certifications|Habilitations et permis|Certificats|Permis et certifications",
        "interest": "Centres d'intérêt|Loisirs|Activités et loisirs|Intérêts",
        "contact": "Contact|Coordonnées|État civil",
    },
    "en": {
        "summary": "Profile|Summary|Personal profile|Objective",
        "experience": "Experience|Employment|Work experience|Professional experience|Career",
        "education": "Education|Degrees|Education and training|Academic background",
        "skill_hard": "Skills|Technical skills|Key skills|Skills and tools",
        "skill_soft": "Strengths|Personal qualities|Soft skills",
        "language": "Languages|Language skills",
        "certification": "Certifications|Certificates|Licences and certificates",
        "interest": "Interests|Leisure|Hobbies",
        "contact": "Contact|Contact details",
    },
}
DATES = (
    "since_month", "two_points", "years", "years_since", "iso", "from_to", "short_dash",
    "abbreviated", "years_lasting", "month_slash", "capital_from",
)  # fmt: skip
YEARS_ONLY = ("years", "years_since", "years_lasting")


class LineSheet(WildSheet):
    """A sheet with other headings and dates; English headings over French text where told."""

    def __init__(self, person: Person, number: int, *, english: bool = False) -> None:
        super().__init__(person, number + 1000)
        self.dates = DATES[number % len(DATES)]
        self.headings = HEADINGS["en" if english else self.lang]
        self.english = english
        if self.lang == "fr":
            self.now = ("aujourd'hui", "à ce jour", "présent", "en cours", "actuel")[number % 5]

    def words(self, kind: str, *, upper: bool = False) -> str:
        """Notes a section and returns its heading's words."""
        words = self.draw.choice(self.headings[kind].split("|"))
        self.sections.append((kind, words))
        return words.upper() if upper else words

    def points(self, job: Person) -> tuple[str, str]:
        """Beginning and end as a time line writes them one above the other."""
        start, end = job["start"], job.get("end")
        if self.dates in YEARS_ONLY:
            return start[:4], end[:4] if end else self.now
        first = f"{start[5:]}/{start[:4]}"
        return first, f"{end[5:]}/{end[:4]}" if end else self.now

    def period(self, job: Person) -> str:
        """A job's dates as this CV writes them."""
        start, end = job["start"], job.get("end")
        french, sort = self.lang == "fr", self.dates
        first, last = start[:4], end[:4] if end else self.now
        since = "depuis" if french else "since"
        if sort == "years":
            return first if first == last else f"{first}-{last}"
        if sort == "years_since":
            return (
                f"{since} {first}" if not end else first if first == last else f"{first} – {last}"
            )
        if sort == "years_lasting":
            span = (int(last) if end else 2025) - int(first)
            unit = ("an" if french else "year") + ("s" if span > 1 else "")
            return first if not span else f"{first} – {last} ({span} {unit})"
        names = _SHORT if sort in ("abbreviated", "capital_from") else _MONTHS
        begin, stop = self._point(start, names), self._point(end, names) if end else self.now
        if sort == "since_month":
            return f"{since} {begin}" if not end else f"{begin} – {stop}"
        if sort == "two_points":
            return f"{start[5:]}.{first} – {end[5:] + '.' + last if end else self.now}"
        if sort == "iso":
            return f"{start} – {end or self.now}"
        if sort == "from_to":
            return (
                f"de {begin} à {stop}"
                if french and end
                else f"{since} {begin}"
                if not end
                else f"from {begin} to {stop}"
            )
        if sort == "short_dash":
            return f"{start[5:]}/{first}-{end[5:] + '/' + last if end else self.now}"
        if sort == "abbreviated":
            return f"{begin} - {stop}"
        if sort == "month_slash":
            return f"{begin} / {stop}"
        return f"{begin.capitalize()} – {stop.capitalize()}"

    def shown(self, when: str | None) -> str | None:
        """A month to the precision that is printed."""
        return when[:4] if when and self.dates in YEARS_ONLY else when
