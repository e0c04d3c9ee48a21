"""Highlights: words that CV and offer share, with their place, the rare ones first."""

from __future__ import annotations

import pytest

from jobmatch_ml.serving import highlights
from jobmatch_ml.serving.highlights import (
    collect_terms,
    count_documents,
    find_highlights,
    fold_word,
)
from jobmatch_ml.types import Offer


@pytest.mark.parametrize(
    ("one", "other"),
    [("Développeurs", "developpeur"), ("réseaux", "Reseau"), ("HTML5", "html5"), ("C++", "c++")],
)
def test_case_accents_and_plurals_do_not_matter(one: str, other: str) -> None:
    assert fold_word(one) == fold_word(other)


def test_small_words_and_figures_are_not_terms() -> None:
    assert collect_terms("avec les 2024 soudures de l'an") == {"soudure"}


def test_spans_point_at_the_words_of_the_offer() -> None:
    offer = Offer("1", "Soudeur", "Soudures inox ; lecture de plans. Soudure TIG.")
    spans = find_highlights(collect_terms("soudure TIG, plan"), offer, {})
    texts = {"title": offer.title, "description": offer.description}
    assert {span.term for span in spans} == {"Soudures", "plans", "TIG"}
    for span in spans:
        assert texts[span.field][span.start : span.end] == span.term


def test_rare_words_come_first_and_common_ones_not_at_all() -> None:
    """30 offers: "poste" in all (rarity 0), "laser" in 3 (ln 31/4 = 2.05), "tig" in 1 (2.74)."""
    texts = ["poste"] * 27 + ["poste laser"] * 2 + ["poste laser tig"]
    offers = [Offer(str(n), "", text) for n, text in enumerate(texts)]
    rarity = count_documents(offers)
    assert rarity["laser"] == pytest.approx(2.0477, abs=1e-4)
    spans = find_highlights(collect_terms("poste laser tig"), offers[-1], rarity)
    assert [span.term for span in spans] == ["tig", "laser"]


def test_the_words_of_a_cv_are_kept_nowhere_and_monsters_are_no_words() -> None:
    before = highlights._fold_offer_word.cache_info().currsize
    assert collect_terms("Dupontel soudure " + "a" * 199_000) == {"dupontel", "soudure"}
    assert highlights._fold_offer_word.cache_info().currsize == before
    assert not hasattr(highlights.fold_word, "cache_info")

    offer = Offer("1", "", "mot" * 10_000 + " soudure")
    assert [span.term for span in find_highlights(collect_terms("soudure"), offer, {})] == [
        "soudure"
    ]
    assert count_documents([offer] * 20).keys() == {"soudure"}


def test_no_more_than_the_limit() -> None:
    words = " ".join(f"mot{letter}" for letter in "abcdefghijklm")
    assert len(find_highlights(collect_terms(words), Offer("1", "", words), {}, limit=4)) == 4
