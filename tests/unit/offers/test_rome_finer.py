"""Broad codes on a ROME of three fiches: two siblings and a stranger."""

from __future__ import annotations

import pytest

from jobmatch_ml.offers.rome_finer import RomeRefiner
from jobmatch_ml.reference.rome import Appellation, Fiche, RomeTables


def _fiche(code: str, parent: str, *titles: str, definition: str = "") -> Fiche:
    names = tuple(
        Appellation(f"{code}{n}", each, each, each, each) for n, each in enumerate(titles)
    )
    return Fiche(code, titles[0], "domaine", "champ", parent, definition, "", names, (), (), ())


@pytest.fixture(scope="module")
def refiner() -> RomeRefiner:
    fiches = (
        _fiche("D1101", "D1101", "Boucher / Bouchère", definition="boucher, étal de boucherie"),
        _fiche("D1104", "D1101", "Charcutier / Charcutière", "Traiteur", definition="charcuterie"),
        _fiche("K2204", "K2204", "Agent / Agente de propreté", definition="ménage de viande"),
    )
    return RomeRefiner(RomeTables("460", {fiche.code: fiche for fiche in fiches}, {}))


def test_a_title_of_the_classification_decides(refiner: RomeRefiner) -> None:
    found = refiner.refine(["D1101"], ["Charcutière (H/F)"], ["découpe de viande"])
    assert found[0] is not None
    assert (found[0].code, found[0].score, found[0].source) == ("D1104", 1.0, "predicted")


def test_words_decide_where_no_title_does_and_strangers_never_win(refiner: RomeRefiner) -> None:
    found = refiner.refine(
        ["D1101", "D1101"], ["Vacataire", "Employé traiteurs"], ["un etal de boucherie", ""]
    )
    assert [each.code for each in found if each] == ["D1101", "D1104"]


def test_what_is_no_code_has_no_answer(refiner: RomeRefiner) -> None:
    assert refiner.refine(["?"], ["Boucher"], [""]) == [None]


def test_a_code_is_broad_when_split_and_labelled_in_the_old_way(refiner: RomeRefiner) -> None:
    assert refiner.is_broad("D1101", "Boucherie")
    assert not refiner.is_broad("D1101", "Boucher / Bouchère")
    assert not refiner.is_broad("K2204", "Nettoyage de locaux")
    assert refiner.is_broad("Z9999", "")
