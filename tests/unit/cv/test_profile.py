"""The candidate's views: fixed order, explicit title first, and no identity in what is ranked."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv import build_profile, extract_text, profile_query
from jobmatch_ml.errors import InputError

CV = """Sophie MARTIN
Comptable générale
12 rue des Lilas, 69003 Lyon
sophie.martin@example.org | 06 12 34 56 78 | linkedin.com/in/sophie-martin

COMPÉTENCES
Excel, Sage, rigueur

EXPÉRIENCE PROFESSIONNELLE

Comptable – Cabinet Durand
Depuis mars 2021
• Tenue des comptes de 40 clients ; joindre Sophie Martin au +33 6 12 34 56 78

Aide-comptable – Dupuis SA
09/2018 – 02/2021
• Saisie des factures

FORMATION
BTS Comptabilité – Lycée Ampère – 2018

LANGUES
Français, anglais (B2)

PROFIL
Comptable depuis cinq ans.
"""
IDENTITY = ["Sophie", "MARTIN", "Martin", "@", "06 12", "6 12 34", "linkedin", "Lilas", "69003"]


def test_profile_lines_come_in_the_documented_order() -> None:
    profile = build_profile(extract_text(CV))
    assert profile.text.split("\n") == [
        "Comptable générale",
        "Comptable depuis cinq ans.",
        "Comptable – Cabinet Durand Depuis mars 2021 Tenue des comptes de 40 clients ; joindre au",
        "Aide-comptable – Dupuis SA 09/2018 – 02/2021 Saisie des factures",
        "Excel",
        "Sage",
        "rigueur",
        "BTS Comptabilité – Lycée Ampère – 2018",
        "Français",
        "anglais (B2)",
    ]


@pytest.mark.parametrize("secret", IDENTITY)
def test_names_and_contacts_never_reach_a_ranker(secret: str) -> None:
    profile = build_profile(extract_text(CV))
    assert secret not in profile.text
    assert secret not in profile.title


def test_the_title_is_the_given_one_else_the_headline_else_the_latest_position() -> None:
    reading = extract_text(CV)
    assert build_profile(reading, title="  Auditrice  ").title == "Auditrice"
    assert build_profile(reading).title == "Comptable générale"
    without_headline = extract_text(CV.replace("Comptable générale\n", "", 1))
    assert build_profile(without_headline).title == "Comptable"


@pytest.mark.parametrize(
    "title",
    [
        "Auditrice sophie.martin@example.org",
        "Auditrice - 06 12 34 56 78",
        "Auditrice https://example.org/sophie",
        "Sophie MARTIN Auditrice",
        "Audi\x00tri\u200bce\u202e",
    ],
)
def test_a_title_that_was_typed_is_cleaned_as_the_lines_are(title: str) -> None:
    assert build_profile(extract_text(CV), title=title).title.strip(" -") == "Auditrice"


@pytest.mark.parametrize("title", ["\x00", "\u200b", "\u200d \u00ad", "a@example.org"])
def test_a_title_that_shows_nothing_is_none(title: str) -> None:
    assert build_profile(extract_text(CV), title=title).title == "Comptable générale"
    with pytest.raises(InputError, match="no line to rank by"):
        build_profile(extract_text("\u200b"), title=title)


def test_a_pasted_paragraph_is_ranked_whole() -> None:
    profile = build_profile(extract_text("Développeur Python\nDjango, cinq ans chez un éditeur."))
    assert profile.title == "Développeur Python"
    assert "Django, cinq ans chez un éditeur." in profile.text


def test_an_empty_cv_is_refused_but_a_title_alone_is_enough() -> None:
    with pytest.raises(InputError, match="no line to rank by"):
        build_profile(extract_text(" \n "))
    assert build_profile(extract_text(""), title="Soudeur").text == ""


def test_the_query_carries_both_views() -> None:
    query = profile_query(build_profile(extract_text(CV)), "c1")
    assert (query.query_id, query.title) == ("c1", "Comptable générale")
    assert query.text.startswith("Comptable générale\n")
