"""`jobmatch bench hidden`: is text that nobody sees found, left out and shown, and no other?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tqdm import tqdm

from jobmatch_ml.bench.hidden_corpus import SENTENCES, Case, make_cases
from jobmatch_ml.cv import CvReading, build_profile, extract_file
from jobmatch_ml.errors import InputError


def run_hidden_bench(*, sentences: int = len(SENTENCES)) -> list[dict[str, Any]]:
    """Reads the corpus of hidden text.

    Args:
        sentences: How many different texts are hidden in each way.

    Returns:
        A row a way of hiding: ``kind`` (``hidden`` or ``honest``), ``way``, ``cvs``, ``flagged``
        (reported with its text), ``left_out`` (the profile is exactly that of the CV without it;
        of honest designs: their text is read), and the two totals first.

    Raises:
        InputError: Less than one sentence is asked for.
    """
    if not 1 <= sentences <= len(SENTENCES):
        raise InputError(
            f"sentences is {sentences}; expected 1 to {len(SENTENCES)}", field="sentences"
        )
    ways: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for case in tqdm(list(make_cases(sentences)), desc="CVs with hidden text", delay=2):
        kind = "honest" if case.honest is None else "hidden"
        ways[kind, case.way].append(judge(case))
    rows = [_row(kind, way, found) for (kind, way), found in ways.items()]
    totals = [
        _row(kind, "all", [one for (of, _), found in ways.items() if of == kind for one in found])
        for kind in ("hidden", "honest")
    ]
    return [*totals, *rows]


def judge(case: Case) -> tuple[bool, bool]:
    """Returns whether something was flagged, and whether the text is where it belongs."""
    reading = extract_file(case.data, "cv")
    if case.honest is None:
        flat = " ".join(reading.raw_text.split())
        return bool(reading.hidden), " ".join(case.sentence.split()) in flat
    same = build_profile(reading) == build_profile(extract_file(case.honest, "cv"))
    unseen = case.sentence not in " ".join(reading.raw_text.split())
    return _flagged(reading, case.sentence), same and unseen


def _flagged(reading: CvReading, sentence: str) -> bool:
    """Tells whether the sentence is reported; where it cannot be read, that something is hidden."""
    shown = " ".join(item.text for item in reading.hidden)
    coded = any(item.reason == "characters" for item in reading.hidden)
    words = sentence.split()
    said = sum(word in shown for word in words) >= 0.6 * len(words)
    return (said or coded) and len(reading.warnings) >= len(reading.hidden[:1])


def _row(kind: str, way: str, found: list[tuple[bool, bool]]) -> dict[str, Any]:
    return {
        "kind": kind,
        "way": way,
        "cvs": len(found),
        "flagged": sum(flagged for flagged, _ in found),
        "left_out" if kind == "hidden" else "read": sum(right for _, right in found),
    }
