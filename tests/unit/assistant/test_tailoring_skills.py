"""Which asked skills a candidate has."""

from __future__ import annotations

from jobmatch_ml.assistant import from_request
from jobmatch_ml.assistant.offer import OfferContext, asked_keywords
from jobmatch_ml.assistant.tailoring_skills import Coverage, cover


def covered(skills: list[str], asked: str) -> Coverage:
    return cover(
        from_request({"skills": skills}), asked_keywords(OfferContext("X", skills=(asked,)))
    )


def test_parts_of_one_name_that_a_reader_cut_are_put_together() -> None:
    (held,) = covered(
        ["CN Fanuc", "Siemens", "Heidenhain"], "Programmation de commande numérique"
    ).held
    assert held.line_ids == ("skill-1", "skill-2", "skill-3")
    assert not held.literal


def test_a_general_name_does_not_bear_out_a_special_one() -> None:
    coverage = covered(["Programmation de commande numérique"], "CN Fanuc, Siemens, Heidenhain")
    assert coverage.held == ()


def test_notions_are_not_mastery() -> None:
    assert covered(["Notions de SQL"], "SQL").held == ()


def test_the_offers_own_words_are_seen() -> None:
    (held,) = covered(["Requêtes sql"], "SQL").held
    assert held.literal
