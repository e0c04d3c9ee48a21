"""The plain comparison of the bench sees what is not the candidate's."""

from __future__ import annotations

import pytest

from jobmatch_ml.bench.assistant import _foreign


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Caissière chez Lidl", 0),
        ("Caissière chez Carrefour", 1),
        ("12 caisses", 1),
        ("Je vous prie d'agréer, Madame, Monsieur", 0),
        ("3 ans d'expérience professionnelle", 0),
        ("9 ans d'expérience professionnelle", 1),
        ("Maîtrise du soudage", 2),
    ],
)
def test_numbers_names_and_words_of_no_cv_are_counted(text: str, count: int) -> None:
    assert _foreign([text], "Caissière, Lidl, 2018 - 2020, caisses") == count
