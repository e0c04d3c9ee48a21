"""Boxes side by side: dates beside positions, pairs, and columns of their own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatch_ml.cv.cells import are_labels, arrange
from jobmatch_ml.cv.pieces import Piece


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


def test_dates_that_wrap_stand_whole_before_what_is_beside_them() -> None:
    assert texts(
        ("septembre 2019 –", 40, 100), ("Comptable", 200, 100),
        ("novembre 2021", 40, 112), ("Cabinet Durand", 200, 112),
        ("• Clôtures", 200, 124),
        ("2017 - 2019", 40, 150), ("Aide-comptable", 200, 150),
        ("SARL Petit", 200, 162),
    ) == [
        "septembre 2019 – novembre 2021 | Comptable", "Cabinet Durand", "• Clôtures",
        "2017 - 2019 | Aide-comptable", "SARL Petit",
    ]  # fmt: skip


def test_name_and_contacts_side_by_side_are_two_columns() -> None:
    lines = [*words("Amélie Durand", 40, 38, 20), *words("Comptable", 40, 66),
             *words("a@example.org", 400, 40), *words("06 39 98 00 01", 400, 52),
             *words("69003 Lyon", 400, 64)]  # fmt: skip
    assert [line.text for line in arrange(lines)] == [
        "Amélie Durand", "Comptable", "a@example.org", "06 39 98 00 01", "69003 Lyon",
    ]  # fmt: skip


def test_pairs_and_dates_at_the_right_stay_on_their_line() -> None:
    assert texts(("Anglais", 40, 10), ("B1", 200, 10), ("Espagnol", 40, 24), ("A2", 200, 24)) == [
        "Anglais | B1",
        "Espagnol | A2",
    ]
    assert texts(
        ("Comptable", 40, 10), ("2019 - 2021", 450, 10), ("• Clôtures", 40, 24),
        ("Caissier", 40, 38), ("2017 - 2019", 450, 38), ("• Caisse", 40, 52),
    ) == [
        "Comptable | 2019 - 2021", "• Clôtures", "Caissier | 2017 - 2019", "• Caisse",
    ]  # fmt: skip


def test_two_lists_side_by_side_are_read_one_after_the_other() -> None:
    assert texts(
        ("• Excel", 40, 10), ("• Sage", 300, 10), ("• TVA", 40, 24), ("• Paie", 300, 24)
    ) == ["• Excel", "• TVA", "• Sage", "• Paie"]


def test_a_heading_ends_what_stands_side_by_side() -> None:
    assert texts(
        ("2019 - 2021", 40, 10), ("Comptable", 200, 10), ("Langues", 40, 30), ("Anglais", 40, 44)
    ) == ["2019 - 2021 | Comptable", "Langues", "Anglais"]


def test_a_line_of_plain_words_is_one_line() -> None:
    assert texts(("Tenue des comptes de dix clients", 40, 10)) == [
        "Tenue des comptes de dix clients"
    ]
    assert arrange([]) == []


@pytest.mark.parametrize(("left", "labels"), [("2019 - 2021", True), ("Excel", False)])
def test_dates_beside_text_are_no_column(left: str, labels: bool) -> None:
    side = [word for n in range(4) for word in words(left, 40, 40 * n)]
    text = [word for n in range(4) for word in words("Comptable", 200, 40 * n)]
    assert are_labels(side, text) is labels


def test_every_word_is_read_once() -> None:
    page = [word for n in range(60) for word in words(f"a{n} b{n}", 40 + 37 * (n % 7), 9.0 * n)]
    read = " ".join(line.text for line in arrange(page)).replace("| ", "").split()
    assert sorted(read) == sorted(word.text for word in page)


def test_an_entry_is_read_with_what_stands_beside_it() -> None:
    assert texts(
        ("Fnac", 40, 100), ("Vendeur", 250, 100),
        ("2019 - 2021", 40, 112), ("• Conseil", 250, 112),
        ("• Caisse", 250, 124),
        ("Carrefour", 40, 150), ("Caissier", 250, 150),
        ("2017 - 2019", 40, 162), ("• Accueil", 250, 162),
    ) == [
        "Fnac", "2019 - 2021", "Vendeur", "• Conseil", "• Caisse",
        "Carrefour", "2017 - 2019", "Caissier", "• Accueil",
    ]  # fmt: skip


def test_headings_on_the_left_stand_above_what_is_beside_them() -> None:
    assert texts(
        ("Langues", 40, 100), ("Anglais courant", 200, 100),
        ("Espagnol", 200, 112),
        ("Loisirs", 40, 140), ("Voile", 200, 140),
    ) == ["Langues", "Anglais courant", "Espagnol", "Loisirs", "Voile"]  # fmt: skip


def test_names_of_fields_above_their_values_are_put_beside_them() -> None:
    assert texts(
        ("Poste", 40, 100), ("Entreprise", 200, 100), ("Période", 360, 100),
        ("Vendeur", 40, 112), ("Fnac", 200, 112), ("mars 2019 -", 360, 112),
        ("mai 2021", 360, 123),
    ) == ["Poste : Vendeur", "Entreprise : Fnac", "Période : mars 2019 - mai 2021"]  # fmt: skip


def test_towns_below_dates_at_the_right_stay_on_their_lines() -> None:
    assert texts(
        ("Fnac", 40, 100), ("2019 - 2021", 400, 100),
        ("Vendeur", 40, 112), ("Lyon", 400, 112),
        ("Conseil aux clients", 40, 124),
        ("Carrefour", 40, 140), ("2017 - 2019", 400, 140),
        ("Caissier", 40, 152), ("Paris", 400, 152),
    ) == [
        "Fnac | 2019 - 2021", "Vendeur | Lyon", "Conseil aux clients",
        "Carrefour | 2017 - 2019", "Caissier | Paris",
    ]  # fmt: skip


def test_columns_with_headings_go_on_below_further_headings() -> None:
    assert texts(
        ("Compétences", 40, 100), ("Langues", 300, 100),
        ("Excel", 40, 114), ("Anglais courant", 300, 114),
        ("Word", 40, 128), ("Loisirs", 300, 128),
        ("Permis", 40, 142), ("Voile", 300, 142),
        ("Permis B", 40, 156), ("Lecture", 300, 156),
        ("Permis C", 40, 170),
    ) == [
        "Compétences", "Excel", "Word", "Permis", "Permis B", "Permis C",
        "Langues", "Anglais courant", "Loisirs", "Voile", "Lecture",
    ]  # fmt: skip


def test_themes_on_the_left_are_read_with_the_lines_beside_them() -> None:
    assert texts(
        ("Soins", 40, 100), ("Triage,", 120, 100), ("Pansements", 120, 112),
        ("Outils", 40, 128), ("Titan,", 120, 128), ("NetSoins", 120, 140),
    ) == ["Soins | Triage,", "Pansements", "Outils | Titan,", "NetSoins"]  # fmt: skip


def test_dates_below_towns_at_the_right_stay_on_their_lines_even_when_broken() -> None:
    assert texts(
        ("Fnac", 40, 100), ("Lyon", 400, 100),
        ("Vendeur", 40, 112), ("mars 2019 -", 400, 112),
        ("Conseil aux clients", 40, 124), ("mai 2021", 400, 124),
        ("Carrefour", 40, 140), ("Paris", 400, 140),
        ("Caissier", 40, 152), ("2017 - 2019", 400, 152),
    ) == [
        "Fnac | Lyon", "Vendeur | mars 2019 - mai 2021", "Conseil aux clients",
        "Carrefour | Paris", "Caissier | 2017 - 2019",
    ]  # fmt: skip


def test_headings_in_unknown_words_on_the_left_are_known_by_their_type() -> None:
    style = (12.0, True, 1)
    left = [
        replace(piece, style=style)
        for text, top in (("Langues", 100), ("Chronologie", 130), ("Loisirs", 160), ("Autour", 190))
        for piece in words(text, 40, top)
    ]
    right = [
        piece
        for text, top in (("Anglais", 100), ("Vendeur", 130), ("Voile", 160), ("Divers", 190))
        for piece in words(text, 200, top)
    ]
    assert [line.text for line in arrange([*left, *right])] == [
        "Langues", "Anglais", "Chronologie", "Vendeur", "Loisirs", "Voile", "Autour", "Divers",
    ]  # fmt: skip


CELLS = ("2019 - 2021", "CDI", "Fnac Lyon", "Expérience", "• Conseil", "Poste :", "Dates", "Nom",
         "en cours", "03/2019 –", "06/2021", "Conseil aux", "clients", "B2")  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((3, 11, 12, 13, 30)),
            st.lists(
                st.tuples(st.sampled_from((40, 130, 220, 340, 420)), st.sampled_from(CELLS)),
                min_size=1,
                max_size=4,
                unique_by=lambda cell: cell[0],
            ),
        ),
        min_size=1,
        max_size=14,
    )
)
def test_no_word_of_a_page_is_lost_or_doubled(
    rows: list[tuple[int, list[tuple[int, str]]]],
) -> None:
    pieces, top = [], 40.0
    for gap, cells in rows:
        top += gap
        for left, text in cells:
            x0 = float(left)
            for word in text.split(" "):
                pieces.append(Piece(word, x0, top, x0 + 5 * len(word), top + 10))
                x0 += 5 * len(word) + 2.5
    told = Counter(re.findall(r"\w+", " ".join(piece.text for piece in pieces)))
    assert Counter(re.findall(r"\w+", " ".join(line.text for line in arrange(pieces)))) == told
