"""Which asked skills a candidate has."""

from __future__ import annotations

from jobmatch_ml.assistant import from_request
from jobmatch_ml.assistant.offer import OfferContext, asked_keywords
from jobmatch_ml.assistant.tailoring_kinds import TOOLS
from jobmatch_ml.assistant.tailoring_skills import Coverage, cover
from jobmatch_ml.reference import load_table


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


def test_tools_bear_out_the_skill_that_they_are_a_case_of() -> None:
    (held,) = covered(["MySQL", "Word", "PostgreSQL"], "Bases de données relationnelles").held
    assert held.line_ids == ("skill-3", "skill-1")
    assert held.own_words == "PostgreSQL, MySQL"
    assert held.by_tool
    assert not held.literal


def test_the_name_of_a_tool_alone_is_known_beside_what_is_done_with_it() -> None:
    assert covered(["Java"], "Développement Java").held
    assert covered(["JavaScript"], "Développement Java").held == ()


def test_a_tool_is_no_mastery_and_notions_of_it_are_none() -> None:
    assert covered(["Photoshop"], "Maîtrise de la suite Adobe").held == ()
    assert covered(["Notions de MySQL"], "Bases de données relationnelles").held == ()


def test_every_tool_belongs_to_a_skill_of_the_reference() -> None:
    assert set(TOOLS) <= set(load_table().skills)
