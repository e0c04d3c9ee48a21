"""Grids: cells over several lines are closed, and fields are put beside their values."""

from __future__ import annotations

from jobmatch_ml.cv.grid import close_cells, pair_fields
from jobmatch_ml.cv.pieces import Piece


def piece(text: str, x0: float, top: float) -> Piece:
    return Piece(text, x0, top, x0 + 5 * len(text), top + 10)


def texts(rows: list[list[Piece]]) -> list[list[str]]:
    return [[item.text for item in row] for row in rows]


def test_a_short_cell_goes_on_in_small_letters_below() -> None:
    rows = [
        [piece("Analyse de", 40, 0), piece("Prise des", 200, 0), piece("Word", 360, 0)],
        [piece("risques", 40, 13), piece("constantes", 200, 13)],
    ]
    assert texts(close_cells(rows)) == [["Analyse de risques", "Prise des constantes", "Word"]]


def test_capitals_far_lines_and_other_places_are_cells_of_their_own() -> None:
    first = [piece("Analyse", 40, 0), piece("Word", 200, 0)]
    for second in (piece("Vente", 40, 13), piece("vente", 40, 40), piece("vente", 90, 13)):
        assert texts(close_cells([list(first), [second]])) == [["Analyse", "Word"], [second.text]]


def test_dates_below_a_name_are_no_rest_of_it() -> None:
    rows = [[piece("Fnac", 40, 0), piece("Vendeur", 200, 0)], [piece("mars 2019", 40, 13)]]
    assert texts(close_cells(rows)) == [["Fnac", "Vendeur"], ["mars 2019"]]
    rows = [[piece("mai 2016 à juin", 40, 0), piece("Vendeur", 200, 0)], [piece("2018", 40, 13)]]
    assert texts(close_cells(rows)) == [["mai 2016 à juin 2018", "Vendeur"]]


def test_fields_above_their_values_become_lines_at_one_edge() -> None:
    rows = [
        [piece("Nom", 40, 0), piece("Ville", 200, 0), piece("Véhicule", 360, 0)],
        [piece("Martin", 40, 13), piece("Lyon", 200, 13), piece("oui", 360, 13)],
    ]
    found = pair_fields(rows)
    assert texts(found) == [["Nom : Martin"], ["Ville : Lyon"], ["Véhicule : oui"]]
    assert {row[0].x0 for row in found} == {40}


def test_in_progress_below_a_beginning_is_its_end() -> None:
    rows = [
        [Piece("Fnac", 40, 100, 80, 110), Piece("01/2022", 200, 100, 240, 110)],
        [Piece("en cours", 200, 112, 240, 122)],
    ]
    assert [[piece.text for piece in row] for row in close_cells(rows)] == [
        ["Fnac", "01/2022 – en cours"]
    ]


def test_a_forms_value_without_room_before_the_next_field_goes_on_below() -> None:
    def rows(end: float) -> list[list[Piece]]:
        return [
            [
                Piece("Société", 40, 100, 75, 110),
                Piece("Centre opérationnel", 100, 100, end, 110),
                Piece("Lieu", 220, 100, 240, 110),
                Piece("Rennes", 260, 100, 290, 110),
            ],
            [Piece("Ouest Numérique", 100, 112, 175, 122)],
        ]

    joined = close_cells(rows(200.0))
    assert [piece.text for piece in joined[0]][1] == "Centre opérationnel Ouest Numérique"
    assert len(close_cells(rows(150.0))) == 2


def test_a_field_without_a_value_below_it_stays() -> None:
    rows = [
        [piece("Dates :", 40, 0), piece("Poste :", 200, 0)],
        [piece("Vendeur", 200, 13)],
    ]
    assert texts(pair_fields(rows)) == [["Dates :"], ["Poste : Vendeur"]]
