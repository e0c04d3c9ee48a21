"""What an offer says of experience, contract, remote work and language, in fields or in words."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal, NamedTuple

from jobmatch_ml.offers.flat_text import flatten

Remote = Literal["none", "partial", "full"]
HALF_LIFE_DAYS = 30.0
"""After so many days an offer is half as fresh: most are filled or withdrawn by then."""
_MAX_YEARS = 15

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "dix": 10,
}  # fmt: skip
_N = r"(\d{1,2}|" + "|".join(_WORDS) + ")"
_FIELD_TIME = re.compile(r"\b(\d{1,3}) ?(an|mois)")
_TIME = re.compile(rf"\b{_N}(?: ?(?:a|-|/|ou|et) ?\d{{1,2}})? ?(?:\(\w+\) ?)?(ans?|annees?|mois)\b")
_NOT_THE_CANDIDATE = re.compile(
    r"depuis|notre|nos |entreprise|societe|groupe|cabinet|fort de|leader|age de|alternance|contrat"
    r"|cdd|formation|mission|agence|acteur|garantie"
)


class Experience(NamedTuple):
    """Months of experience asked for (0: none needed), and where it stands."""

    months: int
    source: Literal["field", "description"]


def read_experience(code: str | None, label: str | None, description: str) -> Experience | None:
    """Returns the experience an offer asks for; ``None`` when it names no duration.

    Args:
        code: The API's ``experienceExige``: D (beginners accepted), E (required), S (wished).
        label: The API's ``experienceLibelle``.
        description: Flat text, searched when the field has no figure.

    Example:
        >>> read_experience("E", "Expérience exigée de 3 An(s)", "")
        Experience(months=36, source='field')
        >>> read_experience("E", "Expérience exigée", "experience minimum de 5 ans")
        Experience(months=60, source='description')
    """
    text = flatten(label)
    if (code or "").strip().upper() == "D" or "debutant" in text:
        return Experience(0, "field")
    found = _FIELD_TIME.search(text)
    if found and int(found[1]) <= 40 * (1 if found[2] == "an" else 12):
        return Experience(int(found[1]) * (12 if found[2] == "an" else 1), "field")
    months = _months_in(description)
    return None if months is None else Experience(months, "description")


def _months_in(text: str) -> int | None:
    """Returns the first duration near the word experience that is not the firm's own."""
    for found in _TIME.finditer(text):
        before = re.split(r"[\n.!?;]", text[max(0, found.start() - 90) : found.start()])[-1]
        after = re.split(r"[\n.!?;]", text[found.end() : found.end() + 40])[0]
        near = "experience" in before or re.match(
            r"\W*(?:minimum |mini |requise? |au moins )?(?:d'|de |en )?experience", after
        )
        if not near or _NOT_THE_CANDIDATE.search(
            before.rpartition("experience")[2][-25:] or before[-40:]
        ):
            continue
        number = _WORDS.get(found[1]) or int(found[1])
        if found[2] == "mois":
            return number
        if number <= _MAX_YEARS:
            return number * 12
    if re.search(r"debutants? (?:\w+ )?accepte|sans experience|avec ou sans experience", text):
        return 0
    return None


class Contract(NamedTuple):
    """A contract: the API's code, its length in months if it has one, and where it stands."""

    code: str | None
    months: float | None
    source: Literal["field", "description"] | None


_CONTRACTS = (
    ("MIS", re.compile(r"\binterim|\binterimaire|mission temporaire|\bmis\b")),
    ("SAI", re.compile(r"saisonni")),
    ("CDD", re.compile(r"\bcdd\b|duree determinee|\bstage\b|stagiaire|apprentissage|alternan")),
    ("LIB", re.compile(r"freelance|liberal|independant|auto-?entrepreneur")),
    ("CDI", re.compile(r"\bcdi\b|duree indeterminee|permanent")),
)
_LENGTH = re.compile(r"(\d{1,3}) ?(mois|jour|semaine|an\b)")
_DAYS_A_MONTH = {"mois": 1.0, "an": 12.0, "semaine": 7 / 30, "jour": 1 / 30}


def read_contract(code: str | None, label: str | None, title: str, description: str) -> Contract:
    """Returns the contract, its code in the API's vocabulary; titles and texts are flat."""
    said = flatten(label)
    found = _LENGTH.search(said)
    months = round(int(found[1]) * _DAYS_A_MONTH[found[2]], 2) if found else None
    if code and code.strip():
        return Contract(code.strip().upper(), months, "field")
    for text, source in ((said, "field"), (title, "description"), (description, "description")):
        hits = [
            (hit.start(), name) for name, pattern in _CONTRACTS if (hit := pattern.search(text))
        ]
        if hits:
            return Contract(min(hits)[1], months, "field" if source == "field" else "description")
    return Contract(None, months, None)


