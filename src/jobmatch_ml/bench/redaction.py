"""`jobmatch bench redaction`: how much of what identifies people is removed, and how much else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.cv.redaction import MASKS, Identifier, find_identifiers
from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.settings import get_settings

CORPUS = Path("tests/corpora/redaction")
_MARK = re.compile(r"⟦(?P<kind>[a-z_]+):(?P<text>[^⟧]*)⟧")
_COVERED = 0.8
_RIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text without its marks, and where they stood."""

    language: str
    text: str
    marks: tuple[Identifier, ...]


def run_redaction_bench(*, corpus: str = "") -> list[dict[str, Any]]:
    """Scores the redaction of labelled texts.

    Args:
        corpus: Folder of the labelled texts; those of the repository by default.

    Returns:
        A row a split and kind (``all`` too): ``marked``, ``recall`` (marks that are covered by
        whatever was removed), ``removed``, ``precision`` (removed stretches that were marked).

    Raises:
        MissingFileError: The texts are not there.
    """
    folder = Path(corpus) if corpus else get_settings().under_root(CORPUS)
    rows: list[dict[str, Any]] = []
    for split in ("development", "held_out"):
        path = folder / f"{split}.txt"
        if not path.is_file():
            raise MissingFileError(f"{path} does not exist; expected labelled texts there")
        counts = score_texts(read_labelled(path.read_text(encoding="utf-8")))
        rows += [_row(split, kind, four) for kind, four in counts.items()]
    return rows


def read_labelled(content: str) -> list[Labelled]:
    """Reads texts with marks.

    Raises:
        FormatError: A mark's kind is none of the redaction's.
    """
    texts = []
    for part in content.split("\n===\n"):
        head, _, body = part.strip("\n").partition("\n")
        plain, marks, position = "", [], 0
        for match in _MARK.finditer(body):
            if match["kind"] not in MASKS:
                raise FormatError(f"labelled texts: {match['kind']!r} is no kind of identifier")
            plain += body[position : match.start()]
            marks.append(Identifier(match["kind"], len(plain), len(plain) + len(match["text"])))
            plain += match["text"]
            position = match.end()
        texts.append(Labelled(head.lstrip("# "), plain + body[position:], tuple(marks)))
    return texts


def score_texts(texts: list[Labelled]) -> dict[str, list[int]]:
    """Returns of each kind, ``all`` and each language: marked, covered, removed, right."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for labelled in texts:
        found = find_identifiers(labelled.text)
        for mark in labelled.marks:
            covered = _share(labelled.text, mark, found) >= _COVERED
            for key in ("all", labelled.language, mark.kind):
                counts[key][0] += 1
                counts[key][1] += covered
        for item in found:
            right = _share(labelled.text, item, labelled.marks) >= _RIGHT
            for key in ("all", labelled.language, item.kind):
                counts[key][2] += 1
                counts[key][3] += right
    return counts


def _share(text: str, one: Identifier, others: tuple[Identifier, ...]) -> float:
    """Returns the share of a stretch's letters and digits that others cover."""
    places = [at for at in range(one.start, one.end) if text[at].isalnum()]
    inside = [at for at in places if any(item.start <= at < item.end for item in others)]
    return len(inside) / max(len(places), 1)


def _row(split: str, kind: str, four: list[int]) -> dict[str, Any]:
    marked, covered, removed, right = four
    return {
        "split": split,
        "kind": kind,
        "marked": marked,
        "recall": round(covered / marked, 3) if marked else None,
        "removed": removed,
        "precision": round(right / removed, 3) if removed else None,
    }
