"""What ROME does not say: levels from access texts, pay and sectors by domain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jobmatch_ml.reference.occupations import Occupation, OccupationTable, Sector
from jobmatch_ml.reference.rome_defaults import (
    entry_degree,
    entry_level,
    market_defaults,
    naf_sectors,
    usual_sectors,
)
from jobmatch_ml.reference.rome_files import read_rome
from tests.tiny_classifications import ROME, write_csv, write_rome

CARER = Occupation(
    code="J1501", label="", masculine="", feminine="", offer_titles=(), cv_titles=(), required=(),
    wished=(), tasks=(), neighbours=(), contracts={"CDI": 3, "CDD": 1}, salary=(25_250, 25_250),
    qualifications=(), level=6, sector=Sector("87.10A", "Hébergement"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("access", "executive", "degree", "level"),
    [
        ("Accessible avec un Master.", False, 5, 9),
        ("De niveau Bac+2 à Bac+5.", False, 2, 7),
        ("Un BUT ou une Licence.", False, 3, 8),
        ("Avec un CAP à Bac.", False, -1, 6),
        ("Un Bac professionnel.", False, 0, 6),
        ("Accessible sans diplôme.", False, -2, 5),
        ("", False, -1, 6),
        ("", True, 5, 9),
        ("Sans diplôme.", True, -2, 9),
    ],
)
def test_the_level_is_that_of_the_lowest_diploma_named(
    tmp_path: Path, access: str, executive: bool, degree: int, level: int
) -> None:
    carer = read_rome(write_rome(tmp_path)).fiches["J1501"]
    fiche = replace(carer, access=access, executive=executive)
    assert (entry_degree(fiche), entry_level(fiche)) == (degree, level)


def test_contracts_and_pay_are_the_domains_means() -> None:
    table = OccupationTable((CARER, replace(CARER, code="J1506", contracts={"CDI": 1})), {})
    defaults = market_defaults(table)
    # (3/4 + 1) / 2 and (1/4 + 0) / 2.
    assert defaults.contracts("J") == {"CDD": 0.125, "CDI": 0.875}
    assert defaults.contracts("A") == defaults.contracts("J")
    # 25,250 twice is the usual pay of level 6 (22,500 + 28,000): the domain pays 1.0 times as much.
    assert defaults.salary("J", 7) == (26_500, 36_000)
    half = market_defaults(OccupationTable((replace(CARER, salary=(12_000, 12_000)),), {}))
    assert half.salary("J", 1) == (21_700, 21_700)
    assert defaults.sector("B").naf == "87.10A"


def test_the_sector_is_the_one_that_mostly_employs_the_field(tmp_path: Path) -> None:
    write_rome(tmp_path)
    rows = [["47", "Commerce", code] for code in ("J1501", "J1506", "M1805")]
    rows += [["96", "Services", code] for code in ("J1501", "J1506")]
    write_csv(
        tmp_path / "unix_arborescence_secteur_naf_v460_utf8.csv",
        [ROME["arborescence_secteur_naf"][0], *rows],
    )
    sectors = usual_sectors(read_rome(tmp_path))
    assert sectors["J1501"].naf[:2] == "96"
    assert sectors["M1805"].naf[:2] == "47"


def test_each_naf_division_has_a_class_of_its_own() -> None:
    assert len(naf_sectors()) == 88
    assert all(sector.naf[:2] == division for division, sector in naf_sectors().items())
