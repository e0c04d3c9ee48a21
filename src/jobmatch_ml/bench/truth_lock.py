"""The truth lock on frozen texts: how many planted claims it catches, what honest text it rejects.

Each corpus is cut in two by its items' ids: rules may be looked at on the development half alone,
and the held-out half tells whether they are rules or memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.assistant import candidate, check_text
from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.errors import MissingFileError

CORPORA = Path("tests/corpora/assistant")
HALVES = ("development", "held out", "all")
WRITTEN_IN = date(2026, 11, 22)
"""When the texts were written: durations "up to now" hold for that month."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One text and how the lock answered.

    Args:
        item_id: Of the corpus.
        kind: Kind of the planted claim, of the paraphrase, or the style of a text.
        hit: A planted claim was caught; an honest text was rejected.
        found: The unsupported claims, ``kind:text``.
    """

    item_id: str
    kind: str
    hit: bool
    found: tuple[str, ...]

    @property
    def half(self) -> str:
        """``development`` or ``held out``."""
        return half_of(self.item_id)


def half_of(item_id: str) -> str:
    """Returns the half of a corpus that an item belongs to, by its id alone."""
    return HALVES[sha256(item_id.encode()).digest()[0] % 2]


def judge_planted(root: Path | str = CORPORA) -> Iterator[Judged]:
    """Checks each text with one planted claim.

    Yields:
        ``hit`` when a claim that overlaps the changed span is unsupported.

    Raises:
        MissingFileError: The corpora are not there.
    """
    people = _people(root)
    for item in _read(root, "planted"):
        report = check_text(item["text"], people[item["candidate_id"]], today=WRITTEN_IN)
        start, end = item["start"], item["end"]
        caught = any(claim.start < end and start < claim.end for claim in report.unsupported)
        found = tuple(f"{claim.kind}:{claim.text}" for claim in report.unsupported)
        yield Judged(item["id"], item["kind"], caught, found)


def judge_honest(corpus: str, root: Path | str = CORPORA) -> Iterator[Judged]:
    """Checks honest texts: ``paraphrases`` or ``texts``.

    Yields:
        ``hit`` when any claim is unsupported: the text was rejected wrongly.

    Raises:
        MissingFileError: The corpora are not there.
    """
    people = _people(root)
    for item in _read(root, corpus):
        known = item.get("offer")
        offer = OfferContext(known["title"], known["company"], known["location"]) if known else None
        data = people[item["candidate_id"]]
        report = check_text(item["text"], data, offer=offer, today=WRITTEN_IN)
        found = tuple(f"{claim.kind}:{claim.text}" for claim in report.unsupported)
        yield Judged(item["id"], item.get("kind") or item["style"], bool(found), found)


def run_truth_lock_bench(*, corpora: Path | str = CORPORA) -> list[dict[str, Any]]:
    """Measures the truth lock on the frozen corpora.

    Args:
        corpora: Their folder.

    Returns:
        Rows of ``part`` (planted, paraphrases, texts), ``kind`` ("all" for the total), ``half``,
        ``n``, ``hits`` (caught, or wrongly rejected), ``rate`` and its 95 % interval ``low`` and
        ``high``. Kinds are told for each half too: no single text is shown.

    Raises:
        MissingFileError: The corpora are not there.
    """
    parts: dict[str, Callable[[], Iterable[Judged]]] = {
        "planted": lambda: judge_planted(corpora),
        "paraphrases": lambda: judge_honest("paraphrases", corpora),
        "texts": lambda: judge_honest("texts", corpora),
    }
    return [row for part, judge in parts.items() for row in _rows(part, list(judge()))]


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """Returns the 95 % score interval of a share; (0, 1) where nothing was counted.

    Example:
        >>> [round(bound, 3) for bound in wilson_interval(95, 100)]
        [0.888, 0.978]
    """
    if not n:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    middle = share + z * z / (2 * n)
    spread = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5
    whole = 1 + z * z / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def _rows(part: str, judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    for kind in ("all", *sorted({item.kind for item in judged})):
        for half in HALVES:
            chosen = [
                item.hit for item in judged if kind in ("all", item.kind)
                and half in ("all", item.half)
            ]  # fmt: skip
            if chosen:
                yield _row(part, kind, half, chosen)


def _row(part: str, kind: str, half: str, hits: Sequence[bool]) -> dict[str, Any]:
    low, high = wilson_interval(sum(hits), len(hits))
    return {
        "part": part,
        "kind": kind,
        "half": half,
        "n": len(hits),
        "hits": sum(hits),
        "rate": round(sum(hits) / len(hits), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def _people(root: Path | str) -> dict[str, CandidateData]:
    rows = _read(root, "candidates")
    return {row["id"]: candidate.from_request(row["candidate"]) for row in rows}


def _read(root: Path | str, name: str) -> list[Mapping[str, Any]]:
    path = Path(root) / f"{name}.jsonl"
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist; run from the project's folder or name the corpora's folder "
            f"(--option corpora=…)"
        )
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line]
