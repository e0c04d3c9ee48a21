"""Forms: the same names of fields again for each entry."""

from __future__ import annotations

from jobmatch_ml.cv.entries import split_entries
from jobmatch_ml.cv.forms import read_form
from jobmatch_ml.cv.reading import TextLine


def lines(*texts: str) -> list[TextLine]:
    found, offset = [], 0
    for text in texts:
        found.append(TextLine(text, page=1, start=offset))
        offset += len(text) + 1
    return found


def test_a_name_that_comes_again_opens_the_next_entry_whatever_the_order() -> None:
    entries = split_entries(
        lines(
            "Employeur | Bâtisseurs, Vannes", "Missions | • Suivi de chantiers", "• Plannings",
            "Fonction | Conductrice de travaux", "Dates | depuis avril 2021",
            "Employeur | Kergal", "Missions | • Chiffrage", "Fonction | Technicienne",
            "Dates | 2016 - 2021",
        )
    )  # fmt: skip
    assert [(e.title, e.entity, e.dates) for e in entries] == [
        ("Conductrice de travaux", "Bâtisseurs", "depuis avril 2021"),
        ("Technicienne", "Kergal", "2016 - 2021"),
    ]
    assert entries[0].description == "Suivi de chantiers Plannings"
    assert len(entries[0].lines) == 5


def test_a_beginning_and_an_end_in_two_fields_are_one_period() -> None:
    (entry,) = split_entries(
        lines(
            "Poste : Vendeur",
            "Société : Fnac",
            "Date de début : 03/2019",
            "Date de fin : 06/2021",
        )
    )
    assert entry.dates == "03/2019 – 06/2021"


def test_a_value_below_its_name_is_taken() -> None:
    (record,) = read_form(lines("Poste :", "Vendeur", "Société : Fnac", "Conseil"))
    assert record.values == {"role": "Vendeur", "entity": "Fnac"}
    assert record.text == ["Conseil"]


def test_lines_with_one_kind_of_field_are_no_form() -> None:
    assert read_form(lines("Poste : Vendeur", "Fnac", "2019 - 2021")) == []
    assert read_form([]) == []


def test_entries_that_begin_with_a_place_keep_their_own() -> None:
    records = read_form(
        lines(
            "Lieu : Lyon", "Poste : Vendeur", "Société : Fnac", "Dates : 2019 - 2021",
            "Missions : conseil", "• encaissement",
            "Lieu : Paris", "Poste : Caissier", "Société : Darty", "Dates : 2017 - 2019",
        )
    )  # fmt: skip
    assert [record.values["place"] for record in records] == ["Lyon", "Paris"]
    assert [len(record.lines) for record in records] == [6, 4]


def test_what_stands_before_the_first_field_stays_in_the_first_entry() -> None:
    (record,) = read_form(lines("Grande distribution", "Poste : Vendeur", "Société : Fnac"))
    assert record.text == ["Grande distribution"]
    assert len(record.lines) == 3


def test_a_place_at_the_end_of_each_entry_opens_none() -> None:
    records = read_form(
        lines(
            "Poste : Vendeur", "Société : Fnac", "Lieu : Lyon",
            "Poste : Caissier", "Société : Darty", "Lieu : Paris",
        )
    )  # fmt: skip
    assert [record.values["place"] for record in records] == ["Lyon", "Paris"]


def test_a_second_value_of_a_field_describes_the_entry() -> None:
    (record,) = read_form(
        lines("Poste : Vendeur", "Fonction : Chef de rayon", "Société : Fnac", "Client : Darty")
    )
    assert (record.values["role"], record.values["entity"]) == ("Vendeur", "Fnac")
    assert record.text == ["Chef de rayon", "Darty"]


def test_a_town_behind_an_employer_is_its_place() -> None:
    (record,) = read_form(lines("Poste : Vendeur", "Société : Fnac, Lyon"))
    assert (record.values["entity"], record.values["place"]) == ("Fnac", "Lyon")
    (record,) = read_form(lines("Poste : Vendeur", "Société :", "Fnac, Lyon"))
    assert (record.values["entity"], record.values["place"]) == ("Fnac", "Lyon")
    (record,) = read_form(lines("Poste : Vendeur", "Lieu : Paris", "Société : Fnac, Lyon"))
    assert (record.values["place"], record.text) == ("Paris", ["Lyon"])


def test_an_employers_address_is_no_employer() -> None:
    (record,) = read_form(
        lines("Poste : Vendeur", "Adresse de l'employeur : 3 rue X", "Nom de l'employeur : Fnac")
    )
    assert (record.values["entity"], record.values["place"]) == ("Fnac", "3 rue X")


def test_a_numbered_title_above_the_fields_opens_each_entry() -> None:
    records = read_form(
        lines(
            "Emploi 1", "Poste : Vendeur", "Société : Fnac", "Missions : conseil",
            "Emploi 2", "Poste : Caissier", "Société : Darty",
        )
    )  # fmt: skip
    assert [record.lines[0].text for record in records] == ["Emploi 1", "Emploi 2"]
    assert [record.text for record in records] == [["Emploi 1", "conseil"], ["Emploi 2"]]
