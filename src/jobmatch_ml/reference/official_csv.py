"""Reading the CSV files of official classifications: all that is wrong is told at once.

The files come as folders of two dozen tables whose names carry the version. A missing file, a
renamed column or a broken encoding is collected as one problem each, so that a user who mends a
folder sees the whole list.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# ROME's longest definition has a few thousand characters; ESCO's lists of names have more.
csv.field_size_limit(1_000_000)


@dataclass
class SourceFolder:
    """A folder of CSV files that is being read.

    Args:
        path: The folder.
        expected: What it should hold, for the messages (``ROME 4.0, version 460``).

    Attributes:
        problems: What stops the import; the reader raises them together.
        warnings: What is odd but could be read.
        sha256: Checksum of each file that was read, by its name.
    """

    path: Path
    expected: str
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)

    def rows(
        self, name: str, columns: Sequence[str], *, optional: Sequence[str] = ()
    ) -> Iterator[tuple[str, ...]]:
        """Yields the named columns of one file as tuples, in the order of the names.

        Args:
            name: File name inside the folder.
            columns: Columns that must be there; others are ignored.
            optional: Columns that follow in the tuple, empty where the file has none of that name.
        """
        text = self._text(name)
        if text is None:
            return
        reader = csv.reader(io.StringIO(text, newline=""))
        header = [column.strip() for column in next(reader, [])]
        missing = [column for column in columns if column not in header]
        if missing:
            self.problems.append(
                f"{name}: no column {', '.join(missing)} (found: {', '.join(header) or 'nothing'})"
            )
            return
        places = [header.index(column) for column in columns]
        extra = [header.index(column) if column in header else -1 for column in optional]
        wrong: list[int] = []
        try:
            for row in reader:
                if len(row) != len(header):
                    wrong += [reader.line_num] if row else []
                    continue
                values = [row[place].strip() for place in places]
                values += [row[place].strip() if place >= 0 else "" for place in extra]
                yield tuple(values)
        except csv.Error as error:
            self.problems.append(f"{name}, line {reader.line_num}: not valid CSV ({error})")
        if wrong:
            self.problems.append(
                f"{name}: {len(wrong)} rows have not the header's {len(header)} columns (line "
                f"{wrong[0]} first)"
            )

    def _text(self, name: str) -> str | None:
        try:
            data = (self.path / name).read_bytes()
        except OSError:
            self.problems.append(f"{name}: not there, or not readable")
            return None
        self.sha256[name] = hashlib.sha256(data).hexdigest()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # Version 460 itself has one such file (the NAF links), whatever its name says.
            self.warnings.append(f"{name}: not UTF-8 (byte {error.start}), read as Windows-1252")
            return data.decode("cp1252", errors="replace")
