"""What ingestion refuses: counted by reason, and kept in a file so that it can be mended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

PLACES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RejectReason:
    """One reason: how many records it refused, and where the first few of them stand."""

    reason: str
    count: int
    places: tuple[str, ...]


class RejectLog:
    """Collects refused records; :meth:`finish` puts the file in place, if there is any.

    Each line of ``<UTC stamp>-offers.jsonl`` is ``{"file", "place", "reason", "record"}``. The file
    holds the record as received, so it is as confidential as bronze; only places and reasons are
    for the eyes of others.
    """

    def __init__(self, rejects_dir: Path) -> None:
        self._dir = rejects_dir
        self._stream: BinaryIO | None = None
        self._path: Path | None = None
        self._counts: Counter[str] = Counter()
        self._places: dict[str, list[str]] = {}

    def __enter__(self) -> RejectLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None and self._path is not None:
            self._stream.close()
            self._temporary(self._path).unlink(missing_ok=True)

    def add(self, path: Path, place: str, reason: str, record: Any) -> None:
        """Notes one refused record."""
        self._counts[reason] += 1
        places = self._places.setdefault(reason, [])
        if len(places) < PLACES_SHOWN:
            places.append(f"{path}, {place}")
        self.keep(path, place, reason, record)

    def keep(self, path: Path, place: str, reason: str, record: Any) -> None:
        """Writes a record to the file without counting it as refused (duplicates)."""
        if self._stream is None:
            self._dir.mkdir(parents=True, exist_ok=True)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
            self._path = self._dir / f"{stamp}-offers.jsonl"
            self._stream = self._temporary(self._path).open("wb")
        entry = {"file": str(path), "place": place, "reason": reason, "record": record}
        self._stream.write(orjson.dumps(entry) + b"\n")

    def finish(self) -> Path | None:
        """Puts the file in its place; ``None`` when nothing was refused."""
        if self._stream is None or self._path is None:
            return None
        self._stream.close()
        self._temporary(self._path).replace(self._path)
        self._stream = None
        return self._path

    @property
    def total(self) -> int:
        """Number of refused records."""
        return self._counts.total()

    def reasons(self) -> tuple[RejectReason, ...]:
        """Returns the reasons, the most frequent first."""
        return tuple(
            RejectReason(reason, count, tuple(self._places[reason]))
            for reason, count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        )

    @staticmethod
    def _temporary(path: Path) -> Path:
        return path.with_name(f".{path.name}.part")
