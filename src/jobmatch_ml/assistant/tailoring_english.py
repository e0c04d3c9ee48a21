"""English CVs for French offers: dates and languages become French, sentences do not.

Dates and the names of languages are the same facts in any language. Sentences are the person's own:
rules translate none.
"""

from __future__ import annotations

import re
from dataclasses import replace

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine

_MONTHS = {
    "jan": "janvier", "feb": "février", "mar": "mars", "apr": "avril", "may": "mai",
    "jun": "juin", "jul": "juillet", "aug": "août", "sep": "septembre", "oct": "octobre",
    "nov": "novembre", "dec": "décembre",
}  # fmt: skip
_MONTH = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mar)\b\.?(?=\s+(?:19|20)\d\d)",
    re.I,
)
# "sept.", "oct." and "nov." are French too: they alone do not tell.
_OF_BOTH = frozenset(["sept", "oct", "nov"])
_WORDS = (
    (re.compile(r"\bsince\b", re.I), "depuis"),
    (re.compile(r"\bfrom\b", re.I), "de"),
    (re.compile(r"^\s*(?:until|till)\b", re.I), "jusqu'en"),
    (re.compile(r"\b(?:to|until|till)\b", re.I), "à"),
    (re.compile(r"\b(?:present|now|current|today)\b", re.I), "aujourd'hui"),
)
_LANGUAGES = {
    "english": "Anglais", "french": "Français", "spanish": "Espagnol", "german": "Allemand",
    "italian": "Italien", "portuguese": "Portugais", "dutch": "Néerlandais", "arabic": "Arabe",
    "chinese": "Chinois", "russian": "Russe", "polish": "Polonais", "turkish": "Turc",
    "japanese": "Japonais", "native": "langue maternelle", "mother tongue": "langue maternelle",
    "bilingual": "bilingue", "fluent": "courant", "advanced": "avancé",
    "intermediate": "intermédiaire", "basic": "notions", "beginner": "débutant",
}  # fmt: skip
# Certificates are called so in any language: their words are left as they are.
_CERTIFICATE = (
    r"Cambridge(?:\s+Assessment)?\s+English(?:\s*:)?(?:\s+(?:Advanced|Proficiency|First))?|"
    r"(?:Pearson\s+)?Test\s+of\s+English|English\s+(?:Language\s+)?Test\w*"
)
_LANGUAGE = re.compile(rf"{_CERTIFICATE}|\b(?:{'|'.join(_LANGUAGES)})\b", re.I)
_ELISION = re.compile(r"\bde (?=[aoAO])")
_ENGLISH = re.compile(
    r"\b(?:the|and|of|with|for|in|to|from|on|at|by|an?|my|i|was|were|since|until)\b", re.I
)
_FRENCH = re.compile(
    r"\b(?:les?|la|des?|du|et|avec|pour|en|aux?|sur|dans|par|une?|mes|je|depuis)\b", re.I
)
_LEAST_WORDS = 8  # small words of a language: fewer tell nothing


def french_dates(text: str) -> str:
    """Returns dates in French; a text without English words is left as it is.

    Example:
        >>> french_dates("from September 2019 to August 2023"), french_dates("since 2021")
        ('de septembre 2019 à août 2023', 'depuis 2021')
        >>> french_dates("from April 2019 to present"), french_dates("mars 2019 - 2021")
        ("d'avril 2019 à aujourd'hui", 'mars 2019 - 2021')
    """
    said = _MONTH.sub(lambda match: _MONTHS[match[1][:3].lower()], text)
    for pattern, word in _WORDS:
        said = pattern.sub(word, said)
    return text if said == text else _ELISION.sub("d'", said)


def with_french_facts(data: CandidateData) -> CandidateData:
    """Returns the data with the dates of positions and diplomas, and languages, in French."""
    english = is_english(data) or any(_is_dated_in_english(line.dates) for line in data.lines)
    lines = tuple(_told(line, dates=english) for line in data.lines)
    return data if lines == data.lines else replace(data, lines=lines)


def is_english(data: CandidateData) -> bool:
    """Tells whether what the person wrote is in English for the most part."""
    text = "\n".join(line.text for line in data.lines if line.kind != "contact")
    english, french = len(_ENGLISH.findall(text)), len(_FRENCH.findall(text))
    return english >= _LEAST_WORDS and english > 2 * french


def _is_dated_in_english(dates: str) -> bool:
    months = {match[1].lower() for match in _MONTH.finditer(dates)}
    return bool(months - _OF_BOTH) or any(pattern.search(dates) for pattern, _ in _WORDS)


def _told(line: EvidenceLine, *, dates: bool) -> EvidenceLine:
    if line.kind == "language":
        said = _LANGUAGE.sub(lambda match: _LANGUAGES.get(match[0].lower(), match[0]), line.text)
        return line if said == line.text else replace(line, text=said)
    french = french_dates(line.dates) if dates else line.dates
    if french == line.dates:
        return line
    return replace(line, dates=french, text=line.text.replace(line.dates, french))
