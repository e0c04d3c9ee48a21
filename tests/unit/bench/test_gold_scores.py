"""Scores of the enrichment, by hand: names, strengths, pay within a percent."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.bench.gold_scores import (
    label_words,
    read_labels,
    same_name,
    score_split,
    words_of,
)
from jobmatch_ml.errors import InputError, MissingFileError
from tests.conftest import ROOT

TEXT = "Comptable\nMaîtrise d'Excel, bases de Sage. Anglais apprécié. Encaissement."
RAW = {"id": "1", "intitule": "Comptable", "description": TEXT.partition("\n")[2]}


def _span(word: str) -> list[list[int]]:
    return [[TEXT.index(word), TEXT.index(word) + len(word)]]


LABEL: dict[str, Any] = {
    "offer_id": "1",
    "split": "development",
    "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest()[:16],
    "salary_min": 24000.0,
    "salary_max": None,
    "experience_months": 12,
    "contract": "CDI",
    "apprenticeship": False,
    "remote": None,
    "language": "fr",
    "skills": [
        {"strength": "required", "spans": _span("Excel")},
        {"strength": "required", "spans": _span("Sage")},
        {"strength": "wished", "spans": _span("Anglais")},
        {"strength": "either", "spans": _span("Encaissement")},
    ],
}
ROW: dict[str, Any] = {
    "salary_min": 24100.0,
    "salary_max": None,
    "experience_months": 12,
    "contract": "CDI",
    "contract_is_apprenticeship": False,
    "remote": None,
    "language": "fr",
}


def _score(row: dict[str, Any], *found: tuple[bool, str]) -> dict[str, tuple[int, int]]:
    skills = {"1": [(required, words_of(text)) for required, text in found]}
    rows = score_split([LABEL], {"1": RAW}, {"1": row}, skills)
    return {each["measure"]: (each["right"], each["of"]) for each in rows}


def test_a_name_holds_another_as_whole_words_and_is_not_much_longer() -> None:
    assert same_name(words_of("Microsoft Excel"), words_of("excel"))
    assert not same_name(words_of("Excellence"), words_of("excel"))
    assert not same_name(words_of("la maîtrise avancée du logiciel Excel"), words_of("Excel"))
    assert not same_name((), words_of("Excel"))


def test_skills_count_by_strength_and_either_counts_for_nothing() -> None:
    # Excel right; Python, Ruby and the wished Anglais wrong; Encaissement left out; Sage missed.
    names = ("Excel", "Python", "Ruby", "Anglais", "Encaissement")
    found = [(True, name) for name in names]
    scores = _score(ROW, *found)
    assert scores["required skills: precision"] == (1, 4)
    assert scores["required skills: recall"] == (1, 2)
    assert scores["wished skills: recall"] == (0, 1)
    assert _score(ROW, (False, "anglais"))["wished skills: recall"] == (1, 1)


def test_facts_must_be_equal_and_pay_within_a_percent() -> None:
    scores = _score(ROW)
    assert scores["salary where stated"] == (1, 1)
    assert scores["no salary where none is"] == (0, 0)
    assert scores["experience"] == scores["contract"] == scores["remote"] == (1, 1)
    wrong = _score({**ROW, "salary_min": 24300.0, "experience_months": None, "remote": "full"})
    assert wrong["salary where stated"] == (0, 1)
    assert wrong["experience"] == wrong["remote"] == (0, 1)
    assert _score({**ROW, "salary_max": 30000.0})["salary where stated"] == (0, 1)


def test_another_text_than_the_labelled_one_is_refused() -> None:
    with pytest.raises(InputError, match="offer 1: not the text"):
        label_words(LABEL, {**RAW, "description": "autre"})


def test_the_labels_of_the_repository_are_sixty_and_forty_without_texts() -> None:
    labels = read_labels(ROOT / "tests" / "corpora" / "gold_offers" / "labels.jsonl")
    splits = [label["split"] for label in labels]
    assert (splits.count("development"), splits.count("held_out")) == (60, 40)
    assert len({label["offer_id"] for label in labels}) == 100
    for label in labels:
        assert label.keys() == LABEL.keys()
        assert all(end > start for skill in label["skills"] for start, end in skill["spans"])


def test_missing_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no labels"):
        read_labels(tmp_path / "labels.jsonl")
