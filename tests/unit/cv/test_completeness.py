"""Hints of what a CV does not say."""

from __future__ import annotations

from jobmatch_ml.cv import extract_text
from jobmatch_ml.cv.completeness import completeness_hints

FULL = (
    """Sophie MARTIN
Comptable
sophie.martin@example.org
COMPÉTENCES
Excel, Sage, TVA, paie
EXPÉRIENCE
Comptable - Cabinet Durand - 2019 - 2022
- Tenue des comptes clients et fournisseurs, déclarations de TVA, rapprochements bancaires
FORMATION
BTS Comptabilité - Lycée Ampère - 2018
LANGUES
Anglais (B2)
PROFIL
"""
    + "Comptable depuis cinq ans, rigoureuse et autonome. " * 5
)


def test_a_whole_cv_needs_no_hint() -> None:
    assert completeness_hints(extract_text(FULL)) == ()


def test_what_is_missing_is_named_the_experiences_first() -> None:
    hints = completeness_hints(extract_text("COMPÉTENCES\nExcel"))
    assert hints[0].startswith("Ajoutez vos expériences")
    assert any("Compétences" in hint for hint in hints)
    assert any("e-mail" in hint for hint in hints)
    assert any("langues" in hint for hint in hints)
    assert any("très court" in hint for hint in hints)


def test_experiences_without_dates_are_counted() -> None:
    text = FULL.replace("Cabinet Durand - 2019 - 2022", "Cabinet Durand")
    hints = completeness_hints(extract_text(text))
    assert any("sans dates" in hint or "expériences" in hint for hint in hints)
