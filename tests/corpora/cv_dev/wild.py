"""Wilder wordings of development CVs: what people write, not what is easy to read."""

# ruff: noqa: C901, E501, PLR0911, PLR0912 - one way of writing a branch

from __future__ import annotations

import random
from typing import Any

from tests.corpora.cv_dev.sheet import BOLD, Person, _bullets, _lines, lit, show

HEADINGS: dict[str, dict[str, str]] = {
    "fr": {
        "summary": "Qui suis-je ?|Présentation|Profil personnel|Objectif professionnel|Résumé|"
        "Synthèse|Ma motivation|Profil en bref",
        "experience": "Expériences professionnelles|Mon parcours|Expériences pro|"
        "Vie professionnelle|Postes occupés|Vécu professionnel|Itinéraire professionnel|"
        "Expérience|Activités professionnelles|Mes expériences professionnelles",
        "education": "Formations et diplômes|Parcours de formation|Diplômes obtenus|Études|"
        "Scolarité|Formation académique|Mes études|Formation initiale et continue|"
        "Cursus universitaire|Diplômes & formations",
        "skill_hard": "Domaines de compétence|Compétences professionnelles|Boîte à outils|"
        "Mes savoir-faire|Hard skills|Compétences & outils|Champs d'expertise|"
        "Ce que je maîtrise|Bagage technique|Compétences",
        "skill_soft": "Soft skills|Qualités personnelles|Mes points forts|Savoirs-être|"
        "Personnalité|Traits de caractère",
        "language": "Langues|Langues vivantes|Compétences linguistiques|Niveau de langues|"
        "Je parle|Langues pratiquées",
        "certification": "Certifications & habilitations|Habilitations|Permis et certificats|"
        "Attestations|CACES et habilitations|Titres et certifications",
        "interest": "Centres d'intérêt|Loisirs & passions|Vie personnelle|Mes passions|"
        "Hors du bureau|Activités extra-professionnelles|Mes hobbies|Centres d’intérêts",
        "contact": "Contact|Mes coordonnées|Contactez-moi|Informations|Pour me joindre",
    },
    "en": {
        "summary": "Personal statement|Professional profile|Who I am|Overview",
        "experience": "Professional experience|Work history|Career history|Employment|"
        "Relevant experience|Where I have worked",
        "education": "Education|Education & training|Academic qualifications|Studies|"
        "Qualifications",
        "skill_hard": "Key skills|Areas of expertise|Toolbox|Technical skills|Skills & tools|"
        "Core competencies",
        "skill_soft": "Soft skills|Strengths|Personal attributes",
        "language": "Languages|Language skills|Languages spoken",
        "certification": "Certificates|Licenses & certifications|Professional training",
        "interest": "Interests|Hobbies & interests|Beyond work|Leisure",
        "contact": "Contact|Get in touch|Personal details",
    },
}
ASIDE: dict[str, dict[str, str]] = {
    "fr": {
        "summary": "Bonjour !|Mon objectif|Portrait|Projet",
        "experience": "Mon expérience|Carrière professionnelle|Emplois|Chronologie|Mes postes",
        "education": "Mes diplômes|Parcours scolaire et universitaire|Formation diplômante|École",
        "skill_hard": "Mes compétences métier|Compétences opérationnelles|Mon expertise|"
        "Maîtrise technique|Aptitudes",
        "skill_soft": "Mes forces|Atouts personnels|Aptitudes relationnelles",
        "language": "Mes langues|Langues et niveaux|Pratique des langues",
        "certification": "Certificats|Permis / habilitations|Brevets et permis",
        "interest": "Loisirs et sports|Ce qui me passionne|Temps libre|Sports et loisirs",
        "contact": "Coordonnées|Me contacter|Contacts",
    },
    "en": {
        "summary": "Introduction|In short|Career objective",
        "experience": "Work|Professional background|Career|Roles held",
        "education": "Academic record|Schooling|Education and qualifications",
        "skill_hard": "Expertise|What I bring|Professional skills|Competencies",
        "skill_soft": "Interpersonal skills|Qualities",
        "language": "My languages|Languages and levels",
        "certification": "Licences|Certificates and licences",
        "interest": "Personal interests|Free time|Leisure activities",
        "contact": "Contact information|Reach me",
    },
}
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_SHORT = {
    "fr": "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
DATES = (
    "figures_two", "names", "years_a", "days", "caps", "slash_years", "arrow", "lasting",
    "shared", "since_year", "plain_dash", "en_dash_tight",
)  # fmt: skip
YEARS_ONLY = ("years_a", "slash_years", "lasting", "since_year")
_LEVELS = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 5, "": 5}


