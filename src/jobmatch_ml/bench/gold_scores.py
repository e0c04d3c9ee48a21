"""Scoring the enrichment on offers labelled by hand, as `tests/corpora/gold_offers` defines it.

Labels hold offsets into the raw offers, which are not in the repository: whoever has the file of
offers can score, nobody can read the texts back from the labels.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.offers.flat_text import flatten

MAX_RATIO = 3
"""A name that holds another is the same skill when it is at most so many times as long."""
PAY_TOLERANCE = 0.01

Words = tuple[str, ...]
_WORD = re.compile(r"[a-z0-9]+(?:\+\+|#|\+)?")


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Reads the labels.

    Raises:
        MissingFileError: There is no such file.
    """
    if not path.is_file():
        raise MissingFileError(f"{path}: no labels of gold offers there", field="labels")
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def label_words(label: Mapping[str, Any], raw: Mapping[str, Any]) -> list[tuple[str, list[Words]]]:
    """Returns the labelled skills of an offer: strength, and the folded words of each mention.

    Raises:
        InputError: The text is not the one that was labelled.
    """
    text = f"{raw.get('intitule') or ''}\n{raw.get('description') or ''}"
    if hashlib.sha256(text.encode()).hexdigest()[:16] != label["text_sha256"]:
        raise InputError(f"offer {label['offer_id']}: not the text that was labelled")
    return [
        (skill["strength"], [words_of(text[start:end]) for start, end in skill["spans"]])
        for skill in label["skills"]
    ]


def words_of(text: str) -> Words:
    """Returns the folded words of a piece of text, its HTML entities as characters."""
    return tuple(_WORD.findall(flatten(html.unescape(html.unescape(text)))))


def same_name(one: Words, other: Words) -> bool:
    """Returns whether one name holds the other as whole words and is not much longer."""
    short, long = sorted((one, other), key=lambda words: len(" ".join(words)))
    if not short or len(" ".join(long)) > MAX_RATIO * len(" ".join(short)):
        return False
    return any(
        long[start : start + len(short)] == short for start in range(len(long) - len(short) + 1)
    )


def score_split(
    labels: Iterable[Mapping[str, Any]],
    raw: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Sequence[tuple[bool, Words]]],
) -> list[dict[str, Any]]:
    """Scores the offers of one split.

    Args:
        labels: Labels of the split.
        raw: Raw records by id.
        rows: Rows of ``offer_enrichment`` by id.
        found: Skills found in the text by id: required or not, and the words of the mention.

    Returns:
        A row a measure: ``measure``, ``right``, ``of`` and ``value``.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for label in labels:
        offer_id = label["offer_id"]
        _facts(label, rows[offer_id], right, total)
        _skills(label_words(label, raw[offer_id]), found.get(offer_id, ()), right, total)
    return [
        {
            "measure": name,
            "right": right[name],
            "of": total[name],
            "value": round(right[name] / total[name], 3) if total[name] else None,
        }
        for name in MEASURES
    ]


MEASURES = (
    "salary where stated", "no salary where none is", "experience", "contract", "apprenticeship",
    "remote", "language", "required skills: precision", "required skills: recall",
    "wished skills: recall",
)  # fmt: skip


def _facts(
    label: Mapping[str, Any], row: Mapping[str, Any], right: Counter[str], total: Counter[str]
) -> None:
    is_stated = label["salary_min"] is not None or label["salary_max"] is not None
    pay = MEASURES[0] if is_stated else MEASURES[1]
    total[pay] += 1
    right[pay] += all(_close(row[name], label[name]) for name in ("salary_min", "salary_max"))
    pairs = {
        "experience": (row["experience_months"], label["experience_months"]),
        "contract": (row["contract"], label["contract"]),
        "apprenticeship": (row["contract_is_apprenticeship"], label["apprenticeship"]),
        "remote": (row["remote"], label["remote"]),
        "language": (row["language"], label["language"]),
    }
    for name, (read, said) in pairs.items():
        total[name] += 1
        right[name] += read == said


def _close(read: float | None, said: float | None) -> bool:
    if read is None or said is None:
        return read is said
    return abs(read - said) <= PAY_TOLERANCE * abs(said)


def _skills(
    labelled: Sequence[tuple[str, Sequence[Words]]],
    found: Sequence[tuple[bool, Words]],
    right: Counter[str],
    total: Counter[str],
) -> None:
    precision, recall, wished = MEASURES[-3:]
    for is_required, words in found:
        named = {
            strength
            for strength, forms in labelled
            if any(same_name(words, each) for each in forms)
        }
        # What names an `either` alone is neither right nor wrong.
        if is_required and named != {"either"}:
            total[precision] += 1
            right[precision] += "required" in named
    for strength, forms in labelled:
        if strength == "either":
            continue
        measure = recall if strength == "required" else wished
        total[measure] += 1
        right[measure] += any(
            is_required is (strength == "required")
            and any(same_name(words, each) for each in forms)
            for is_required, words in found
        )
