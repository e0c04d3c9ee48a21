"""What layouts show: French spaces, and only sections with contents."""

from __future__ import annotations

import pytest

from jobmatch_ml.documents import CvDocument, CvLanguage
from jobmatch_ml.documents.view import set_french, view_of


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Anglais : B2", "Anglais\u00a0: B2"),
        ("Prêt ! Oui ; non ?", "Prêt\u202f! Oui\u202f; non\u202f?"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("12 000 € par an", "12\u202f000\u00a0€ par an"),
        ("30 km, 5 ans", "30\u00a0km, 5\u00a0ans"),
    ],
)
def test_signs_and_units_do_not_part_from_their_word(typed: str, shown: str) -> None:
    assert set_french(typed) == shown


@pytest.mark.parametrize("typed", ["https://example.org", "10:30", "06 39 98 12 34", "Vraiment?"])
def test_no_space_is_added_or_changed_elsewhere(typed: str) -> None:
    assert set_french(typed) == typed


def test_english_text_keeps_its_spaces() -> None:
    cv = CvDocument("A B", "Cook : pastry", language="en")
    assert view_of(cv)["headline"] == "Cook : pastry"


def test_only_sections_with_contents_are_shown_in_the_persons_order() -> None:
    cv = CvDocument(
        "A B",
        "Cook",
        skills=("x",),
        languages=(CvLanguage("Anglais", ""),),
        order=("languages", "summary", "skills"),
    )
    view = view_of(cv)
    assert view["order"] == ["languages", "skills"]
    assert view["languages"][0]["line"] == "Anglais"
