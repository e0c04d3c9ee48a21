"""Pay by hand-computed values: what offers write, and euros gross a year."""

from __future__ import annotations

import pytest

from jobmatch_ml.offers.flat_text import flatten
from jobmatch_ml.offers.pay import read_pay, weekly_hours


@pytest.mark.parametrize(
    ("field", "hours", "low", "high"),
    [
        ("Annuel de 27000.00 Euros à 30000.00 Euros sur 12.0 mois", None, 27000, 30000),
        ("Mensuel de 1801.80 Euros", None, 1801.80 * 12, 1801.80 * 12),
        ("Mensuel de 2123.38 Euros sur 13.0 mois", 35, 2123.38 * 13, 2123.38 * 13),
        ("Horaire de 11.88 Euros", None, 11.88 * 1820, 11.88 * 1820),
        ("Horaire de 11.88 Euros sur 12 mois", 24, 11.88 * 24 * 52, 11.88 * 24 * 52),
        ("Autre de 11,52 Euros à 12,00 Euros", 35, 11.52 * 1820, 12 * 1820),
        ("Mensuel de 28000.0 Euros sur 12.0 mois", None, 28000, 28000),  # Of a year, plainly.
        ("Annuel de 35,00 Euros à 40,00 Euros", None, 35000, 40000),  # Thousands left out.
        ("Annuel de 30000,00 Euros à 400000,00 Euros", None, 30000, 30000),  # A zero too many.
        ("35 - 40 k€ brut annuel", None, 35000, 40000),
        ("12.13", 10, 12.13 * 10 * 52, 12.13 * 10 * 52),
        ("à partir de 28 000€ brut/an", None, 28000, None),
    ],
)
def test_the_field_is_read_in_all_its_patterns(
    field: str, hours: float | None, low: float, high: float | None
) -> None:
    pay = read_pay(field, hours=hours)
    assert pay is not None
    assert pay.source == "field"
    assert pay.low == pytest.approx(low)
    assert pay.high == (None if high is None else pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Rémunération : 61 997,00€ à 76 895,00€ par an", 61997, 76895),
        ("CDI : 1958 € nets", 1958 * 12 / 0.78, 1958 * 12 / 0.78),
        ("Rémunération : A partir de 30keuros bruts/an", 30000, None),
        ("Salaire : jusqu'à 45 k€", None, 45000),
        ("un salaire compris entre 35 000 € et 42 000 € annuel brut", 35000, 42000),
        ("Taux horaire : 12,28 € brut", 12.28 * 1820, 12.28 * 1820),
        ("Pour combien : 28-32KEUR", 28000, 32000),
        ("Salaire : 2400 - 2900 € Bruts/Mois sur 13.3 mois", 2400 * 13.3, 2900 * 13.3),
    ],
)
def test_the_description_speaks_when_the_field_does_not(
    text: str, low: float | None, high: float | None
) -> None:
    pay = read_pay(None, flatten(text))
    assert pay is not None
    assert pay.source == "description"
    assert pay.low == (None if low is None else pytest.approx(low, abs=0.01))
    assert pay.high == (None if high is None else pytest.approx(high, abs=0.01))


@pytest.mark.parametrize(
    "text",
    [
        "un chiffre d'affaires de 27,3 milliards d'euros",
        "Prime de cooptation de 1000€",
        "Panier repas : 11.60 €/jour",
        "Ticket restaurant à 7.80€ (prise en charge à 50%)",
        "des lots de 200KEUR à 1 000 KEUR",
        "Salaire selon profil",
        "Rémunération : prime de 1 000 € brut par mois",
        "",
    ],
)
def test_other_money_is_no_pay(text: str) -> None:
    assert read_pay(None, flatten(text)) is None


def test_a_field_without_a_figure_leaves_the_word_to_the_description() -> None:
    pay = read_pay("selon CCN du 15 mars 1966", flatten("Salaire : 2000 € brut par mois"))
    assert pay is not None
    assert (pay.low, pay.source) == (24000, "description")


def test_the_field_wins_over_the_description() -> None:
    pay = read_pay("Annuel de 38000,00 Euros", flatten("Salaire annuel 35 à 40k/an"))
    assert pay is not None
    assert pay.low == pay.high == 38000


@pytest.mark.parametrize("field", ["Annuel de", "Annuel de 0.0 Euros", "Mensuel de 1 Euros", "€€€"])
def test_nonsense_is_not_said(field: str) -> None:
    assert read_pay(field) is None


@pytest.mark.parametrize(
    ("field", "text", "hours"),
    [
        ("37H15/semaine\nTravail en journée", "", 37.25),
        ("temps partiel - 24H Autre", "", 24),
        ("temps partiel", "poste cdi 10h par semaine", 10),
        ("35 H  Travail en journée", "20h/semaine", 35),
        ("", "ouvert de 9h a 18h", None),
        ("99H", "", None),
    ],
)
def test_hours_of_the_week(field: str, text: str, hours: float | None) -> None:
    assert weekly_hours(field, text) == hours
