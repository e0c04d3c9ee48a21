"""ROME as a labour market: every fiche an occupation that a world can be made of."""

from __future__ import annotations

import time
from pathlib import Path

from jobmatch_ml.reference.occupations import OccupationTable, read_table
from jobmatch_ml.reference.rome_files import import_rome, load_rome, read_rome
from jobmatch_ml.reference.rome_occupations import rome_occupations
from tests.tiny_classifications import official_folder, write_rome

OWN = """
skills: {care: [Soins, Toilettes]}
occupations:
  - {code: J1501, label: A, masculine: A, feminine: A, offer_titles: [A], cv_titles: [A],
     required: [care], wished: [], tasks: [], neighbours: [], contracts: {CDI: 1},
     salary: [24000, 26500], qualifications: [DEAS], level: 6, sector: {naf: 87.10A, label: H}}
"""


def own_table(folder: Path) -> OccupationTable:
    folder.mkdir()
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    return read_table(folder)


def test_fiches_become_occupations(tmp_path: Path) -> None:
    table = rome_occupations(read_rome(write_rome(tmp_path)), own=own_table(tmp_path / "own"))
    carer, nurse, developer = table.occupations
    assert (carer.masculine, carer.feminine) == ("Aide-soignant", "Aide-soignante")
    assert carer.tasks[0].offer == "Réaliser les soins d'hygiène"
    assert carer.tasks[0].cv in {"Réalisation des soins d'hygiène", "Soins d'hygiène"}
    assert carer.qualifications == ("Diplôme d'Etat d'aide-soignant",)
    assert carer.neighbours == ("J1506",)
    assert carer.sector.naf == "86.10Z"
    assert table.skills[carer.required[0]].offer == "Techniques de manutention de personnes"
    # Three names: the fiche's own, one for offers, one for CVs in the masculine.
    assert nurse.offer_titles == ("Infirmier / Infirmière de bloc",)
    assert nurse.cv_titles == ("Infirmier en chef",)
    assert nurse.neighbours == ("J1501", "M1805")
    assert developer.abbreviations == ("RSS",)
    assert (developer.level, developer.sector.naf) == (9, "87.10A")
    assert developer.qualifications[0] == "Master systèmes d'information"


def check(table: OccupationTable) -> None:
    """What the world needs of every occupation."""
    for item in table.occupations:
        assert 4 <= len(item.tasks) <= 8, item.code
        assert item.offer_titles, item.code
        assert item.cv_titles, item.code
        assert item.required, item.code
        assert not set(item.required) & set(item.wished), item.code
        assert item.neighbours, item.code
        assert item.code not in item.neighbours
        assert set(item.neighbours) <= set(table.by_code), item.code
        assert item.qualifications, item.code
        assert abs(sum(item.contracts.values()) - 1) < 1e-9, item.code
        assert 20_000 < item.salary[0] <= item.salary[1] < 100_000, item.code
        assert all(task.offer != task.cv for task in item.tasks), item.code
    for skill in table.skills.values():
        assert skill.cv, skill.skill_id
        assert skill.offer not in skill.cv, skill.skill_id


def test_the_official_fiches_all_become_occupations_in_seconds(tmp_path: Path) -> None:
    import_rome(official_folder("rome_v460"), tmp_path / "rome")
    own = own_table(tmp_path / "own")
    began = time.process_time()
    table = rome_occupations(load_rome(tmp_path / "rome"), own=own)
    assert time.process_time() - began < 5
    assert len(table.occupations) == 1584
    check(table)
    same = [
        item
        for item in table.occupations
        if set(item.cv_titles) & {*item.offer_titles, item.masculine}
    ]
    # The world needs other titles in CVs; only fiches with a single short name cannot give one.
    assert len(same) < 0.2 * len(table.occupations)