class WildSheet:
    """One CV: choices drawn by its number, and what was written."""

    def __init__(self, person: Person, number: int, *, aside: bool = False) -> None:
        self.person, self.lang = person, str(person["lang"])
        self.draw = random.Random(number * 7919 + (500 if aside else 0))
        self.pool = ASIDE if aside else HEADINGS
        self.dates = self.draw.choice(DATES)
        self.now = self.draw.choice(
            ["aujourd'hui", "à ce jour", "présent", "actuellement", "en cours", "auj."]
            if self.lang == "fr" else ["present", "current", "today", "now", "Present"]
        )  # fmt: skip
        self.sections: list[tuple[str, str]] = []
        self.introduced = False  # by a summary without a heading
        self.way = {key: self.draw.randrange(12) for key in ("skill", "lang", "list", "mission")}
        self.capital_name = self.draw.random() < 0.5

    def head(self, kind: str, *, upper: bool = False, **options: str) -> str:
        """Notes a section and returns its heading."""
        return show(self.words(kind, upper=upper), **options)

    def words(self, kind: str, *, upper: bool = False) -> str:
        """Notes a section and returns its heading's words."""
        words = self.draw.choice(self.pool[self.lang][kind].split("|"))
        self.sections.append((kind, words))
        return words.upper() if upper else words

    def name(self) -> str:
        """First and last name."""
        first, last = self.person["name"]
        return f"{first} {last.upper()}" if self.capital_name else f"{first} {last}"

    def _point(self, when: str, names: dict[str, str]) -> str:
        return f"{names[self.lang].split()[int(when[5:]) - 1]} {when[:4]}"

    def period(self, job: Person) -> str:
        """A job's dates as this CV writes them."""
        start, end = job["start"], job.get("end")
        french, sort, now = self.lang == "fr", self.dates, self.now
        first, last = start[:4], end[:4] if end else now
        if sort == "figures_two":
            tail = f"{end[5:]}/{end[2:4]}" if end else now
            return f"{start[5:]}/{start[2:4]} - {tail}"
        if sort == "years_a":
            if end and first == last:
                return first
            return f"{first} {'à' if french and now != 'à ce jour' else 'to' if not french else '–'} {last}"
        if sort == "days":
            if not end:
                return (
                    f"Depuis le 01/{start[5:]}/{first}"
                    if french
                    else f"Since 01/{start[5:]}/{first}"
                )
            return f"01/{start[5:]}/{first} {'au' if french else '-'} 28/{end[5:]}/{last}"
        if sort == "slash_years":
            if end:
                return first if first == last else f"{first}/{last}"
            return f"Depuis {first}" if french else f"Since {first}"
        if sort == "lasting":
            span = (int(last) if end else 2025) - int(first)
            unit = ("an" if french else "year") + ("s" if span > 1 else "")
            return first if not span else f"{first} – {last} ({span} {unit})"
        if sort == "since_year":
            if not end:
                return f"Depuis {first}" if french else f"{first} – {now}"
            return f"De {first} à {last}" if french and first != last else (
                first if first == last else f"{first}–{last}")  # fmt: skip
        if sort == "shared" and end and first == last:
            names = _MONTHS[self.lang].split()
            return f"{names[int(start[5:]) - 1]} - {names[int(end[5:]) - 1]} {last}"
        names = _SHORT if sort in ("caps", "arrow") else _MONTHS
        begin, stop = self._point(start, names), self._point(end, names) if end else now
        if sort == "caps":
            return f"{begin} - {stop}".upper()
        if sort == "arrow":
            return f"{begin} > {stop}"
        if sort == "names":
            if not end:
                return f"Depuis {begin}" if french else f"{begin} to {now}"
            return f"{begin} {'à' if french else 'to'} {stop}"
        if sort == "en_dash_tight":
            figures = f"{end[5:]}/{last}" if end else now
            return f"{start[5:]}/{first}–{figures}"
        return f"{begin[:1].upper()}{begin[1:]} - {stop}"

    def shown(self, when: str | None) -> str | None:
        """A month to the precision that is printed."""
        return when[:4] if when and self.dates in YEARS_ONLY else when

    def contacts(self) -> list[str]:
        """Telephone, e-mail, address."""
        who = self.person["contact"]
        raw = "0" + who["phone"][3:]
        pairs = [raw[at : at + 2] for at in range(0, 10, 2)]
        phone = self.draw.choice([
            " ".join(pairs), ".".join(pairs), "-".join(pairs), raw,
            f"+33 {raw[1]} {' '.join(pairs[1:])}", f"+33 (0){raw[1]} {' '.join(pairs[1:])}",
        ])  # fmt: skip
        place = self.draw.choice([
            f"{who['street']}, {who['postcode']} {who['city']}",
            f"{who['street']} - {who['postcode']} {who['city'].upper()}",
            f"{who['postcode']} {who['city']}", f"{who['city']} ({who['postcode']})",
        ])  # fmt: skip
        marks = self.draw.choice([("", "", ""), ("Tél : ", "Mail : ", ""), ("☎ ", "✉ ", "⌂ "),
                                  ("T. ", "E. ", "A. ")])  # fmt: skip
        return [mark + text for mark, text in zip(marks, (phone, who["email"], place), strict=True)]

    def skills(self) -> str:
        """Skills in one of twelve ways."""
        groups: dict[str, list[str]] = self.person["skills"]
        every = [item for items in groups.values() for item in items]
        way = self.way["skill"]
        if way == 0:
            return _lines(show(f"{theme} : {', '.join(items)}") for theme, items in groups.items())
        if way == 1:
            return _bullets(f"{theme} ({', '.join(items)})" for theme, items in groups.items())
        if way == 2:
            return "#box(inset: 2pt)" + " #h(5pt) ".join(
                f"#box(fill: luma(230), inset: 3pt, radius: 3pt)[{show(item)}]" for item in every)  # fmt: skip
        if way == 3:
            bar = "#box(width: 30mm, height: 4pt, fill: luma(220))[#box(width: {}%, height: 4pt, fill: blue)]"
            return _lines(f"{show(item)} #h(1fr) {bar.format(50 + at % 5 * 10)}"
                          for at, item in enumerate(every))  # fmt: skip
        if way == 4:
            return _lines(
                f"{show(item)} #h(1fr) {show('★' * (3 + at % 3) + '☆' * (2 - at % 3), font=lit('DejaVu Sans'))}"
                for at, item in enumerate(every)
            )
        if way == 5:
            cells = ", ".join(
                f"[{show(theme, **BOLD)}], [{show(', '.join(items))}]"
                for theme, items in groups.items()
            )
            return f"#grid(columns: (32mm, 1fr), row-gutter: 6pt, {cells})"
        if way == 6:
            return _lines(
                f"{show(theme, **BOLD)}\n{_bullets(items)}" for theme, items in groups.items()
            )
        if way == 7:
            return show(" / ".join(every))
        if way == 8:
            cells = ", ".join(f"[{show(item)}]" for item in every)
            return f"#grid(columns: (1fr, 1fr, 1fr), row-gutter: 6pt, column-gutter: 5mm, {cells})"
        if way == 9:
            return _bullets(f"{theme} : {', '.join(items)}" for theme, items in groups.items())
        if way == 10:
            return show(" | ".join(every))
        return _lines(map(show, every))

    def languages(self) -> str:
        """Languages in one of seven ways."""
        items, way = self.person["languages"], self.way["lang"] % 7
        if way == 0:
            return _lines(
                show(f"{name} : {level}{f' ({code})' if code else ''}")
                for name, level, code in items
            )
        if way == 1:
            return show(" | ".join(f"{name} {code or level}" for name, level, code in items))
        if way == 2:
            return _lines(f"{show(name)} #h(1fr) {show(level)}" for name, level, _ in items)
        if way == 3:
            return _bullets(f"{name} – {level}" for name, level, _ in items)
        if way == 4:
            cells = ", ".join(
                f"[{show(name)}], [{show(code or level)}]" for name, level, code in items
            )
            return f"#table(columns: (30mm, 30mm), stroke: 0.4pt, {cells})"
        if way == 5:
            return _lines(f"{show(f'{name} ({level})')}" for name, level, _ in items)
        return show(", ".join(f"{name} ({level})" for name, level, _ in items))

    def items(self, key: str) -> str:
        """A plain list in one of five ways."""
        values, way = self.person[key], self.way["list"] % 5
        if way == 0:
            return _bullets(values)
        if way == 1:
            return _lines(map(show, values))
        if way == 2 and key != "certifications":
            return show(", ".join(values))
        if way == 3:
            return show(" • ".join(values))
        return show(" | ".join(values)) if way == 4 else _lines(show(f"– {v}") for v in values)

    def missions(self, job: Person) -> str:
        """Missions, with what often stands around them."""
        way, texts = self.way["mission"] % 6, job["missions"]
        lead = "Missions principales :" if self.lang == "fr" else "Main duties:"
        tail = ""
        if job.get("stack"):
            label = "Environnement technique" if self.lang == "fr" else "Tech stack"
            tail = "\n\n" + show(f"{label} : {job['stack']}", style='"italic"')
        if way == 0:
            return _bullets(texts) + tail
        if way == 1:
            return f"{show(lead)}\n{_bullets(texts)}" + tail
        if way == 2:
            return show(". ".join(texts) + ".") + tail
        if way == 3:
            return _lines(show(f"• {text} ;") for text in texts) + tail
        if way == 4:
            return _lines(show(f"→ {text}", font=lit("DejaVu Sans")) for text in texts) + tail
        return _lines(map(show, texts)) + tail

    def body(self, kind: str) -> str:
        """What stands below a heading of a list."""
        if kind == "skill_hard":
            return self.skills()
        if kind == "language":
            return self.languages()
        if kind == "summary":
            return show(self.person["summary"])
        if kind == "contact":
            return _lines(map(show, self.contacts()))
        return self.items({"skill_soft": "soft", "certification": "certifications", "interest": "interests"}[kind])  # fmt: skip

    def label(self) -> dict[str, Any]:
        """The truth of the CV, in the form of ``cv_heldout``'s labels."""
        person, kinds = self.person, {kind for kind, _ in self.sections}
        contact = dict(person["contact"])
        contact["first_name"], contact["last_name"] = person["name"]
        return {
            "lang": self.lang, "scan_of": None, "contact": contact, "sections": self.sections,
            "experience": [
                {"title": job["title"], "employer": job["employer"], "city": job["city"],
                 "start": self.shown(job["start"]), "end": self.shown(job.get("end")),
                 "current": "end" not in job}
                for job in person["jobs"]
            ],
            "education": person["degrees"],
            "skill_hard": [item for items in person["skills"].values() for item in items],
            "skill_soft": person["soft"] if "skill_soft" in kinds else [],
            "language": [
                {"language": name, "level": level, "cefr": code}
                for name, level, code in person["languages"]
            ] if "language" in kinds else [],
            "certification": person["certifications"] if "certification" in kinds else [],
            "interest": person["interests"] if "interest" in kinds else [],
            "summary": person["summary"] if "summary" in kinds or self.introduced else None,
            "facts": [],
        }  # fmt: skip
