"""Offers captured from any web site, as records that enter silver and gold with all the others.

The browser extension and the site send one shape (camelCase, ``sourceUrl`` first of all). It is
turned into the record that France Travail would have sent for the same offer, so that one
normaliser, one gold and one enrichment serve both; the id says where it came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jobmatch_ml.offers.enrichment import IMPORT_PREFIX

_PERIODS = {
    "year": "Annuel", "yearly": "Annuel", "annual": "Annuel", "an": "Annuel",
    "month": "Mensuel", "monthly": "Mensuel", "mois": "Mensuel",
    "day": "Journalier", "daily": "Journalier", "jour": "Journalier",
    "hour": "Horaire", "hourly": "Horaire", "heure": "Horaire",
}  # fmt: skip
_CONTRACTS = {
    "cdi": "CDI", "cdd": "CDD", "interim": "MIS", "intérim": "MIS", "mis": "MIS",
    "freelance": "LIB", "lib": "LIB", "saisonnier": "SAI", "sai": "SAI", "permanent": "CDI",
    "fixed-term": "CDD", "temporary": "MIS", "stage": "CDD", "internship": "CDD",
    "alternance": "CDD", "apprenticeship": "CDD",
}  # fmt: skip
_APPRENTICE = {"alternance", "apprenticeship", "apprentissage"}
_REMOTE = {
    "full": "100% télétravail", "remote": "100% télétravail",
    "partial": "Télétravail partiel", "hybrid": "Télétravail partiel",
    "none": "Pas de télétravail", "onsite": "Pas de télétravail", "on-site": "Pas de télétravail",
}  # fmt: skip


def is_imported(record: Any) -> bool:
    """Returns whether a record is an imported offer: it names its page and has no API title."""
    return isinstance(record, dict) and "sourceUrl" in record and "intitule" not in record


def imported_id(source_url: str) -> str:
    """Returns the id of the offer at an address: the same address gives the same id."""
    digest = hashlib.sha256(source_url.strip().encode("utf-8", "replace")).hexdigest()
    return f"{IMPORT_PREFIX}{digest[:16]}"


def as_record(imported: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an imported offer as a France Travail record.

    Args:
        imported: ``sourceUrl, sourceDomain, title, company, location, description, contractType,
            salary {min, max, currency, period}, skills[], remoteType, capturedAt``; all but the
            address and the title may be missing. Values of a wrong type go on as they are, for the
            normaliser to refuse with the field named.

    Returns:
        A record of the API's fields; what the importer states beside the text (remote type) joins
        the working time, where readers look for it.
    """
    url = imported.get("sourceUrl")
    contract = str(imported.get("contractType") or "").strip()
    record = {
        "id": imported_id(url) if isinstance(url, str) and url.strip() else None,
        "intitule": imported.get("title"),
        "description": imported.get("description"),
        "dateCreation": imported.get("capturedAt"),
        "typeContrat": _CONTRACTS.get(contract.lower()) if contract else None,
        "typeContratLibelle": contract or None,
        "alternance": True if contract.lower() in _APPRENTICE else None,
        "dureeTravailLibelle": _REMOTE.get(str(imported.get("remoteType") or "").lower()),
        "lieuTravail": _object(imported.get("location"), "libelle"),
        "entreprise": _object(imported.get("company"), "nom"),
        "salaire": _salary(imported.get("salary")),
        "competences": _skills(imported.get("skills")),
        "origineOffre": {"origine": _origin(imported, url), "urlOrigine": url},
    }
    return {name: value for name, value in record.items() if value is not None}


def _object(value: Any, name: str) -> dict[str, Any] | None:
    return {name: value} if value else None


def _origin(imported: Mapping[str, Any], url: Any) -> str | None:
    domain = imported.get("sourceDomain")
    if domain or not isinstance(url, str):
        return domain
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _salary(value: Any) -> Any:
    """Writes the pay as the API would; other currencies are kept as words that no rule reads."""
    if not isinstance(value, dict):
        return {"libelle": value} if value else None
    low, high = value.get("min"), value.get("max")
    low, high = (low if low is not None else high), (high if high is not None else low)
    if low is None:
        return None
    period = _PERIODS.get(str(value.get("period") or "year").lower(), "Autre")
    if str(value.get("currency") or "EUR").upper() not in {"EUR", "€"}:
        return {"libelle": f"{period} : {low} - {high} {value.get('currency')}"}
    return {"libelle": f"{period} de {low} Euros à {high} Euros"}


def _skills(value: Any) -> Any:
    if not isinstance(value, list):
        return value or None
    # A page's list does not say what is required: less is claimed.
    return [{"libelle": each, "exigence": "S"} if isinstance(each, str) else each for each in value]
