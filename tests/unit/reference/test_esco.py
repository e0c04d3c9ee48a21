"""ESCO files: concepts, names of both lists, broader relations, problems together."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.reference.esco import import_esco, load_esco, read_esco
from tests.tiny_classifications import ESCO, official_folder, write_csv, write_esco


def test_concepts_have_names_of_both_lists(tmp_path: Path) -> None:
    tables = read_esco(write_esco(tmp_path))
    designer, layouter = tables.occupations["o/1"], tables.occupations["o/2"]
    assert designer.alternatives == ("dessinatrice", "dessinateur")
    assert (layouter.alternatives, layouter.description) == (("metteur en page",), "Met en page.")
    assert designer.code == tables.groups["g/2166"].code == "2166"
    assert (tables.skills["s/1"].skill_type, tables.skills["s/1"].reuse_level) == (
        "knowledge", "cross-sector"
    )  # fmt: skip
    assert tables.skills["s/2"].label == "tissage"
    assert tables.broader == {"o/1": ("g/2166",), "o/2": ("o/1",)}


def test_an_import_is_loaded_as_it_was_read(tmp_path: Path) -> None:
    source = write_esco(tmp_path / "csv")
    manifest = import_esco(source, tmp_path / "esco")
    assert load_esco(tmp_path / "esco") == read_esco(source)
    assert manifest.counts == {
        "occupations": 2, "occupation_names": 5, "skills": 2, "skill_names": 2, "isco_groups": 1,
        "broader": 2,
    }  # fmt: skip
    assert "ESCO" in manifest.attribution


def test_the_lighter_lists_may_be_missing_the_others_may_not(tmp_path: Path) -> None:
    write_esco(tmp_path)
    for name in ("occupations_fr_light", "skills_fr_light"):
        (tmp_path / f"{name}.csv").unlink()
    assert read_esco(tmp_path).occupations["o/2"].alternatives == ()
    (tmp_path / "v1.0_skills_fr.csv").unlink()
    write_csv(tmp_path / "v1.0_ISCOGroups_fr.csv", [["conceptUri", "label"]])
    with pytest.raises(FormatError) as caught:
        import_esco(tmp_path, tmp_path / "out")
    assert "not the files of ESCO 1.0 in French" in str(caught.value)
    assert "v1.0_skills_fr.csv: not there" in str(caught.value)
    assert "v1.0_ISCOGroups_fr.csv: no column preferredLabel" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_relations_to_nothing_an_empty_table_and_no_folder_are_refused(tmp_path: Path) -> None:
    write_esco(tmp_path)
    relations = ESCO["v1.0_broaderRelationsOccPillar"]
    write_csv(tmp_path / "v1.0_broaderRelationsOccPillar.csv", [*relations, ["o/9", "o/1"]])
    with pytest.raises(FormatError, match=r"1 rows with an unknown concept \(o/9\)"):
        read_esco(tmp_path)
    write_csv(tmp_path / "v1.0_skills_fr.csv", ESCO["v1.0_skills_fr"][:1])
    with pytest.raises(FormatError, match=r"v1\.0_skills_fr\.csv: no rows"):
        read_esco(tmp_path)
    with pytest.raises(MissingFileError, match="no such folder"):
        read_esco(tmp_path / "none")


def test_the_official_files_are_read_whole() -> None:
    counts = read_esco(official_folder("esco_fr")).counts()
    assert (counts["occupations"], counts["skills"]) == (2942, 13_490)
    assert counts["broader"] == 3551
