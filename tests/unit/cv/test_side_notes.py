"""Dates in a narrow column beside an entry's list."""

from __future__ import annotations

from jobmatch_ml.cv.pieces import Piece, Row
from jobmatch_ml.cv.side_notes import lift_notes


def row(text: str, line: int, x0: float = 0.0) -> Row:
    return [Piece(text, x0, 12.0 * line, x0 + 80, 12.0 * line + 10)] if text else []


def lifted(*lines: tuple[str, str]) -> list[str]:
    lefts = [row(left.strip(), at, 9 * left.startswith(" ")) for at, (left, _) in enumerate(lines)]
    rights = [row(right, at, 400) for at, (_, right) in enumerate(lines)]
    return [" | ".join(piece.text for piece in found) for found in lift_notes(lefts, rights)]


def test_dates_beside_a_list_go_up_to_the_head() -> None:
    assert lifted(
        ("Nexus, ingénieure", "Lyon"),
        ("• Conception d'un service", "juin 2021 – mai 2023"),
        (" de paiement", "2 ans"),
        ("Fnac, vendeuse", "Paris"),
        ("• Conseil", "2018 – 2020"),
    ) == ["Lyon | juin 2021 – mai 2023 | 2 ans", "", "", "Paris | 2018 – 2020", ""]


def test_dates_of_the_head_itself_stay_and_so_does_what_stands_below_them() -> None:
    dated_first = [("Nexus", "2021 – 2023"), ("• Conception", "Lyon")]
    of_two_lines = [("Nexus", "Lyon"), ("Ingénieure", "2021 – 2023"), ("• Conception", "")]
    assert lifted(*dated_first) == ["2021 – 2023", "Lyon"]
    assert lifted(*of_two_lines) == ["Lyon", "2021 – 2023", ""]


def test_dates_further_below_belong_to_something_else() -> None:
    lines = [("Nexus", "Lyon"), ("• Conception", ""), ("• Suivi", ""), ("• Tests", "2021 – 2023")]
    assert lifted(*lines) == ["Lyon", "", "", "2021 – 2023"]
