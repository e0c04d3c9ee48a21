"""What decides is kept, wherever it stands in the text."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.types import Document, Query

PADDING = (
    "Notre groupe familial cultive depuis toujours un esprit de partage et de confiance. " * 20
)
OFFER = Document(
    "1",
    "Soudeur TIG",
    f"{PADDING}\nVous maîtrisez la soudure inox.\n2 ans d'expérience exigés.\n"
    "Poste en CDI.\nLieu de travail : Brest.\nVos avantages : mutuelle.",
)
CV = Query(
    "1",
    "Soudeur",
    "Soudeur, Chantiers Morvan, Brest 2019 - 2024 Assemblage de coques sous protection gazeuse et "
    "contrôle visuel des cordons avant livraison au client final de la zone\n"
    "Soudure TIG\nLecture de plans",
)


def test_what_decides_is_found_behind_a_long_introduction() -> None:
    text = decisive_text(OFFER, max_words=20)
    for part in ("soudure inox", "2 ans d'expérience", "Poste en CDI", "Lieu de travail : Brest"):
        assert part in text
    assert text.startswith("Soudeur TIG. ")


def test_the_title_comes_on_top_of_the_words() -> None:
    assert len(decisive_text(OFFER, max_words=7).split()) == 2 + 7


def test_of_an_experience_the_headline_counts_before_its_tasks() -> None:
    text = decisive_text(CV, max_words=12)
    assert "Chantiers Morvan, Brest 2019 - 2024" in text
    assert "Soudure TIG" in text
    assert "livraison" not in text


def test_a_text_without_such_parts_is_cut_from_its_head() -> None:
    sheet = Document("A", "Tractoriste", "Laboure. Aménage les terrains agricoles en toute saison.")
    assert decisive_text(sheet, max_words=4) == "Tractoriste. Laboure. Aménage les terrains"


def test_the_order_of_the_text_is_kept() -> None:
    text = decisive_text(OFFER, max_words=30)
    places = [text.index(part) for part in ("maîtrisez", "2 ans", "CDI", "Brest")]
    assert places == sorted(places)


def test_a_repeated_line_and_the_title_are_written_once() -> None:
    item = Document("1", "Maçon", "Maçon\nCoffrage\nCoffrage\nEnduit")
    assert decisive_text(item) == "Maçon. Coffrage Enduit"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [("", "", ""), ("Maçon", "", "Maçon"), ("", "Coffrage", "Coffrage"), (" ", "\n\t", "")],
)
def test_empty_views_leave_no_separator(title: str, text: str, expected: str) -> None:
    assert decisive_text(Document("1", title, text)) == expected


def test_a_text_of_one_huge_line_is_cut_quickly() -> None:
    assert len(decisive_text(Document("1", "x", "mot " * 50_000), max_words=8).split()) == 9


def test_odd_characters_are_no_error() -> None:
    assert decisive_text(Document("1", "🥖", "\x00\x07 面包师 " * 100))


def test_no_words_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="max_words is 0"):
        decisive_text(OFFER, max_words=0)
