"""The same job posted again is one group; another job is another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobmatch_ml.offers.duplicates import duplicate_group
from jobmatch_ml.types import Offer

POSTED = Offer("1", "Vendeur / Vendeuse (H/F)", "Vente de chaussures.", company="Dupont & Fils")


@pytest.mark.parametrize(
    "again",
    [
        replace(POSTED, offer_id="2"),
        replace(POSTED, title="VENDEUR / VENDEUSE F/H"),
        replace(POSTED, company="DUPONT ET FILS".replace("ET ", "")),
        replace(POSTED, description="Un autre texte."),
    ],
)
def test_case_marks_and_texts_do_not_make_another_job(again: Offer) -> None:
    assert duplicate_group(again) == duplicate_group(POSTED)


@pytest.mark.parametrize(
    "other",
    [replace(POSTED, title="Vendeur / Vendeuse en boulangerie"), replace(POSTED, company="Durand")],
)
def test_another_title_or_employer_is_another_job(other: Offer) -> None:
    assert duplicate_group(other) != duplicate_group(POSTED)


def test_without_an_employer_the_description_tells_jobs_apart() -> None:
    nameless = replace(POSTED, company="")
    assert duplicate_group(nameless) == duplicate_group(replace(nameless, offer_id="2"))
    assert duplicate_group(nameless) != duplicate_group(replace(nameless, description="Caisse."))
