"""A company's table of interactions, as its own people would name and write things."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

MAPPING: dict[str, Any] = {
    "time_zone": "Europe/Paris",
    "columns": {
        "impression_id": "vue",
        "request_id": "requete",
        "user": "candidat",
        "offer_external_id": "offre",
        "shown_at": "vue_le",
        "surface": "page",
        "position": "rang",
        "slate_size": "taille",
        "viewed": "ouverte",
        "time_spent_seconds": "duree",
        "saved": "gardee",
        "applied": "postulee",
        "got_interview": "entretien",
        "got_hired": "embauche",
        "viewed_at": "ouverte_le",
        "saved_at": "gardee_le",
        "applied_at": "postulee_le",
        "interview_at": "entretien_le",
        "hired_at": "embauche_le",
        "closed_at": "refus_le",
        "match_score": "score",
    },
    "constants": {"policy": "production", "ranker_version": "2025-11"},
    "values": {"surface": {"accueil": "top_offers", "recherche": "search"}},
}
COLUMNS = list(MAPPING["columns"].values())
PLAIN = {
    "requete": "q1",
    "candidat": "c1",
    "offre": "o1",
    "vue_le": "2026-01-10 12:00:00",
    "page": "accueil",
    "rang": "1",
    "taille": "10",
    "ouverte": "non",
    "duree": "0",
    "gardee": "non",
    "postulee": "non",
}


def company_rows(*rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns rows in which only what is named differs from a plain impression."""
    return [
        {name: {**PLAIN, "vue": f"v{number}", **row}.get(name, "") for name in COLUMNS}
        for number, row in enumerate(rows, start=1)
    ]


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]], *, delimiter: str = ";") -> Path:
    """Writes rows as CSV; all have the columns of the first."""
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(listed[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(listed)
    return path


def write_mapping(path: Path, **changes: Any) -> Path:
    """Writes the mapping file."""
    path.write_text(yaml.safe_dump({**MAPPING, **changes}, allow_unicode=True), encoding="utf-8")
    return path
