"""What candidates are sliced by: only what their own documents and the log say of them.

``ROME domain`` (first letter of the occupation that their title names), ``region`` (of the place
they search), ``experience`` (from the first to the last year of the experiences in the CV),
``language`` of the CV, ``CV source`` (text, or the format of the file), and ``shown before``: how
much the log had shown them before the test days (nothing: a cold candidate).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_ml.cv import extract_text
from jobmatch_ml.errors import FormatError, JobMatchError, MissingFileError
from jobmatch_ml.reference import OccupationLookup, load_table
from jobmatch_ml.reference.places import load_places

UNKNOWN = "not told"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STILL = re.compile(
    r"aujourd|présent|present|actuel|en cours|today|now|depuis|since", re.IGNORECASE
)


def candidate_attributes(
    path: Path,
    people: Collection[str],
    *,
    log: pa.Table | None = None,
    before: datetime | None = None,
) -> dict[str, dict[str, str]]:
    """Reads the attributes of some candidates.

    Args:
        path: A world's ``candidates.jsonl``.
        people: Whose attributes are wanted.
        log: The log of interactions, for ``shown before``; ``None`` leaves that out.
        before: When the test days begin; ``None``: with the log's first row, so all are cold.

    Returns:
        ``{attribute: {candidate_id: value}}``; :data:`UNKNOWN` where nothing is told.

    Raises:
        MissingFileError: The file is not there.
        FormatError: It is not of candidates.
    """
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected the candidates of a world")
    wanted = set(people)
    names = OccupationLookup(load_table())
    regions = {place.name: place.region for place in load_places()}
    shown = _shown_before(log, before) if log is not None else None
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            person, title = str(row["candidate_id"]), str(row["title"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise FormatError(f"{path}, line {number}: not a candidate") from error
        if person not in wanted:
            continue
        values = {
            "ROME domain": _domain(names, title),
            "region": regions.get(str((row.get("preferences") or {}).get("place", "")), "")
            or UNKNOWN,
            "experience": _experience(str(row.get("cv_text", ""))),
            "language": str(row.get("language") or UNKNOWN),
            "CV source": Path(str(row.get("cv_file") or "cv.text")).suffix.lstrip("."),
        }
        if shown is not None:
            values["shown before"] = _amount(shown[person])
        for attribute, value in values.items():
            found.setdefault(attribute, {})[person] = value
    return found


def cold_offers(log: pa.Table, offers: Collection[str], *, before: datetime) -> set[str]:
    """Returns the offers that nobody had been shown before a moment."""
    early = log.filter(pc.less(log["shown_at"], pa.scalar(before, log["shown_at"].type)))
    return set(offers) - set(pc.unique(early["offer_external_id"]).to_pylist())


def _domain(names: OccupationLookup, title: str) -> str:
    matches = names.find(title, limit=1)
    return matches[0].key[:1] if matches else UNKNOWN


def _experience(cv_text: str) -> str:
    try:
        lines: Any = extract_text(cv_text).lines
    except JobMatchError:
        return UNKNOWN
    dates = [line.dates for line in lines if line.content_type == "experience" and line.dates]
    years = sorted(int(year) for text in dates for year in _YEAR.findall(text))
    if not years:
        return UNKNOWN
    every = [int(year) for year in _YEAR.findall(cv_text)]
    last = max(every) if any(_STILL.search(text) for text in dates) else years[-1]
    length = last - years[0]
    return "under 3 years" if length < 3 else "3 to 9 years" if length < 10 else "10 years and more"


def _shown_before(log: pa.Table, before: datetime | None) -> Counter[str]:
    if before is None:
        return Counter()
    early = log.filter(pc.less(log["shown_at"], pa.scalar(before, log["shown_at"].type)))
    return Counter(early["user"].to_pylist())


def _amount(count: int) -> str:
    return "nothing" if not count else "under 50 offers" if count < 50 else "50 offers and more"
