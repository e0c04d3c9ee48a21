"""Official ROME files: what is read of them, and what is said of a folder that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.reference.rome import Mobility
from jobmatch_ml.reference.rome_files import import_rome, load_rome, open_rome, read_rome
from tests.tiny_classifications import ROME, official_folder, write_csv, write_rome


def test_a_fiche_has_its_names_texts_items_and_moves(tmp_path: Path) -> None:
    tables = read_rome(write_rome(tmp_path))
    assert list(tables.fiches) == ["J1501", "J1506", "M1805"]
    carer, nurse = tables.fiches["J1501"], tables.fiches["J1506"]
    assert carer.definition == "Soigne. Veille à l'hygiène."
    assert (carer.regulated, carer.executive, carer.field) == (True, False, "Soins paramédicaux")
    assert carer.sectors == (("86", "Activités pour la santé humaine"),)
    assert tables.fiches["M1805"].sectors == ()
    assert nurse.main.feminine == "Infirmière"
    assert [name.masculine for name in nurse.appellations[1:]] == [
        "Infirmier de bloc", "Infirmier en chef"
    ]  # fmt: skip
    assert nurse.mobility == (Mobility("J1501", 1), Mobility("M1805", 2))
    skills = tables.items_of("J1501", "skill")
    assert [item.label for item, _ in skills] == [
        "Réaliser les soins d'hygiène", "Contrôler les constantes d'un patient"
    ]  # fmt: skip
    assert (skills[0][1].core, skills[1][1].emerging) == (True, True)
    assert tables.items["400"].kind == "context"
    assert tables.items["202"].category == "Certifications"


def test_an_import_is_loaded_as_it_was_read(tmp_path: Path) -> None:
    source = write_rome(tmp_path / "csv")
    manifest = import_rome(source, tmp_path / "rome")
    assert load_rome(tmp_path / "rome") == read_rome(source)
    assert open_rome(tmp_path / "rome") == open_rome(source)
    assert manifest.counts["fiches"] == 3
    assert manifest.counts["links"] == 11
    assert len(manifest.sources) == len(ROME)
    assert "France Travail" in manifest.attribution
    assert "Licence Ouverte" in manifest.licence


def test_all_problems_of_a_folder_are_told_with_the_versions(tmp_path: Path) -> None:
    write_rome(tmp_path)
    (tmp_path / "unix_item_v460_utf8.csv").unlink()
    write_csv(tmp_path / "unix_texte_v460_utf8.csv", [["code_rome", "phrase"]])
    with pytest.raises(FormatError) as caught:
        import_rome(tmp_path, tmp_path / "out")
    message = str(caught.value)
    assert "not the files of ROME 4.0, version 460 (found version 460)" in message
    assert "unix_item_v460_utf8.csv: not there" in message
    assert "unix_texte_v460_utf8.csv: no column libelle_type_texte" in message
    assert "(found: code_rome, phrase)" in message
    assert not (tmp_path / "out").exists()


def test_another_version_is_read_with_a_warning(tmp_path: Path) -> None:
    manifest = import_rome(write_rome(tmp_path / "csv", version="461"), tmp_path / "rome")
    assert manifest.version == "461"
    assert manifest.warnings[0].startswith("version 461 of ROME; the import was written for")


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("coherence_item", ["J1501", "999", ""], "1 fiches with links to an unknown item"),
        ("rubrique_mobilite", ["J1501", "Z9", "1"], "mobility to an unknown fiche (such as J1501)"),
        ("referentiel_code_rome", ["K1", "Sans nom", "", "", ""], "1 fiches with no main appell"),
        ("item", ["500", "Quoi", "9"], "item 500: unknown code_rubrique '9'"),
    ],
)
def test_rows_that_do_not_join_are_refused(
    tmp_path: Path, table: str, row: list[str], message: str
) -> None:
    write_rome(tmp_path)
    write_csv(tmp_path / f"unix_{table}_v460_utf8.csv", [*ROME[table], row])
    with pytest.raises(FormatError, match="not the files of ROME") as caught:
        read_rome(tmp_path)
    assert message in str(caught.value)


def test_a_folder_that_is_not_there_or_of_two_versions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no such folder"):
        read_rome(tmp_path / "none")
    with pytest.raises(FormatError, match=r"found no version.*no file named unix_<table>"):
        read_rome(tmp_path)
    write_rome(tmp_path)
    write_rome(tmp_path, version="459")
    with pytest.raises(FormatError, match="files of several versions: 459, 460"):
        read_rome(tmp_path)


def test_the_official_files_are_read_whole() -> None:
    tables = read_rome(official_folder("rome_v460"))
    counts = tables.counts()
    assert (counts["fiches"], counts["appellations"], counts["links"]) == (1584, 13120, 104_219)
    assert counts["mobility"] == 14_912
    both = [
        name
        for fiche in tables.fiches.values()
        for name in fiche.appellations
        if " / " in name.label
    ]
    assert sum(name.masculine != name.feminine for name in both) > 0.995 * len(both)
