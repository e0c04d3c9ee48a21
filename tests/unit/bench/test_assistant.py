"""The plain comparison of the bench sees what is not the candidate's."""

from __future__ import annotations

import pytest

from jobmatch_ml.bench.assistant import _foreign, _gain_rows, _same_rows


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
        ("de mars 2018", 0),
        ("de septembre 2018", 1),
    ],
)
def test_numbers_names_and_words_of_no_cv_are_counted(text: str, count: int) -> None:
    assert _foreign([text], "Caissière, Lidl, 03/2018 - 2020, caisses") == count


def test_gains_are_told_by_kind_of_offer_and_level() -> None:
    kinds = [(True, 1, 0.0), (True, 2, 0.1), (True, 2, 0.3), (False, 2, -0.1)]
    results = [
        {"is_same": same, "level": level, "score_before": 0.5, "score_after": 0.5 + gain,
         "held": 2, "before": 1, "after": 2}
        for same, level, gain in kinds
    ]  # fmt: skip
    rows = {row["measure"]: row["value"] for row in _gain_rows(results)}
    assert rows == {
        "gain of score, mean, offers of another occupation": -0.1,
        "gain of score, mean, same occupation, level 1": 0.0,
        "gain of score, mean, same occupation, level 2": 0.2,
    }
    assert [(row["value"], row["of"]) for row in _same_rows(results)] == [(2, 2), (1, 2), (2, 2)]
