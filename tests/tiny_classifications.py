"""Hand-written folders in the layout of the official ROME and ESCO files, a few rows each."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

# Table -> rows, the header first. Three fiches: two of one field, one apart.
ROME: dict[str, list[list[str]]] = {
    "referentiel_code_rome": [
        ["code_rome", "libelle_rome", "code_rome_parent", "emploi_cadre", "emploi_reglemente"],
        ["J1501", "Aide-soignant / Aide-soignante", "J1501", "N", "O"],
        ["J1506", "Infirmier / Infirmière", "J1501", "N", "O"],
        ["M1805", "Développeur / Développeuse informatique", "M1805", "O", "N"],
    ],
    "cr_gd_dp": [
        ["code_rome", "libelle_grand_domaine", "libelle_domaine_professionel"],
        ["J1501", "Santé", "Soins paramédicaux"],
        ["J1506", "Santé", "Soins paramédicaux"],
        ["M1805", "Support à l'entreprise", "Systèmes d'information"],
    ],
    "referentiel_appellation": [
        ["code_ogr", "libelle_appellation_long", "libelle_appellation_court", "code_rome",
         "classification", "peu_usite"],
        ["11", "Aide-soignant / Aide-soignante", "Aide-soignant(e)", "J1501", "PRINCIPALE", "N"],
        ["12", "Infirmier / Infirmière en chef", "Infirmier(ère) chef", "J1506", "SYNONYME", "N"],
        ["13", "Infirmier / Infirmière", "Infirmier(ère)", "J1506", "PRINCIPALE", "N"],
        ["14", "Infirmier / Infirmière de bloc", "Infirmier(ère) bloc", "J1506", "SYNONYME", "N"],
        ["15", "Développeur / Développeuse informatique", "Développeur(se) informatique", "M1805",
         "PRINCIPALE", "N"],
        ["16", "Responsable sécurité des systèmes (RSS)", "RSS", "M1805", "SYNONYME", "N"],
    ],
    "item": [
        ["code_ogr", "libelle", "code_rubrique"],
        ["100", "Réaliser les soins d''hygiène", "1"],
        ["101", "Contrôler les constantes d''un patient", "1"],
        ["102", "Concevoir une application", "1"],
        ["103", "Tester une application", "1"],
        ["200", "Techniques de manutention de personnes", "3"],
        ["201", "Langages informatiques", "3"],
        ["202", "Diplôme d''Etat d''aide-soignant", "3"],
        ["300", "Faire preuve de rigueur", "2"],
        ["400", "Travail de nuit", ""],
    ],
    "referentiel_competence": [["code_ogr", "sous_cat_comp"], ["100", "Technique"]],
    "referentiel_savoir": [
        ["code_ogr_savoir", "sous_categorie_savoir"],
        ["200", "Autres techniques professionnelles"],
        ["202", "Certifications"],
    ],
    "referentiel_contexte_travail": [["code_ogr", "libelle_type_cont_trav"], ["400", "Horaires"]],
    "coherence_item": [
        ["code_rome", "code_ogr", "coeur_metier"],
        ["J1501", "101", "Émergente"],
        ["J1501", "100", "Principale"],
        ["J1501", "200", ""],
        ["J1501", "202", ""],
        ["J1501", "300", ""],
        ["J1501", "400", ""],
        ["J1506", "100", ""],
        ["J1506", "101", "Principale"],
        ["M1805", "102", "Principale"],
        ["M1805", "103", ""],
        ["M1805", "201", "Principale"],
    ],
    "texte": [
        ["code_rome", "libelle_type_texte", "position_phrase", "libelle_texte"],
        ["J1501", "definition", "2", "Veille à l''hygiène."],
        ["J1501", "definition", "1", "Soigne."],
        ["J1501", "acces_metier", "1", "Accessible avec un CAP à Bac."],
    ],
    "rubrique_mobilite": [
        ["code_rome", "code_rome_cible", "numero_ordre"],
        ["J1506", "M1805", "2"],
        ["J1506", "J1501", "1"],
    ],
    "arborescence_secteur_naf": [
        ["code_secteur_naf", "libelle_secteur_naf", "code_rome"],
        ["0", "Transverse", "M1805"],
        ["86", "Activités pour la santé humaine", "J1501"],
    ],
}  # fmt: skip

ESCO: dict[str, list[list[str]]] = {
    "v1.0_occupations_fr": [
        ["conceptUri", "iscoGroup", "preferredLabel", "altLabels", "description"],
        ["o/1", "2166", "graphiste/graphiste", "dessinatrice\ndessinateur", ""],
        ["o/2", "2166", "maquettiste", "", "Met en page."],
    ],
    "v1.0_skills_fr": [
        ["conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"],
        ["s/1", "knowledge", "cross-sector", "Python", ""],
    ],
    "v1.0_ISCOGroups_fr": [["conceptUri", "code", "preferredLabel", "altLabels"],
                           ["g/2166", "2166", "Concepteurs", ""]],
    "v1.0_broaderRelationsOccPillar": [["conceptUri", "broaderUri"],
                                       ["o/1", "g/2166"], ["o/2", "o/1"]],
    "occupations_fr_light": [
        ["conceptUri", "preferredLabel", "altLabels"],
        ["o/2", "maquettiste", "metteur en page|maquettiste"],
    ],
    "skills_fr_light": [["conceptUri", "preferredLabel", "altLabels"], ["s/2", "tissage", ""]],
}  # fmt: skip


def write_rome(folder: Path, *, version: str = "460") -> Path:
    """Writes the tiny ROME folder."""
    for table, rows in ROME.items():
        write_csv(folder / f"unix_{table}_v{version}_utf8.csv", rows)
    return folder


def write_esco(folder: Path) -> Path:
    """Writes the tiny ESCO folder."""
    for table, rows in ESCO.items():
        write_csv(folder / f"{table}.csv", rows)
    return folder


def write_csv(path: Path, rows: list[list[str]]) -> None:
    """Writes one table, every value quoted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)


def official_folder(name: str) -> Path:
    """Returns a folder of the official files, or skips the test where they are not.

    ``JOBMATCH_TEST_SHARED`` names the folder that holds ``data/rome_v460`` and ``data/esco_fr``.
    """
    shared = os.environ.get("JOBMATCH_TEST_SHARED")
    root = Path(shared) if shared else Path(__file__).resolve().parents[2] / "shared"
    folder = root / "data" / name
    if not folder.is_dir():
        pytest.skip("needs the shared benchmark data")
    return folder
