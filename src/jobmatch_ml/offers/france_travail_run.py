"""A fetch on disk: what was fetched so far, and what is still to ask.

A run is a folder: ``cursor.json`` and ``parts/``, one file of JSON lines a finished query. A part
is in place before the cursor says so; a run that is cut off anywhere goes on with the query at
which it was cut off, and no offer is there twice or missing.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import FormatError
from jobmatch_ml.files import write_bytes, write_lines
from jobmatch_ml.offers.france_travail_queries import OfferQuery

VERSION = 1


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What a user asks for. The same request is the same run, until it is finished.

    Args:
        romes: Occupation codes.
        departments: Department codes; empty: anywhere.
        since: First day of creation; ``None``: every offer that is still online.
        until: Last day of creation; ``None``: up to the moment of asking.
        target: Where the offers go: another place is another run.
    """

    romes: tuple[str, ...]
    departments: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    target: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values."""
        return {
            "romes": list(self.romes),
            "departments": list(self.departments),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "target": self.target,
        }

    @property
    def key(self) -> str:
        """Names the run's folder; the order of the codes does not matter."""
        values = self.to_dict()
        values["romes"], values["departments"] = sorted(self.romes), sorted(self.departments)
        dumped = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(dumped).hexdigest()[:12]


@dataclass
class FetchRun:
    """A run's state; every method leaves it whole on disk.

    Args:
        folder: The run's own.
        started_at: When it began (UTC); its day is the ingestion day, whenever the run ends.
        pending: Queries still to read, the next one first.
        parts: Offers of each finished query.
        calls: Calls to the API, of earlier sittings too.
        split: Queries that were too large.
        warnings: What a user should know of, such as refused codes.
    """

    folder: Path
    started_at: datetime
    pending: list[OfferQuery]
    parts: list[int] = field(default_factory=list)
    calls: int = 0
    split: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The ingestion day."""
        return self.started_at.date()

    @property
    def offers(self) -> int:
        """Offers fetched; one that several queries found counts as often."""
        return sum(self.parts)

    def part_files(self) -> list[Path]:
        """Returns the files of offers, in the order in which they were fetched."""
        return [self._part(number) for number in range(len(self.parts))]

    def split_next(self, smaller: Sequence[OfferQuery]) -> None:
        """Puts smaller queries in the place of the next one."""
        self.pending[:1] = smaller
        self.split += 1
        self.save()

    def finish_next(self, offers: Sequence[Any], warning: str = "") -> None:
        """Keeps the offers of the next query, and turns to the one after it."""
        lines = (orjson.dumps(each).decode() for each in offers)
        write_lines(self._part(len(self.parts)), lines)
        self.parts.append(len(offers))
        del self.pending[0]
        if warning:
            self.warnings.append(warning)
        self.save()

    def skip_next(self, warning: str) -> None:
        """Leaves the next query out, and says why."""
        del self.pending[0]
        self.warnings.append(warning)
        self.save()

    def save(self) -> None:
        """Writes the cursor, atomically."""
        values = {
            "version": VERSION,
            "started_at": self.started_at.isoformat(),
            "pending": [query.to_dict() for query in self.pending],
            "parts": self.parts,
            "calls": self.calls,
            "split": self.split,
            "warnings": self.warnings,
        }
        write_bytes(self.folder / "cursor.json", [orjson.dumps(values, option=orjson.OPT_INDENT_2)])

    def remove(self) -> None:
        """Deletes the run: its offers are in bronze."""
        _remove(self.folder)

    def _part(self, number: int) -> Path:
        return self.folder / "parts" / f"{number:06d}.jsonl"


def load_run(folder: Path) -> FetchRun | None:
    """Reads the run of a folder; ``None`` when there is none.

    Raises:
        FormatError: The cursor cannot be read, or a part that it names is not there.
    """
    path = folder / "cursor.json"
    try:
        values = orjson.loads(path.read_bytes())
        if values["version"] != VERSION:
            raise ValueError
        run = FetchRun(
            folder=folder,
            started_at=datetime.fromisoformat(values["started_at"]).astimezone(UTC),
            pending=[OfferQuery.from_dict(each) for each in values["pending"]],
            parts=[int(count) for count in values["parts"]],
            calls=int(values["calls"]),
            split=int(values["split"]),
            warnings=[str(each) for each in values["warnings"]],
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            f"{path} is no cursor of this version: --restart begins the fetch anew."
        ) from error
    missing = [part.name for part in run.part_files() if not part.is_file()]
    if missing:
        raise FormatError(
            f"{folder / 'parts'} lacks {missing[0]} ({len(missing)} missing), which the cursor "
            "names: --restart begins the fetch anew."
        )
    return run


def discard_run(folder: Path) -> None:
    """Removes an unfinished run, whatever its state."""
    _remove(folder)


def _remove(folder: Path) -> None:
    # The cursor first: what is left of a removal that was cut off is no run any more.
    (folder / "cursor.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "parts", ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