_APPRENTICE_TITLE = re.compile(r"\balternan|\bapprenti|professionnalisation")
_APPRENTICE_TEXT = re.compile(
    r"(?:recherch|recrut|propos|poste d)[^.\n]{0,60}\b(?:alternante?|apprentie?)\b|"
    r"type de contrat ?:? ?(?:alternance|apprentissage)|offre d'alternance|"
    r"(?:en|sous|pour un|un) contrat d(?:'apprentissage|e professionnalisation)"
)


def read_apprenticeship(field: bool | None, title: str, description: str) -> bool:
    """Returns whether it is an apprenticeship or a professionalisation contract."""
    return bool(field or _APPRENTICE_TITLE.search(title) or _APPRENTICE_TEXT.search(description))


_PART_TIME = re.compile(r"temps partiel|mi-temps|temps non complet")


def read_part_time(working_time: str, kind: str, hours: float | None) -> bool | None:
    """Returns whether the post is part time, by its fields (flat); ``None``: not said."""
    said = f"{working_time} {kind}"
    if _PART_TIME.search(said):
        return True
    if "temps plein" in said or "temps complet" in said:
        return False
    return None if hours is None else hours < 32


_TELE = r"(?:tele-?travail|home ?office|remote|travail a distance|distanciel)"
_REMOTE: tuple[tuple[Remote, re.Pattern[str]], ...] = (
    (
        "none",
        re.compile(
            rf"(?:pas|sans|aucun|non|ni)\b (?:de |d'|eligible au |ouvert au )?(?:possibilite de )?"
            rf"{_TELE}|{_TELE} ?:? ?(?:non\b|impossible|pas possible|exclu)|"
            r"100 ?% (?:en )?presentiel"
        ),
    ),
    (
        "full",
        re.compile(
            rf"100 ?% (?:en |de )?{_TELE}|full[ -]?remote|{_TELE} ?:? ?(?:complet|total|integral|a?"
            r" ?100)|(?:entierement|totalement) (?:a distance|en teletravail)"
        ),
    ),
    ("partial", re.compile(_TELE)),
)
_REMOTE_DAYS = re.compile(
    rf"(\d)(?: ?(?:a|-|ou) ?(\d))? ?j(?:ours?)?[^.\n]{{0,18}}{_TELE}|"
    rf"{_TELE}[^.\n]{{0,25}}?(\d)(?: ?(?:a|-|ou) ?(\d))? ?j(?:ours?)?\b"
    r"(?![^.\n]{0,12}(?:an|mois))"
)


def read_remote(*texts: str) -> tuple[Remote | None, float | None]:
    """Returns how far one may work from home and the days a week, from flat texts.

    A refusal wins over a mention: firms praise remote work that a post does not have.
    """
    text = "\n".join(texts)
    for kind, pattern in _REMOTE:
        if pattern.search(text):
            found = _REMOTE_DAYS.search(text) if kind == "partial" else None
            numbers = [int(number) for number in found.groups() if number] if found else []
            days = max(numbers, default=0)
            return kind, float(days) if 1 <= days <= 5 else None
    return None, None


_STOPWORDS = {
    "fr": "le la les des du et en une pour dans vous votre nous est sur avec de au aux par qui",
    "en": "the and of to in for you your with our we are is on as will be an this that",
    "es": "el los las del y en una para con por que su sus como nuestro al es se usted",
    "de": "der die das und in mit fur ist den von zu wir sie ein eine auf im als bei",
    "it": "il lo gli della e in una per con che del di nel sono alla dei come nostro si",
    "nl": "de het een en van in voor met je is op aan wij zijn als bij te naar ons",
}
_LANGUAGE_OF = {language: frozenset(words.split()) for language, words in _STOPWORDS.items()}
_READ_FOR_LANGUAGE = 1_500


def read_language(text: str) -> str | None:
    """Returns the language (ISO 639-1) whose little words a flat text has most of.

    ``None`` when there are fewer than three of any: too short to tell.
    """
    words = re.findall(r"[a-z]+", text[:_READ_FOR_LANGUAGE])
    counts = {
        language: sum(word in known for word in words) for language, known in _LANGUAGE_OF.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= 3 else None


def read_age(created: datetime | None, day: date | None) -> tuple[int | None, float | None]:
    """Returns the days from creation to ingestion and the freshness (1 new, halves in 30 days).

    Both are ``None`` when either is unknown or the offer was created after it was ingested.
    """
    if created is None or day is None:
        return None, None
    days = (day - created.date()).days
    if days < 0:
        return None, None
    return days, round(0.5 ** (days / HALF_LIFE_DAYS), 4)
