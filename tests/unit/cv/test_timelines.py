"""Time lines: what stands on both sides of a column of dates belongs to these."""

from __future__ import annotations

import time

from jobmatch_ml.cv.cells import arrange
from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.timelines import _is_alike, find_timelines


def words(text: str, x0: float, top: float, size: float = 10.0) -> list[Piece]:
    """The words of a line that begins at a place; letters are half as wide as high."""
    pieces = []
    for word in text.split(" "):
        x1 = x0 + len(word) * size / 2
        pieces.append(Piece(word, x0, top, x1, top + size))
        x0 = x1 + size / 4
    return pieces


def texts(*lines: tuple[str, float, float]) -> list[str]:
    return [line.text for line in arrange([word for line in lines for word in words(*line)])]


LINE = (
    ("Expérience", 40, 80),
    ("Bâtisseurs de la", 40, 100), ("depuis 2021", 150, 100), ("Conductrice de travaux", 250, 100),
    ("rade", 40, 112), ("Suivi de six chantiers en site occupé", 250, 112),
    ("Vannes", 40, 124),
    ("Kergal", 40, 150), ("2016 - 2021", 150, 150), ("Technicienne d'études", 250, 150),
    ("Lorient", 40, 162), ("Chiffrage de marchés", 250, 162),
)  # fmt: skip


def test_employer_dates_and_position_of_a_time_line_stand_on_one_line() -> None:
    assert texts(*LINE) == [
        "Expérience",
        "Bâtisseurs de la rade | Vannes | depuis 2021 | Conductrice de travaux",
        "Suivi de six chantiers en site occupé",
        "Kergal | Lorient | 2016 - 2021 | Technicienne d'études",
        "Chiffrage de marchés",
    ]


def test_a_beginning_above_an_end_is_one_period() -> None:
    lines = texts(
        ("Fnac", 40, 100), ("03/2019", 150, 100), ("Vendeur", 250, 100),
        ("Lyon", 40, 112), ("06/2021", 150, 112), ("Conseil et encaissement", 250, 112),
        ("Darty", 40, 150), ("01/2017", 150, 150), ("Caissier", 250, 150),
        ("Dijon", 40, 162), ("02/2019", 150, 162), ("Tenue de la caisse", 250, 162),
    )  # fmt: skip
    assert lines[0] == "Fnac | Lyon | 03/2019 – 06/2021 | Vendeur"
    assert lines[2] == "Darty | Dijon | 01/2017 – 02/2019 | Caissier"


def test_years_of_two_entries_below_each_other_stay_apart() -> None:
    assert texts(
        ("Université de Reims", 40, 100), ("2009", 150, 100), ("Master Lettres", 250, 100),
        ("Lycée Chaptal", 40, 112), ("2004", 150, 112), ("Baccalauréat", 250, 112),
    ) == [
        "Université de Reims | 2009 | Master Lettres",
        "Lycée Chaptal | 2004 | Baccalauréat",
    ]  # fmt: skip


def test_work_left_of_the_dates_is_read_below_its_line() -> None:
    lines = texts(
        ("Vendeur", 40, 100), ("2019 - 2021", 250, 100), ("Fnac", 350, 100),
        ("Conseil aux clients du rayon des livres", 40, 112), ("Lyon", 350, 112),
        ("Caissier", 40, 150), ("2017 - 2019", 250, 150), ("Darty", 350, 150),
        ("Tenue de la caisse et relevé du soir", 40, 162), ("Dijon", 350, 162),
    )  # fmt: skip
    assert lines == [
        "Vendeur | 2019 - 2021 | Fnac | Lyon", "Conseil aux clients du rayon des livres",
        "Caissier | 2017 - 2019 | Darty | Dijon", "Tenue de la caisse et relevé du soir",
    ]  # fmt: skip


def test_a_kind_of_contract_above_the_dates_stays_with_its_own_entry() -> None:
    lines = texts(
        ("Fnac", 40, 100), ("CDI", 150, 100), ("2021 - 2023", 175, 100), ("Vendeur", 250, 100),
        ("Conseil aux clients", 250, 112),
        ("Darty", 40, 160), ("CDD", 150, 160), ("Caissier", 250, 160),
        ("2017 - 2019", 150, 172), ("Tenue de la caisse", 250, 172),
        ("Leclerc", 40, 210), ("2016 - 2017", 150, 210), ("Employé", 250, 210),
        ("Intérim", 150, 222), ("Mise en rayon", 250, 222),
    )  # fmt: skip
    assert lines == [
        "Fnac | 2021 - 2023 CDI | Vendeur", "Conseil aux clients",
        "Darty | 2017 - 2019 CDD | Caissier", "Tenue de la caisse",
        "Leclerc | 2016 - 2017 Intérim | Employé", "Mise en rayon",
    ]  # fmt: skip


def test_a_name_that_a_narrow_column_broke_before_its_town_is_one() -> None:
    lines = texts(
        ("Université de", 40, 100), ("2009", 150, 100), ("Master Lettres", 250, 100),
        ("Reims", 40, 112), ("Mention bien, mémoire sur Colette", 250, 112),
        ("University of", 40, 150), ("2004", 150, 150), ("BA History", 250, 150),
        ("Gothenburg", 40, 162), ("Année passée à l'étranger", 250, 162),
    )  # fmt: skip
    assert lines[0] == "Université de Reims | 2009 | Master Lettres"
    assert lines[2] == "University of Gothenburg | 2004 | BA History"


def test_dates_without_text_on_both_sides_are_no_time_line() -> None:
    rows = [words("2019 - 2021", 40, 100), words("Vendeur", 200, 112), words("2017", 40, 150)]
    assert find_timelines(rows) == []


def test_a_page_of_dates_alone_is_read_in_a_time_that_grows_with_its_length() -> None:
    def measure(count: int) -> float:
        rows = [
            [
                Piece(text, x0, at * 12, x0 + 30, at * 12 + 10)
                for text, x0 in (("a", 10), ("2019", 50), ("b", 100))
            ]
            for at in range(count)
        ]
        begun = time.process_time()
        find_timelines(rows)
        return time.process_time() - begun

    measure(200)
    # The least of three: what else runs, or is cleaned up, in this process counts as well.
    least = {count: min(measure(count) for _ in range(3)) for count in (1500, 6000)}
    assert least[6000] < 12 * least[1500] + 0.5


def test_sizes_that_differ_as_on_a_scan_are_one_type() -> None:
    assert _is_alike((8.0, False, 0), (7.5, False, 0))
    assert not _is_alike((8.0, False, 0), (9.5, False, 0))
    assert not _is_alike((8.0, False, 0), (8.0, True, 0))
    assert _is_alike(None, None)
    assert not _is_alike(None, (8.0, False, 0))
