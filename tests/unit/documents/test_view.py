"""What layouts show: French spaces, and only sections with contents."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv import extract_file
from jobmatch_ml.documents import CvDocument, CvEducation, CvLanguage, pack_skills, render
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


def test_short_skills_stand_side_by_side_only_where_it_is_asked_for() -> None:
    skills = ("SQL", "Git", "Docker", "Linux", "Bash", "Tri, mise en rayon", "Go", "R")
    rows = ["SQL, Git, Docker, Linux, Bash", "Tri, mise en rayon", "Go, R"]
    dense = CvDocument("A B", "Cook", skills=skills, dense_skills=True)
    assert view_of(dense)["skill_rows"] == rows
    assert view_of(dense)["skills"] == list(skills)
    assert view_of(CvDocument("A B", "Cook", skills=skills))["skill_rows"] == list(skills)
    assert pack_skills(["SQL", "Git"]) == ["SQL", "Git"]
    assert all(len(row) <= 84 for row in pack_skills(["Compétence"] * 40))


@pytest.mark.parametrize("template", ["docx_plain", "docx_compact", "classic", "compact"])
def test_what_tells_of_a_diploma_stands_below_it(template: str) -> None:
    item = CvEducation("Master", "", 2018, details=("Mémoire sur les réseaux",))
    raw, _ = render(CvDocument("Ana Paz", "Analyste", education=(item,)), template)
    text = extract_file(raw).raw_text
    assert text.index("Master") < text.index("Mémoire sur les réseaux")
    # No school: no dash that leads nowhere.
    assert "Master –" not in text
