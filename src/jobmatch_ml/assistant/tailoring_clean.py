"""What of a CV is no fact of its person: words of a model that nobody filled in, odd signs.

Whoever starts from a model often leaves "Intitulé du poste", "Company Name" or "Lorem ipsum" in
it. A recruiter stops reading there, so such words go, and the person is told. What could be a fact
as well ("Location", "Mission") goes only from a CV that shows several unmistakable ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.reference.titles import fold


def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


_LATIN = _words_of(
    "lorem ipsum dolor amet consectetur adipiscing elit eiusmod tempor incididunt labore dolore "
    "magna aliqua veniam nostrud exercitation ullamco laboris nisi aliquip commodo"
)
_LEAST_LATIN = 3
# Names of what a model asks for. Alone they are no fact of anybody, two of them still are none.
_LABELS = _words_of(
    "year years month months date dates degree job title institution employer company name "
    "localization city country school university diploma grade description text introduction "
    "position your here details phone number address email start end from to nom prenom intitule "
    "titre poste entreprise employeur societe ville pays lieu ecole etablissement universite "
    "diplome annee annees mois debut fin mission missions tache taches texte ici telephone adresse "
    "numero mention obtenu location votre vos xx xxx xxxx aaaa mm jj citations references "
    "associations organisations publications projets"
)
_SMALL = _words_of("de des du d la le les l un une et ou of the a an in your vos votre")
# One of these alone is a label that nobody filled in, in a CV of any language.
_SURE = _words_of(
    "year years degree institution employer localization diploma jobdescription jobtitle "
    "introductiontext companyname yourname xxx xxxx intitule"
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_BRACKETED = re.compile(r"^\s*(?:\[[^\]]*\]|\{\{?[^}]*\}?\}|<[^>]*>)\s*[.,;]?\s*$")
# French missions are no orders ("saisissez"); English ones look like orders ("enter data").
_PROMPT = re.compile(
    r"^(?:(?:cliquez|tapez|saisissez|inserez|indiquez|renseignez|decrivez|remplacez|ajoutez)\b"
    r".{0,80}\b(?:ici|votre|vos|texte)\b|(?:click|type|insert|enter|describe)\b.{0,80}\b(?:here|"
    r"your)\b|(?:type|insert|enter)(?: (?:some|the))? text\W*$)"
)
# What people write who name no subject: "University degree".
_DEGREE = _words_of("university school degree diploma year")
_LEAST_TEMPLATE = 2  # sure labels that make a CV a model that was not filled in
_PIECES = re.compile(r"(\s*[,;|•·\t]\s*|\s+:\s+|\s{3,})")
_LONE_LABEL = re.compile(r"^(?:years?|dates?)\s+(?=[A-ZÀ-Ý])|\s+years?$")

_EDGES = " \t,;|–—-"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A candidate without what a model left behind.

    Args:
        data: The lines that say something.
        removed: What was taken out, each with the line that it stood in.
    """

    data: CandidateData
    removed: tuple[tuple[str, str], ...]


def without_placeholders(data: CandidateData) -> Cleaned:
    """Returns the data without words of a model that were not replaced.

    What the person says in a conversation and their successes are theirs, whatever they say.
    """
    rows = [row for line in data.lines if _is_of_cv(line) for row in line.text.split("\n")]
    pieces = [piece for row in rows for piece in _split(row)]
    is_template = sum(_is_sure(piece) for piece in pieces) >= _LEAST_TEMPLATE
    removed: list[tuple[str, str]] = []
    kept = [_clean_line(line, is_template, removed) for line in data.lines]
    headline = _clean_row(data.headline, is_template, [])
    lines = tuple(line for line in kept if line.text)
    if not removed and headline == data.headline:
        return Cleaned(data, ())
    return Cleaned(replace(data, headline=headline, lines=lines), tuple(removed))


