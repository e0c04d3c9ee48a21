"""Joining the two views of a text."""

from __future__ import annotations

import pytest

from jobmatch_ml.ranking.texts import join_views


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Maçon", "Chantier", "Maçon. Chantier"),
        (" Maçon ", "\n", "Maçon"),
        ("", "Chantier", "Chantier"),
        ("", "", ""),
        ("e\u0301", "", "é"),
    ],
)
def test_views_are_joined_without_stray_separators(title: str, text: str, expected: str) -> None:
    assert join_views(title, text, separator=". ") == expected
