"""Experience, contract, remote work, language and age, in fields and in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jobmatch_ml.offers.conditions import (
    read_age,
    read_apprenticeship,
    read_contract,
    read_experience,
    read_language,
    read_part_time,
    read_remote,
)
from jobmatch_ml.offers.flat_text import flatten


@pytest.mark.parametrize(
    ("code", "label", "text", "months"),
    [
        ("D", "Débutant accepté", "3 ans d'expérience", 0),
        ("E", "Expérience exigée de 3 An(s)", "", 36),
        ("E", "5 Mois", "", 5),
        ("E", "Expérience exigée", "au moins 5 ans d'expérience en conduite de travaux", 60),
        ("E", "Expérience exigée", "expérience confirmée de 3 ans minimum", 36),
        ("E", "", "une première expérience réussie de deux ans minimum", 24),
        ("S", "Expérience souhaitée", "Expérience en agence appréciée", None),
        ("E", "", "Notre cabinet, fort de 20 ans d'expérience", None),
        ("", "", "Profil débutant accepté", 0),
        ("", "", "une mission de 6 mois", None),
        ("E", "", "le projet dure 3 ans et vous plaira", None),
    ],
)
def test_experience_in_months(code: str, label: str, text: str, months: int | None) -> None:
    found = read_experience(code, label, flatten(text))
    assert (found.months if found else None) == months


@pytest.mark.parametrize(
    ("code", "label", "title", "text", "contract", "months"),
    [
        ("CDD", "CDD - 6 Mois", "", "", "CDD", 6.0),
        ("MIS", "Mission intérimaire - 15 Jour(s)", "", "", "MIS", 0.5),
        ("", "", "Vendeur CDI", "après un CDD", "CDI", None),
        ("", "Intérim", "", "", "MIS", None),
        ("", "", "", "contrat saisonnier", "SAI", None),
        ("", "", "", "un poste", None, None),
    ],
)
def test_contract_codes(  # noqa: PLR0917 - the columns of the table above
    code: str, label: str, title: str, text: str, contract: str | None, months: float | None
) -> None:
    found = read_contract(code, label, flatten(title), flatten(text))
    assert (found.code, found.months) == (contract, months)


@pytest.mark.parametrize(
    ("field", "title", "text", "expected"),
    [
        (True, "", "", True),
        (None, "Alternance - Data Analyst", "", True),
        (False, "Vendeur", "Type de contrat : Alternance en contrat d'apprentissage", True),
        (None, "Technicien", "une expérience réussie en alternance", False),
    ],
)
def test_apprenticeships(field: bool | None, title: str, text: str, expected: bool) -> None:
    assert read_apprenticeship(field, flatten(title), flatten(text)) is expected


@pytest.mark.parametrize(
    ("text", "remote", "days"),
    [
        ("Jusqu'à 2 jours de télétravail par semaine", "partial", 2.0),
        ("Télétravail : 45 jours par an", "partial", None),
        (
            "Lieu : Toulouse, pas de télétravail. Des horaires flexibles, du télétravail",
            "none",
            None,
        ),
        ("Poste en full remote", "full", None),
        ("100% télétravail", "full", None),
        ("Poste sur site", None, None),
    ],
)
def test_remote_work(text: str, remote: str | None, days: float | None) -> None:
    assert read_remote(flatten(text)) == (remote, days)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nous recherchons pour notre client un vendeur dans une boutique", "fr"),
        ("We are looking for a seller to join the team in our shop", "en"),
        ("Wir suchen für unser Team eine Kollegin mit Erfahrung in der Pflege", "de"),
        ("Python", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert read_language(flatten(text)) == language


def test_freshness_halves_in_thirty_days_and_the_future_has_none() -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    assert read_age(created, date(2026, 1, 31)) == (30, 0.5)
    assert read_age(created, date(2025, 12, 31)) == (None, None)
    assert read_age(None, date(2026, 1, 1)) == (None, None)


def test_part_time_by_words_or_hours() -> None:
    assert read_part_time("temps partiel - 24h", "", 24.0) is True
    assert read_part_time("", "temps plein", 30.0) is False
    assert read_part_time("", "", 20.0) is True
    assert read_part_time("", "", None) is None
