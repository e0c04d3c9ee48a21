"""Cleaning and the language of a text."""

from __future__ import annotations

import time
import unicodedata

import pytest

from jobmatch_ml.cv.text import clean, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Je suis en charge de la gestion des stocks dans un entrepôt", "fr"),
        ("Five years of experience in the design of embedded systems", "en"),
        ("Python Docker SQL", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_language_is_that_of_the_small_words(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("ge\u0301rance", "gérance"),
        ("a\x00b\u200bc", "abc"),
        ("un\u00a0deux\t trois", "un deux trois"),
        ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        ("\ud800", "?"),
        ("déve\u00adlop\u200dpeur\u202e", "développeur"),
        ("e\u200b\u0301", "é"),
        ("dipl\u00c3\u00b4m\u00c3\u00a9e \u00e2\u20ac\u201c 2019", "diplômée – 2019"),
        ("Clerk \u00ef\u00bc\u200b Leeds", "Clerk – Leeds"),
        ("every metric\u00c2 , twice", "every metric , twice"),
        ("ÂGE : 30 ANS, VOILÂ â la carte", "ÂGE : 30 ANS, VOILÂ â la carte"),
    ],
)
def test_text_comes_in_one_form(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize("marks", ["\u0301\u0327", "\u0f73", "\uff9e\u0301", "\u0301\u200b\u0327"])
def test_endless_combining_marks_are_cut_before_they_are_sorted(marks: str) -> None:
    started = time.process_time()
    cleaned = clean("a" + marks * (200_000 // len(marks)))
    unicodedata.normalize("NFKD", cleaned)
    assert time.process_time() - started < 10  # sorted uncut, they take half a minute
    assert len(cleaned) < 100
