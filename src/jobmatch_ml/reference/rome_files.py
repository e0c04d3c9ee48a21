"""Reading the official ROME 4.0 CSV files into :class:`RomeTables`, and storing the import."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.reference.imported import (
    MANIFEST,
    ImportManifest,
    read_import_table,
    read_manifest,
    write_import,
)
from jobmatch_ml.reference.official_csv import SourceFolder
from jobmatch_ml.reference.rome import (
    ROME_VERSION,
    Appellation,
    Fiche,
    ItemKind,
    ItemLink,
    Mobility,
    RomeItem,
    RomeTables,
)
from jobmatch_ml.reference.titles import gender_forms

LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
ATTRIBUTION = "Source : France Travail, Répertoire opérationnel des métiers et des emplois (ROME)"

_FILE = re.compile(r"unix_(\w+)_v(\d+)_utf8\.csv")
_RUBRICS: dict[str, ItemKind] = {
    "1": "skill", "2": "soft_skill", "3": "knowledge", "": "context",
}  # fmt: skip


class _Reader:
    """One pass over the folder; every problem is kept until the end."""

    def __init__(self, folder: Path) -> None:
        self.source = SourceFolder(folder, expected=f"ROME 4.0, version {ROME_VERSION}")
        self.version = self._version()

    def _version(self) -> str:
        found = {
            match[2] for path in self.source.path.iterdir() if (match := _FILE.match(path.name))
        }
        self.found = bool(found)
        if not found:
            self.source.problems.append("no file named unix_<table>_v<version>_utf8.csv")
        if len(found) > 1:
            self.source.problems.append(f"files of several versions: {', '.join(sorted(found))}")
        version = max(found, default=ROME_VERSION)
        if version != ROME_VERSION:
            self.source.warnings.append(
                f"version {version} of ROME; the import was written for version {ROME_VERSION}"
            )
        return version

    def rows(self, table: str, *columns: str, optional: tuple[str, ...] = ()) -> list[Any]:
        name = f"unix_{table}_v{self.version}_utf8.csv"
        return list(self.source.rows(name, columns, optional=optional))

    def read(self) -> RomeTables:
        items = self._items()
        names = self._appellations()
        links = self._links()
        texts = self._texts()
        mobility = self._mobility()
        domains = {row[0]: row[1:] for row in self.rows("cr_gd_dp", *_DOMAIN_COLUMNS)}
        sectors = self._sectors()
        fiches = {}
        for code, label, parent, regulated, executive in self.rows(
            "referentiel_code_rome", "code_rome", "libelle_rome", "code_rome_parent",
            optional=("emploi_reglemente", "emploi_cadre"),
        ):  # fmt: skip
            domain, field = domains.get(code, ("", ""))
            fiches[code] = Fiche(
                code=code,
                label=label,
                domain=domain,
                field=field,
                parent=parent or code,
                definition=" ".join(texts[code, "definition"]),
                access=" ".join(texts[code, "acces_metier"]),
                appellations=tuple(
                    sorted(names[code], key=lambda name: (not name.main, name.label))
                ),
                links=tuple(links[code]),
                mobility=tuple(sorted(mobility[code], key=lambda move: (move.rank, move.code))),
                sectors=tuple(sectors[code]),
                executive=executive == "O",
                regulated=regulated == "O",
            )
        tables = RomeTables(self.version, dict(sorted(fiches.items())), items)
        self._check(tables)
        return tables

    def _items(self) -> dict[str, RomeItem]:
        category = dict(
            self.rows("referentiel_competence", "code_ogr", "sous_cat_comp")
            + self.rows("referentiel_savoir", "code_ogr_savoir", "sous_categorie_savoir")
            + self.rows("referentiel_contexte_travail", "code_ogr", "libelle_type_cont_trav")
        )
        items = {}
        for code, label, rubric in self.rows("item", "code_ogr", "libelle", "code_rubrique"):
            if rubric not in _RUBRICS:
                self.source.problems.append(f"item {code}: unknown code_rubrique '{rubric}'")
                continue
            items[code] = RomeItem(code, _text(label), _RUBRICS[rubric], category.get(code, ""))
        return items

    def _appellations(self) -> dict[str, list[Appellation]]:
        names = defaultdict(list)
        columns = ("code_ogr", "libelle_appellation_long", "libelle_appellation_court", "code_rome")
        for code, label, short, fiche, kind, rare in self.rows(
            "referentiel_appellation", *columns, "classification", optional=("peu_usite",)
        ):
            forms = gender_forms(_text(label))
            names[fiche].append(
                Appellation(
                    code=code,
                    label=_text(label),
                    short=_text(short),
                    masculine=forms[0],
                    feminine=forms[-1],
                    main=kind == "PRINCIPALE",
                    rare=rare == "O",
                )
            )
        return names

    def _links(self) -> dict[str, list[ItemLink]]:
        links = defaultdict(list)
        for fiche, item, flag in self.rows(
            "coherence_item", "code_rome", "code_ogr", "coeur_metier"
        ):
            links[fiche].append(ItemLink(item, flag == "Principale", flag == "Émergente"))
        return links

    def _texts(self) -> dict[tuple[str, str], list[str]]:
        phrases = defaultdict(list)
        columns = ("code_rome", "libelle_type_texte", "position_phrase", "libelle_texte")
        for fiche, kind, position, phrase in self.rows("texte", *columns):
            phrases[fiche, kind].append((_number(position), _text(phrase)))
        texts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, found in phrases.items():
            texts[key] = [phrase for _, phrase in sorted(found)]
        return texts

    def _mobility(self) -> dict[str, list[Mobility]]:
        moves = defaultdict(list)
        columns = ("code_rome", "code_rome_cible", "numero_ordre")
        for fiche, target, rank, kind in self.rows(
            "rubrique_mobilite", *columns, optional=("libelle_type_mobilite",)
        ):
            evolution = kind.lower().startswith(("evol", "évol"))
            moves[fiche].append(
                Mobility(target, _number(rank), "evolution" if evolution else "near")
            )
        return moves

    def _sectors(self) -> dict[str, list[tuple[str, str]]]:
        sectors = defaultdict(list)
        columns = ("code_secteur_naf", "libelle_secteur_naf", "code_rome")
        for division, label, fiche in self.rows("arborescence_secteur_naf", *columns):
            # Division 0 stands for "in all sectors": no sector at all.
            if _number(division):
                sectors[fiche].append((division.zfill(2), label))
        return sectors

    def _check(self, tables: RomeTables) -> None:
        """Adds what does not join as problems: fiches without a name, links that lead nowhere."""
        problems = self.source.problems
        if problems:
            return  # A missing file makes every join fail: the cause is told already.
        checks = {
            "no main appellation": [
                code
                for code, fiche in tables.fiches.items()
                if not fiche.appellations or not fiche.main.main
            ],
            "links to an unknown item": [
                code
                for code, fiche in tables.fiches.items()
                if any(link.code not in tables.items for link in fiche.links)
            ],
            "mobility to an unknown fiche": [
                code
                for code, fiche in tables.fiches.items()
                if any(move.code not in tables.fiches for move in fiche.mobility)
            ],
        }
        problems += [
            f"{len(codes)} fiches with {what} (such as {', '.join(codes[:3])})"
            for what, codes in checks.items()
            if codes
        ]
        if not tables.fiches:
            problems.append("referentiel_code_rome: no fiche")


_DOMAIN_COLUMNS = ("code_rome", "libelle_grand_domaine", "libelle_domaine_professionel")


def _text(value: str) -> str:
    # The exports double apostrophes as SQL does.
    return value.replace("''", "'")


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def read_rome(folder: Path) -> RomeTables:
    """Reads a folder of official ROME 4.0 CSV files (``unix_<table>_v460_utf8.csv``).

    Raises:
        MissingFileError: There is no such folder.
        FormatError: Files are missing, have other columns or do not join. One message says all:
            which file, which columns were expected and found, which version was.
    """
    return _read(folder)[0]


def import_rome(folder: Path, out: Path) -> ImportManifest:
    """Reads the official files of ``folder`` and stores them under ``out``, whole or not at all.

    Raises:
        MissingFileError, FormatError: As :func:`read_rome`; or ``out`` holds something else.
    """
    tables, source = _read(folder)
    manifest = ImportManifest(
        name="rome",
        version=tables.version,
        licence=LICENCE,
        attribution=f"{ATTRIBUTION}, version {tables.version}",
        counts=tables.counts(),
        sources=source.sha256,
        warnings=tuple(source.warnings),
    )
    rows = {"fiches": tables.fiches.values(), "items": tables.items.values()}
    return write_import(out, manifest, rows)


def _read(folder: Path) -> tuple[RomeTables, SourceFolder]:
    if not folder.is_dir():
        raise MissingFileError(
            f"{folder}: no such folder; expected the ROME 4.0 CSV files (version {ROME_VERSION}) "
            "that France Travail publishes as open data"
        )
    reader = _Reader(folder)
    tables = reader.read()
    if reader.source.problems:
        found = f"found version {reader.version}" if reader.found else "found no version"
        raise FormatError(
            f"{folder}: not the files of {reader.source.expected} ({found}): "
            f"{'; '.join(reader.source.problems)}. Download that version as a whole and name its "
            "folder"
        )
    return tables, reader.source


def load_rome(folder: Path) -> RomeTables:
    """Returns the classification that :func:`import_rome` stored.

    Raises:
        MissingFileError: Nothing was imported there.
        FormatError, IntegrityError: It is another format, or was changed since.
    """
    manifest = read_manifest(folder, name="rome")
    items = [RomeItem(**row) for row in read_import_table(folder, manifest, "items")]
    fiches = [_fiche(row) for row in read_import_table(folder, manifest, "fiches")]
    return RomeTables(
        version=manifest.version,
        fiches={fiche.code: fiche for fiche in fiches},
        items={item.code: item for item in items},
    )


def open_rome(folder: Path) -> RomeTables:
    """Returns the classification of a folder: an import, or the official CSV files themselves.

    Raises:
        MissingFileError, FormatError, IntegrityError: As :func:`load_rome` and :func:`read_rome`.
    """
    return load_rome(folder) if (folder / MANIFEST).is_file() else read_rome(folder)


def _fiche(row: dict[str, Any]) -> Fiche:
    return Fiche(
        **{
            **row,
            "appellations": tuple(Appellation(**name) for name in row["appellations"]),
            "links": tuple(ItemLink(**link) for link in row["links"]),
            "mobility": tuple(Mobility(**move) for move in row["mobility"]),
            "sectors": tuple((division, label) for division, label in row["sectors"]),
        }
    )
