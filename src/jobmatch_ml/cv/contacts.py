"""Direct identifiers in a CV: e-mail, phone, links, address, name: kept from the rankers."""

from __future__ import annotations

import re

from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.words import load_words

# Every repetition is bounded: a hostile line must not make a pattern back-track for minutes.
EMAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
PHONE = re.compile(
    r"(?<![\w])(?:\+\d{1,3}|00\d{2}|0)[\s.\-()]{0,3}\d(?:[\s.\-()]{0,3}\d){6,12}(?!\w)"
)
URL = re.compile(
    r"(?:https?://|www\.)[^\s,;)|]{3,200}"
    r"|(?:[\w-]{1,40}\.){0,2}(?:linkedin\.com|github\.com|gitlab\.com|twitter\.com|x\.com)"
    r"/[^\s,;)|]{1,150}",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"\b(?:F-)?\d{5}\b\s+[A-ZÀ-Ý]|\b[A-ZÀ-Ý][\w'’-]{1,30}(?: [\w'’-]{1,30}){0,4} \(\d{5}\)"
)
_STREET = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|av\.|bd|boulevard|place|chemin|impasse|all[ée]e|"
    r"route|quai|cours|square|r[ée]sidence|street|road)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\bn[ée]{1,2}e?\s+le\b|\bdate de naissance\b|\b\d{2}\s?ans\b|\bborn\b|\bnationalit[éy]\b|"
    r"\bc[ée]libataire\b|\bmari(?:é|[ée]e)\b|\bdate of birth\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:\*\*)?(?:e-?mail|mail|courriel|t[ée]l(?:[ée]phone)?|phone|mobile|portable|adresse|"
    r"address|location|localisation|ville|linkedin|github|site(?: web)?|website|nom|pr[ée]nom|name)"
    r"\s?\.?\s?:",
    re.IGNORECASE,
)
# Names of a form's fields, and what they hold.
FIELDS = {
    **dict.fromkeys(("prenom", "prenoms", "first name", "given name", "forename"), "first"),
    **dict.fromkeys(("nom", "nom de famille", "last name", "surname", "family name"), "last"),
    **dict.fromkeys(("nom et prenom", "prenom et nom", "nom prenom", "prenom nom", "name",
                     "full name", "nom s prenom s", "nom complet"), "name"),
    **dict.fromkeys(("ville", "city", "town", "localisation", "location", "lieu", "domicile",
                     "lieu de residence", "commune", "residence"), "city"),
    **dict.fromkeys(("adresse", "address", "telephone", "tel", "phone", "mobile", "portable",
                     "courriel", "email", "e mail", "mail", "courrier electronique", "permis",
                     "age", "nationalite", "nationality", "site", "site web", "linkedin",
                     "date de naissance", "date of birth", "adresse e mail", "adresse mail",
                     "adresse electronique", "licence", "driving licence",
                     "permis de conduire", "code postal", "postcode", "gsm", "mob"), "other"),
}  # fmt: skip
_NAME_WORD = re.compile(r"^[A-ZÀ-ÝŒ][\w'’.-]*$")


def is_contact(line: str) -> bool:
    """Tells whether a line of a CV's head says how to reach the person, or who they are."""
    patterns = (EMAIL, PHONE, _POSTAL, _STREET, _BIRTH, _LABEL)
    return any(pattern.search(line) for pattern in patterns)


def looks_like_name(line: str) -> bool:
    """Tells whether a line may be a person's name: two to four capitalised words, no occupation.

    Example:
        >>> looks_like_name("Sophie MARTIN"), looks_like_name("Développeur Web")
        (True, False)
    """
    words = line.strip(" #*").split()
    if not 2 <= len(words) <= 4 or any(char.isdigit() for char in line):
        return False
    if not all(_NAME_WORD.match(word) or word in ("de", "du", "van", "el", "d’") for word in words):
        return False
    first = fold(words[0]).split()
    return bool(first) and first[0] not in load_words("occupation_first")


def split_name(line: str) -> tuple[str, str]:
    """Splits a name into first and last; words in capitals are the last name when only some are.

    Example:
        >>> split_name("MARTIN Sophie"), split_name("Jean de La Tour")
        (('Sophie', 'MARTIN'), ('Jean', 'de La Tour'))
    """
    words = line.strip(" #*").split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return words[0], " ".join(words[1:])
