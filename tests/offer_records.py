"""Small hand-made France Travail records for the tests of offers and warehouse."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_ml.offers.ingest import IngestReport, ingest_offers
from jobmatch_ml.types.tables import Table

CANARY = "canary-9f3a"
"""Stands in every contact field: it must be found in silver and nowhere else."""

FULL: dict[str, Any] = {
    "id": "101ABC",
    "intitule": "Développeur / Développeuse web (H/F)",
    "description": "Vous d&eacute;veloppez en Python.\r\nTélétravail possible.",
    "dateCreation": "2025-02-28T11:00:58.629Z",
    "dateActualisation": "2025-03-01T08:00:00+01:00",
    "romeCode": "M1805",
    "romeLibelle": "Études et développement informatique",
    "appellationlibelle": "Développeur / Développeuse web",
    "typeContrat": "CDI",
    "typeContratLibelle": "Contrat à durée indéterminée",
    "natureContrat": "Contrat travail",
    "experienceExige": "E",
    "experienceLibelle": "2 ans",
    "dureeTravailLibelle": "35H Travail en journée",
    "dureeTravailLibelleConverti": "Temps plein",
    "alternance": False,
    "nombrePostes": 2,
    "accessibleTH": True,
    "qualificationCode": "9",
    "qualificationLibelle": "Cadre",
    "codeNAF": "62.01Z",
    "secteurActivite": "62",
    "secteurActiviteLibelle": "Programmation informatique",
    "trancheEffectifEtab": "20 à 49 salariés",
    "offresManqueCandidats": True,
    "entrepriseAdaptee": False,
    "employeurHandiEngage": False,
    "lieuTravail": {
        "libelle": "69 - LYON 03",
        "latitude": 45.75,
        "longitude": 4.85,
        "codePostal": "69003",
        "commune": "69383",
    },
    "entreprise": {"nom": "Exemple SA", "description": "Une ESN", "entrepriseAdaptee": False},
    "salaire": {
        "libelle": "Annuel de 38000 Euros",
        "commentaire": "selon profil",
        "complement1": "Mutuelle",
        "complement2": "Tickets",
        "listeComplements": [{"code": "1", "libelle": "Primes"}],
    },
    "competences": [
        {"code": "300", "libelle": "Python", "exigence": "E"},
        {"code": "301", "libelle": "Anglais technique", "exigence": "S"},
        {"libelle": "Concevoir une base de données", "exigence": "E"},
    ],
    "qualitesProfessionnelles": [{"libelle": "Autonomie", "description": "Sans encadrement"}],
    "formations": [
        {
            "codeFormation": "31054",
            "domaineLibelle": "Informatique",
            "niveauLibelle": "Bac+5",
            "commentaire": "ou équivalent",
            "exigence": "S",
        }
    ],
    "permis": [{"libelle": "B - Véhicule léger", "exigence": "E"}],
    "langues": [{"libelle": "Anglais", "exigence": "E"}],
    "contact": {
        "nom": f"{CANARY} nom",
        "coordonnees1": f"{CANARY} rue",
        "coordonnees2": f"{CANARY} ville",
        "coordonnees3": f"{CANARY} pays",
        "courriel": f"{CANARY}@example.org",
        "telephone": f"{CANARY} 01",
        "urlRecruteur": f"https://example.org/{CANARY}",
        "commentaire": f"{CANARY} demander",
    },
    "origineOffre": {
        "origine": "1",
        "urlOrigine": "https://example.org/offre?a=1&amp;b=2",
        "partenaires": [{"nom": "X"}],
    },
    "contexteTravail": {"horaires": ["35H", "Travail en journée"], "conditionsExercice": ["x"]},
    "_source": ["test"],
}


def offer(offer_id: str, **changes: Any) -> dict[str, Any]:
    """Returns a minimal valid record with some fields set."""
    return {"id": offer_id, "intitule": f"Vendeur {offer_id}", "romeCode": "D1106", **changes}


def full(offer_id: str = "101ABC", **changes: Any) -> dict[str, Any]:
    """Returns the record with every field, under an id, with some fields replaced."""
    return {**copy.deepcopy(FULL), "id": offer_id, **changes}


def write_lines(path: Path, *records: Any) -> Path:
    """Writes JSON lines; a ``str`` is written as it is (a broken line)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [each if isinstance(each, str) else json.dumps(each) for each in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_bronze(folder: Path, day: str, *records: Any) -> Path:
    """Writes a day's partition as France Travail's client would and returns the folder."""
    path = folder / f"france_travail/offers/ingestion_date={day}/offer_{day}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"resultats": list(records)}), encoding="utf-8")
    return folder


def ingest(home: Path, *paths: Path, **options: Any) -> IngestReport:
    """Ingests into ``home``: w.duckdb, c.parquet, rejects/."""
    return ingest_offers(
        paths,
        warehouse_path=home / "w.duckdb",
        catalogue_path=home / "c.parquet",
        rejects_dir=home / "rejects",
        **options,
    )


def stored(home: Path, table: Table) -> list[dict[str, Any]]:
    """Returns the rows of a table in the warehouse of ``home``, in one fixed order."""
    with duckdb.connect(str(home / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        rows = connection.table(f"{table.layer}.{table.name}").to_arrow_table().to_pylist()
    return sorted(rows, key=lambda row: tuple(map(str, row.values())))
