"""Names of fields in forms: "Poste occupé", "Nom de l'employeur", "Principales missions"."""

from __future__ import annotations

from typing import Literal, TypeAlias

from jobmatch_ml.cv.contacts import FIELDS
from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.pieces import JOINT

FieldKind: TypeAlias = Literal["role", "entity", "date", "place", "note", "text"]
"""What a field of an entry holds; ``text`` is a description, ``note`` whatever else."""

# The first noun of a name tells what the field holds; nothing but nouns and small words is a name.
_NOUNS: dict[FieldKind, str] = {
    "role": "poste fonction emploi metier titre intitule diplome position job role title "
    "qualification degree occupation award",
    "entity": "employeur entreprise societe etablissement ecole organisme structure employer "
    "company school organisation organization institution universite university lycee association "
    "client institut compagnie enseigne",
    "date": "date dates periode periodes duree annee annees obtention debut fin year years period "
    "duration start end from to",
    "place": "lieu ville localisation location place city town pays country",
    "note": "contrat contract type secteur statut mention niveau effectif branche sector level "
    "grade",
    "text": "missions mission taches tache activites activite responsabilites responsabilite "
    "realisations realisation duties tasks responsibilities achievements activities description "
    "details contenu matieres outils environnement resultats projets contexte tools subjects",
}
_KINDS: dict[str, FieldKind] = {
    noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()
}
_SMALL = frozenset(
    ["de", "d", "du", "des", "la", "le", "les", "l", "et", "ou", "or", "and", "of", "the", "in",
     "for", "occupe", "occupee", "occupes", "exerce", "exercee", "tenu", "held", "obtenu",
     "obtenue", "obtained", "awarded", "prepare", "principal", "principale", "principales",
     "principaux", "main", "key", "nom", "name", "exact", "adresse", "address", "covered",
     "technique", "work", "travail", "s"]
)  # fmt: skip
_ADDRESS = frozenset(["adresse", "address"])
_NAMED = frozenset(["nom", "name", "et", "and", "ou", "or"])
_MOST_WORDS = 8
_LONGEST = 60  # characters of a name


def field_kind(label: str) -> FieldKind | None:
    """Tells what an entry's field of this name holds; ``None`` where it is no such name.

    Example:
        >>> field_kind("Nom et adresse de l'employeur"), field_kind("Date d'obtention :")
        ('entity', 'date')
        >>> field_kind("Poste de secours") is None
        True
    """
    if len(label) > _LONGEST:
        return None
    words = fold(label).split()
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    if any(word not in _KINDS and word not in _SMALL for word in words):
        return None
    kind = next((_KINDS[word] for word in words if word in _KINDS), None)
    return "place" if kind == "entity" and _is_address(words) else kind


def _is_address(words: list[str]) -> bool:
    """Tells whether a field holds where an employer is, and not who it is too."""
    return not _ADDRESS.isdisjoint(words) and _NAMED.isdisjoint(words)


def is_field(text: str) -> bool:
    """Tells whether a text is the name of a form's field, of the person or of an entry."""
    return fold(text) in FIELDS or field_kind(text) is not None


def opens_field(text: str) -> bool:
    """Tells whether a line begins with the name of an entry's field: "Poste : vendeur"."""
    return bool(split_fields(text))


def split_fields(text: str) -> list[tuple[FieldKind, str, str]]:
    """Returns the fields of a line, each with its kind, name and value; none for other lines.

    Example:
        >>> split_fields("Poste | Vendeur | Dates : 2019 - 2021")
        [('role', 'poste', 'Vendeur'), ('date', 'dates', '2019 - 2021')]
    """
    found: list[tuple[FieldKind, str, str]] = []
    for cell in text.split(JOINT):
        label, colon, value = cell.partition(":")
        kind = field_kind(label)
        if kind is not None and (colon or len(found) < text.count(JOINT)):
            found.append((kind, fold(label), value.strip()))
        elif not found:
            return []
        else:
            kind, name, before = found[-1]
            found[-1] = (
                kind,
                name,
                JOINT.join(part for part in (before, cell.strip()) if part),
            )
    return found
