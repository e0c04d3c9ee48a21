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
