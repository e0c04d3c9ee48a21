"""Which part of an entry's head is the position, and which the employer."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.head_scores import is_place
from jobmatch_ml.cv.heads import read_head, read_heads, split_pieces


def head(text: str) -> tuple[str | None, str | None, int]:
    lines = text.split("\n")
    found = next((match for line in lines if (match := PERIOD.search(line))), None)
    return read_head(lines, found)


@pytest.mark.parametrize(
    ("text", "title", "entity"),
    [
        ("Vendeuse, Fnac, Lyon\n2019 - 2021", "Vendeuse", "Fnac"),
        ("Vendeuse – CDD, Fnac, Lyon\n2019", "Vendeuse – CDD", "Fnac"),
        ("Vendeuse chez Fnac | 2019", "Vendeuse", "Fnac"),
        ("2019 | Vendeuse\nFnac, Lyon", "Vendeuse", "Fnac"),
        ("Vendeuse | 2019\nFnac | Lyon", "Vendeuse", "Fnac"),
        ("Vendeuse (2019 - 2021)\nFnac", "Vendeuse", "Fnac"),
        ("Groupe Fnac, Lyon\nVendeuse\n2019", "Vendeuse", "Groupe Fnac"),
        ("SARL Petit – Comptable – 2019", "Comptable", "SARL Petit"),
        ("Vente, conseil, caisse, Magasin Fnac\n2019", "Vente, conseil, caisse", "Magasin Fnac"),
        ("2015 : BTS Tourisme, Lycée du Lac", "BTS Tourisme", "Lycée du Lac"),
        ("BTS Tourisme\nLycée du Lac, 2015", "BTS Tourisme", "Lycée du Lac"),
        ("Conseillère, Orange\n2019 - 2021", "Conseillère", "Orange"),
        ("Halden, Research Intern – Santa Clara, CA | 2019", "Research Intern", "Halden"),
        ("Bénévole", "Bénévole", None),
        ("2015", None, None),
    ],
)  # fmt: skip
def test_position_and_employer_are_told_apart(
    text: str, title: str | None, entity: str | None
) -> None:
    assert head(text)[:2] == (title, entity)


def test_lines_below_the_head_are_left_to_the_description() -> None:
    assert head("Vendeuse, Fnac, Lyon\n2019 - 2021\nConseil et vente")[2] == 2
    assert head("2019 | Vendeuse\nFnac, Lyon")[2] == 2


def test_brackets_hold_together() -> None:
    assert split_pieces("Aide (nuit, week-end) – Clinique du Parc") == [
        "Aide (nuit, week-end)",
        "Clinique du Parc",
    ]


def test_towns_are_known_with_and_without_their_code() -> None:
    assert is_place("Lyon")
    assert is_place("69003 Lyon")
    assert not is_place("Fnac")


def test_the_entries_of_a_section_tell_their_order_together() -> None:
    texts = [
        "Alpicode\nIngénieur logiciel\n2019 - 2021",
        "Zurbano\nCadet Vermeil\n2015 - 2018",
        "Brelan\nChef de projet\n2012 - 2014",
    ]
    entries = [(text.split("\n"), PERIOD.search(text)) for text in texts]
    assert [(read.title, read.entity) for read in read_heads(entries)] == [
        ("Ingénieur logiciel", "Alpicode"),
        ("Cadet Vermeil", "Zurbano"),
        ("Chef de projet", "Brelan"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vendeuse · 2019 – 2021 · Intersport, Tours",
        "Intersport (2019 – 2021) : Vendeuse, Tours",
        "Vendeuse [2019 – 2021] Intersport – Tours",
        "2019 – 2021\nIntersport (Tours)\nVendeuse",
        "2019 – 2021\nPoste : Vendeuse\nEmployeur : Intersport, Tours",
    ],
)
def test_dates_may_stand_anywhere_in_a_head(text: str) -> None:
    assert head(text)[:2] == ("Vendeuse", "Intersport") or head(text)[1] == "Intersport, Tours"


def test_a_town_behind_the_employer_is_left_out_where_all_entries_have_one() -> None:
    def entities(*texts: str) -> list[str | None]:
        entries = [(text.split("\n"), PERIOD.search(text)) for text in texts]
        return [read.entity for read in read_heads(entries)]

    first = "2019 - 2021\nVendeur chez Fnac à Lyon"
    assert entities(first, "2017 - 2019\nCaissier chez Adecco à Évian-les-Bains") == [
        "Fnac",
        "Adecco",
    ]
    assert entities("2019 - 2021\nHôte chez Le Voyage à Nantes", "2017\nCaissier chez Adecco") == [
        "Le Voyage à Nantes",
        "Adecco",
    ]


def test_a_town_abroad_is_no_degree() -> None:
    lines = ["Boğaziçi University – Istanbul, Türkiye | 2014 – 2018", "BS in Computer Engineering"]
    title, entity, _ = read_head(lines, PERIOD.search(lines[0]), degrees=True)
    assert (title, entity) == ("BS in Computer Engineering", "Boğaziçi University")


def test_a_town_beside_the_dates_puts_no_employer_out_of_reach() -> None:
    texts = [
        "2014 - 2019 Dublin\nEmergency Nurse\nSt James's Hospital\nTriage of patients",
        "2011 - 2012 Cork\nHealthcare Assistant\nBluebird Care\nHome visits to people",
    ]
    entries = [(text.split("\n"), PERIOD.search(text)) for text in texts]
    assert [(read.title, read.entity) for read in read_heads(entries)] == [
        ("Emergency Nurse", "St James's Hospital"),
        ("Healthcare Assistant", "Bluebird Care"),
    ]


def test_a_part_without_a_letter_is_no_title() -> None:
    assert head("2019 – 2021 \u200f | Vendeuse")[0] == "Vendeuse"
    assert head("2019 – 2021 \u200f")[0] is None
