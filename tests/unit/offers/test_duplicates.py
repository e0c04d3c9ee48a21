"""The same job posted again is one group; another job is another."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.offers.duplicates import duplicate_groups, posting_key, similar_texts
from jobmatch_ml.types import Offer

POSTED = Offer("1", "Vendeur / Vendeuse (H/F)", "Vente de chaussures.", company="Dupont & Fils")
WORDS = [f"mot{number}" for number in range(4000)]


def are_one(*offers: Offer) -> bool:
    numbered = [replace(offer, offer_id=str(place)) for place, offer in enumerate(offers)]
    return set(duplicate_groups(numbered).values()) == {"0"}


def prose(rng: np.random.Generator, n_words: int = 150) -> list[str]:
    return [WORDS[place] for place in rng.integers(0, len(WORDS), n_words)]


@pytest.mark.parametrize(
    "again",
    [
        POSTED,
        replace(POSTED, title="VENDEUR / VENDEUSE F/H"),
        replace(POSTED, company="DUPONT ET FILS".replace("ET ", "")),
        replace(POSTED, description="Un autre texte."),
    ],
)
def test_case_marks_and_texts_do_not_make_another_job(again: Offer) -> None:
    assert are_one(POSTED, again)
    assert posting_key(again) == posting_key(POSTED)


@pytest.mark.parametrize(
    "other",
    [replace(POSTED, title="Vendeur / Vendeuse en boulangerie"), replace(POSTED, company="Durand")],
)
def test_another_title_or_employer_is_another_job(other: Offer) -> None:
    assert not are_one(POSTED, other)


def test_without_an_employer_the_description_tells_jobs_apart() -> None:
    nameless = replace(POSTED, company="")
    assert are_one(nameless, nameless)
    assert not are_one(nameless, replace(nameless, description="Caisse."))


def test_an_edited_copy_under_another_title_and_employer_is_the_same_job() -> None:
    rng = np.random.default_rng(0)
    text = prose(rng)
    edited = text.copy()
    for place in (10, 55, 56, 100, 140):
        edited[place] = "changé"
    # 150 words are 148 runs of three. Five changed words, two of them neighbours, break
    # 3 + 4 + 3 + 3 = 13 of them: 135 are common to 148 + 148 - 135 = 161. 135 / 161 = 0.84.
    assert list(similar_texts([" ".join(text), " ".join(edited)], threshold=0.83)) == [(0, 1)]
    assert list(similar_texts([" ".join(text), " ".join(edited)], threshold=0.85)) == []
    one = Offer("a", "Comptable", " ".join(text), company="Agence")
    other = Offer("b", "Comptable général H/F", " ".join(edited), company="Dupont")
    assert duplicate_groups([other, one]) == {"a": "a", "b": "a"}


def test_a_shared_introduction_does_not_make_one_job() -> None:
    rng = np.random.default_rng(1)
    boilerplate = prose(rng, 60)
    jobs = [
        Offer(str(n), f"Poste {n}", " ".join(boilerplate + prose(rng, 90)), company=f"Firme {n}")
        for n in range(5)
    ]
    assert len(set(duplicate_groups(jobs).values())) == 5


def test_short_texts_are_not_compared() -> None:
    short = "Poste à pourvoir rapidement, permis B exigé"
    jobs = [Offer(str(n), f"Métier {n}", short, company=f"Firme {n}") for n in range(3)]
    assert len(set(duplicate_groups(jobs).values())) == 3


def test_groups_are_called_by_their_smallest_id_whatever_the_order() -> None:
    rng = np.random.default_rng(2)
    text = " ".join(prose(rng))
    # c and b share their text, b and a their title and employer: all three are one.
    jobs = [
        Offer("c", "Soudeur", text, company="Durand"),
        Offer("b", "Cariste", text, company="Dupont"),
        Offer("a", "Cariste", "Autre.", company="Dupont"),
        Offer("d", "Infirmier", "Seul.", company="Clinique"),
    ]
    expected = {"a": "a", "b": "a", "c": "a", "d": "d"}
    assert duplicate_groups(jobs) == expected
    assert duplicate_groups(jobs[::-1]) == expected


def test_every_copy_of_a_text_is_found_among_many() -> None:
    rng = np.random.default_rng(3)
    offers, twin_of = [], {}
    for number in range(300):
        text = prose(rng)
        offers.append(Offer(f"o{number:04d}", f"Poste {number}", " ".join(text), company="x"))
        if number % 3 == 0:
            text[int(rng.integers(150))] = "changé"
            twin_of[f"p{number:04d}"] = f"o{number:04d}"
            offers.append(Offer(f"p{number:04d}", f"Emploi {number}", " ".join(text), company="y"))
    started = time.process_time()
    groups = duplicate_groups(offers)
    seconds = time.process_time() - started
    assert {copy: groups[copy] for copy in twin_of} == twin_of
    assert len(set(groups.values())) == 300
    # 3,000 offers/s are usual on a quiet core; a quadratic comparison would take far longer.
    assert len(offers) / seconds > 200


def test_many_copies_of_one_text_cost_no_more_than_as_many_others() -> None:
    text = " ".join(prose(np.random.default_rng(4), 60))
    offers = [Offer(f"{n:05d}", f"Titre {n}", text, company=f"f{n}") for n in range(1500)]
    groups = duplicate_groups(offers)
    # The titles differ, so the sets of shingles do a little: 60 words and a title of two.
    assert set(groups.values()) == {"00000"}


def test_a_threshold_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="threshold is 0; expected"):
        duplicate_groups([POSTED], threshold=0)