def typeset(text: str) -> str:
    """Returns a text with the spaces and signs that French typography wants; no word changes.

    Example:
        >>> typeset("Freelance IT– Développement , 40% de gain: oui!")
        'Freelance IT – Développement, 40 % de gain : oui !'
        >>> typeset("Programmation , Autodidacte, , Bali, .")
        'Programmation, Autodidacte, Bali.'
        >>> typeset("https://example.org à 10:30, C++; .NET")
        'https://example.org à 10:30, C++ ; .NET'
    """
    text = re.sub(r"\s*\|\s*", ", ", " ".join(text.split()))
    text = re.sub(r"\s+(?=[,.](?:\s|$))", "", text)
    # Begun at the first comma of a run alone: a text of nothing but commas takes no longer.
    text = re.sub(r"(?<!,)(?<!,\s)(?:,\s*)+(?=[,.](?:\s|$))", "", text)
    text = re.sub(r"(?<=\w)([–—]) | ([–—])(?=\w)", lambda m: f" {m[1] or m[2]} ", text)
    text = re.sub(r"(?<=\d)(?=[%€](?:\W|$))", " ", text)
    text = re.sub(r"(?<=[\w)»+%])(?=[:;!?](?:\s|$))", " ", text)
    return _balanced(_bare(text))


def _balanced(text: str) -> str:
    """Returns a text without a bracket at its edge that has no partner."""
    if text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    if text.startswith("(") and text.count("(") > text.count(")"):
        text = text[1:]
    return _bare(text)


def _bare(text: str) -> str:
    # "-5 %" is less than "5 %".
    return re.sub(r"^(?:[\s,;|]|[–—-](?!\d))+", "", text).rstrip(_EDGES)


def _is_of_cv(line: EvidenceLine) -> bool:
    return line.kind not in ("contact", "success") and not line.line_id.startswith("said-")


def _clean_line(
    line: EvidenceLine, is_template: bool, removed: list[tuple[str, str]]
) -> EvidenceLine:
    if not _is_of_cv(line):
        return line
    gone: list[tuple[str, str]] = []
    rows = [_clean_row(row, is_template, gone, line.line_id) for row in line.text.split("\n")]
    if not gone:
        return line
    removed += gone
    parts = (_clean_row(part, is_template, []) for part in (line.title, line.entity, line.dates))
    title, entity, dates = parts
    text = "\n".join(filter(None, rows))
    return replace(line, text=text, title=title, entity=entity, dates=dates)


def _clean_row(
    row: str, is_template: bool, removed: list[tuple[str, str]], line_id: str = ""
) -> str:
    if not row:
        return row
    if _is_sure(row) or (is_template and _is_label(row)):
        removed.append((line_id, row))
        return ""
    if not is_template:
        return row
    kept = ""
    for piece, sign in _with_signs(row):
        bare = _LONE_LABEL.sub("", piece)
        if _is_label(piece) or not bare:
            removed.append((line_id, piece))
            continue
        if bare != piece:
            removed.append((line_id, piece.replace(bare, "").strip()))
        kept += bare + sign
    return kept.strip(_EDGES) if any(map(str.isalnum, kept)) else ""


def _with_signs(row: str) -> Iterable[tuple[str, str]]:
    parts = [*_PIECES.split(row), ""]
    return [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2) if parts[i].strip()]


def _split(row: str) -> list[str]:
    return [piece for piece, _ in _with_signs(row)] or [row]


def _is_sure(text: str) -> bool:
    """Tells whether a text cannot be a fact, whatever the CV around it."""
    if not any(map(str.isalnum, text)):
        return False
    flat = fold(text)
    words = re.findall(r"[^\W_]+", flat)
    if len(_LATIN & set(words)) >= _LEAST_LATIN or {"lorem", "ipsum"} <= set(words):
        return True
    if _PROMPT.match(flat) or (_BRACKETED.match(text) and _has_label(text)):
        return True
    if "".join(words) in _SURE:
        return True
    telling = [word for word in words if word not in _SMALL]
    if len(telling) == 2 and set(telling) <= _DEGREE and {"university", "school"} & set(telling):
        return False
    labels = all(word in _LABELS or word in _SURE for word in telling)
    return labels and len(telling) > 1 and bool({*telling} & _SURE or _names_a_label(words))


def _names_a_label(words: list[str]) -> bool:
    """Tells "nom de l'entreprise", "votre poste", "company name" from facts that look like them."""
    known = set(words)
    return bool(
        {"votre", "vos", "your", "name", "nom"} & known
        or {"job", "title"} <= known
        or {"intitule", "titre"} & known
    )


def _has_label(text: str) -> bool:
    return any(word in _LABELS for word in re.findall(r"[^\W_]+", fold(text)))


def _is_label(text: str) -> bool:
    """Tells whether every word of a text is the name of something that a model asks for."""
    words = re.findall(r"[^\W_]+", fold(_CAMEL.sub(" ", text)))
    telling = [word for word in words if word not in _SMALL]
    return bool(telling) and all(word in _LABELS or word in _SURE for word in telling)
