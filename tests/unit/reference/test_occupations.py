"""The occupation table: complete, consistent, and strict about what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.reference import load_occupations, load_skills, load_table
from jobmatch_ml.reference.occupations import read_table

ENTRY = """
skills:
  care: [Soins d'hygiène, "Toilettes"]
occupations:
  - code: J1501
    label: Aide-soignant / Aide-soignante
    masculine: Aide-soignant
    feminine: Aide-soignante
    offer_titles: [Aide-soignant / Aide-soignante]
    cv_titles: [AS]
    required: [{skill}]
    wished: []
    tasks:
      - {{offer: "Dispenser les soins", cv: "Toilettes"}}
    neighbours: [{neighbour}]
    contracts: {{CDI: 1}}
    salary: [{low}, 28000]
    qualifications: [DEAS]
    level: 6
    sector: {{naf: 87.10A, label: Hébergement}}
"""


def write_table(folder: Path, *, skill: str = "care", neighbour: str = "", low: str = "1") -> Path:
    text = ENTRY.format(skill=skill, neighbour=neighbour, low=low)
    (folder / "j.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_table_covers_the_fourteen_domains_with_at_least_45_occupations() -> None:
    occupations = load_occupations()
    assert len(occupations) >= 45
    assert {occupation.domain for occupation in occupations} == set("ABCDEFGHIJKLMN")
    assert [item.code for item in occupations] == sorted(item.code for item in occupations)


def test_each_task_and_skill_has_a_wording_of_offers_and_another_of_cvs() -> None:
    for occupation in load_occupations():
        assert 4 <= len(occupation.tasks) <= 6, occupation.code
        assert all(task.offer != task.cv for task in occupation.tasks), occupation.code
    for skill in load_skills().values():
        assert skill.cv, skill.skill_id
        assert skill.offer not in skill.cv, skill.skill_id


def test_every_occupation_has_neighbours_titles_contracts_and_a_salary_range() -> None:
    for occupation in load_occupations():
        assert occupation.neighbours, occupation.code
        assert occupation.offer_titles, occupation.code
        assert occupation.cv_titles, occupation.code
        assert occupation.contracts, occupation.code
        assert 20_000 < occupation.salary[0] <= occupation.salary[1] < 100_000, occupation.code


def test_a_valid_folder_is_read(tmp_path: Path) -> None:
    table = read_table(write_table(tmp_path))
    assert table.occupations[0].tasks[0].cv == "Toilettes"
    assert table.skills["care"].offer == "Soins d'hygiène"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"skill": "surgery"}, "j.yaml, line 5: J1501 names the unknown skill 'surgery'"),
        ({"neighbour": "X9999"}, "j.yaml, line 5: J1501 names the unknown neighbour 'X9999'"),
        ({"low": "30000"}, "salary: 30000 > 28000"),
        ({"low": "many"}, "j.yaml, line 5: missing or malformed"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file_and_line(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(FormatError, match="occupations in") as caught:
        read_table(write_table(tmp_path, **change))
    assert message in str(caught.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    text = (folder / "j.yaml").read_text(encoding="utf-8").replace("    level: 6\n", "")
    (folder / "j.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match="missing or malformed 'level'"):
        read_table(folder)


def test_an_occupation_given_twice_is_refused(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    other = ENTRY.format(skill="care", neighbour="", low="1").replace("  care:", "  other:")
    (folder / "k.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(FormatError, match="J1501 is given twice"):
        read_table(folder)


@pytest.mark.parametrize("text", ["- a list\n", "{broken", "skills: {}\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "j.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError):
        read_table(tmp_path)


def with_options(folder: Path, *, english: str = "care", region: str = "Bretagne: 2") -> Path:
    write_table(folder)
    path = folder / "j.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "occupations:", f"skills_en:\n  {english}: Personal care\noccupations:"
    )
    text = text.replace('cv: "Toilettes"}', 'cv: "Toilettes", en: "Helped with washing"}')
    text += "    abbreviations: [AS]\n    english_title: Care assistant\n"
    path.write_text(f"{text}    regions: {{{region}}}\n", encoding="utf-8")
    return folder


def test_english_abbreviations_and_regions_are_optional(tmp_path: Path) -> None:
    plain = read_table(write_table(tmp_path)).occupations[0]
    assert (plain.abbreviations, plain.regions, plain.english_title) == ((), {}, "")
    assert plain.tasks[0].en == ""
    table = read_table(with_options(tmp_path))
    full = table.occupations[0]
    assert (full.abbreviations, full.regions) == (("AS",), {"Bretagne": 2.0})
    assert (full.english_title, full.tasks[0].en) == ("Care assistant", "Helped with washing")
    assert table.skills["care"].en == "Personal care"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"english": "surgery"}, "j.yaml, line 5: `skills_en` names the skill 'surgery'"),
        ({"region": "Bretagn: 2"}, "Did you mean 'Bretagne'?"),
        ({"region": "Bretagne: 0"}, "regions: Bretagne is 0.0; expected a number above 0"),
        ({"region": "Bretagne: .nan"}, "missing or malformed"),
    ],
)
def test_a_wrong_option_is_refused_with_its_file_and_line(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(FormatError, match=r"j\.yaml, line") as caught:
        read_table(with_options(tmp_path, **change))
    assert message in str(caught.value)


def test_a_table_finds_occupations_by_code_and_by_domain() -> None:
    table = load_table()
    assert table.by_code["M1805"].code == "M1805"
    assert list(table.domains) == list("ABCDEFGHIJKLMN")
    assert sum(len(group) for group in table.domains.values()) == len(table.occupations)
