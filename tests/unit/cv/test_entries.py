"""Grouping the lines of experiences: dates, positions and employers in the usual layouts."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.cv.dates import PERIOD as DATES
from jobmatch_ml.cv.entries import split_entries
from jobmatch_ml.cv.reading import TextLine


def entries(text: str) -> list[tuple[str | None, str | None, str | None]]:
    found = split_entries([TextLine(line) for line in text.split("\n")])
    return [(entry.title, entry.entity, entry.dates) for entry in found]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Depuis mars 2021", "Depuis mars 2021"),
        ("09/2019 – 06/2022", "09/2019 – 06/2022"),
        ("été 2020", "été 2020"),
        ("de 2015 à 2018", "de 2015 à 2018"),
        ("janv. 2019 - aujourd'hui", "janv. 2019 - aujourd'hui"),
        ("2020 - Present", "2020 - Present"),
    ],
)
def test_dates_are_found_as_they_are_written(text: str, dates: str) -> None:
    found = DATES.search(f"Vendeur, {text}, Lyon")
    assert found is not None
    assert found.group(0).strip(" ,") == dates


@pytest.mark.parametrize(
    "text",
    [
        "Vendeur – Fnac – 2019 - 2021\n• Conseil\n• Caisse\nCaissier – Carrefour – 2017 - 2019",
        "Vendeur\nFnac\n2019 - 2021\n\nConseil\n\nCaissier\nCarrefour\n2017 - 2019",
        "2019 - 2021 : Vendeur | Fnac\nconseil et caisse\n2017 - 2019 : Caissier | Carrefour",
        "Vendeur, Fnac (2019 - 2021)\n- Conseil\n\nCaissier, Carrefour (2017 - 2019)",
    ],
)
def test_two_positions_are_two_entries_in_each_layout(text: str) -> None:
    assert entries(text) == [
        ("Vendeur", "Fnac", "2019 - 2021"),
        ("Caissier", "Carrefour", "2017 - 2019"),
    ]


def test_an_entry_without_dates_is_still_an_entry() -> None:
    assert entries("Bénévole – Croix-Rouge") == [("Bénévole", "Croix-Rouge", None)]


@pytest.mark.parametrize("separator", ["\n", "\n\n"])
def test_an_entry_of_a_hundred_thousand_lines_is_grouped_in_linear_time(separator: str) -> None:
    lines = [TextLine(line) for line in ("A" + separator).join([""] * 100_000).split("\n")]
    started = time.process_time()
    assert len(split_entries(lines)) == 1
    assert time.process_time() - started < 20  # quadratic ways take minutes


def test_a_line_below_the_dates_of_the_running_entry_opens_the_next_one() -> None:
    text = "Vendeur\n2019 - 2021\nconseil\nCaissier\n2017 - 2019\n\nLivreur\nDHL\n2016"
    assert entries(text) == [
        ("Vendeur", None, "2019 - 2021"),
        ("Caissier", None, "2017 - 2019"),
        ("Livreur", "DHL", "2016"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2019 - 2021\nFnac – Lyon\nVendeur\nConseil aux clients\nTenue de la caisse\n"
        "2017 - 2019\nCarrefour – Lyon\nCaissier\nEncaissement",
        "Vendeur\nFnac – Lyon\n2019 - 2021\nConseil aux clients\nCaissier\nCarrefour – Lyon\n"
        "2017 - 2019\nEncaissement",
    ],
)
def test_where_the_first_entry_has_its_dates_the_others_have_them_too(text: str) -> None:
    assert entries(text) == [
        ("Vendeur", "Fnac", "2019 - 2021"),
        ("Caissier", "Carrefour", "2017 - 2019"),
    ]


def test_dates_that_a_line_break_parted_are_one_period() -> None:
    text = "October 2011\nto\nAugust 2015 Fnac\nClerk\nmars 2009 –\nmai 2010\nCarrefour\nCaissier"
    assert [entry[2] for entry in entries(text)] == [
        "October 2011 to August 2015",
        "mars 2009 – mai 2010",
    ]


def test_dates_at_the_end_of_a_line_go_on_with_the_next_one() -> None:
    text = (
        "Gestionnaire de paie\n"
        "Conseil départemental de la Moselle (Metz), 01/02/2018 au\n28/05/2019"
    )
    assert entries(text) == [
        ("Gestionnaire de paie", "Conseil départemental de la Moselle", "01/02/2018 au 28/05/2019")
    ]


@pytest.mark.parametrize("note", ["Missions principales :", "Environnement technique : Oracle"])
def test_notes_about_a_position_belong_to_no_head(note: str) -> None:
    text = f"Vendeur\nFnac\n2019 - 2021\n{note}\nCaissier\nCarrefour\n2017 - 2019"
    assert entries(text) == [
        ("Vendeur", "Fnac", "2019 - 2021"),
        ("Caissier", "Carrefour", "2017 - 2019"),
    ]


def test_dates_may_be_cut_before_their_joint() -> None:
    text = "Aide-comptable\nFiducial, janvier 2013\nà septembre 2014"
    assert entries(text) == [("Aide-comptable", "Fiducial", "janvier 2013 à septembre 2014")]


def test_a_second_position_at_one_employer_has_that_employer() -> None:
    text = "Fnac\nVendeur\n2019 - 2021\n- Conseil\nCaissier\n2017 - 2019\n- Caisse"
    assert entries(text) == [
        ("Vendeur", "Fnac", "2019 - 2021"),
        ("Caissier", "Fnac", "2017 - 2019"),
    ]


def test_years_that_something_happened_in_twice_open_no_entry() -> None:
    text = "Chef de section\nArmée de Terre\n2012 - 2022\nOpération Barkhane (Mali, 2016 et 2019)"
    assert entries(text) == [("Chef de section", "Armée de Terre", "2012 - 2022")]


def test_dates_over_two_lines_are_shown_whole() -> None:
    lines = [
        TextLine("03/2019 –", start=0, box=(40.0, 100.0, 90.0, 110.0)),
        TextLine("06/2021", start=10, box=(40.0, 112.0, 80.0, 122.0)),
        TextLine("Vendeuse, Fnac", start=18, box=(40.0, 124.0, 120.0, 134.0)),
    ]
    (entry,) = split_entries(lines)
    assert entry.dates == "03/2019 – 06/2021"
    assert entry.lines[0].box == (40.0, 100.0, 90.0, 122.0)
    assert entry.lines[0].end == lines[1].end
