"""Reading a notebook's source as plain data: cells, tags and the one parameters cell.

Plain JSON on purpose: listing and linting notebooks needs no Jupyter library, so it stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import FormatError, MissingFileError, NotebookError

PARAMETERS_TAG = "parameters"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook.

    Args:
        index: Position in the notebook, from 0.
        kind: ``markdown``, ``code`` or ``raw``.
        text: The cell's source.
        tags: Tags of its metadata.
        raw: The cell as stored.
    """

    index: int
    kind: str
    text: str
    tags: tuple[str, ...]
    raw: dict[str, Any]

    @property
    def code_lines(self) -> int:
        """Number of lines that hold code: neither blank nor comment alone."""
        lines = (line.strip() for line in self.text.splitlines())
        return sum(1 for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook file as stored: its cells and its metadata."""

    path: Path
    cells: tuple[Cell, ...]
    metadata: dict[str, Any]
    format_minor: int

    @property
    def code_cells(self) -> list[Cell]:
        """The code cells in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def parameter_cells(self) -> list[Cell]:
        """The code cells tagged ``parameters``; a sound notebook has exactly one."""
        return [cell for cell in self.code_cells if PARAMETERS_TAG in cell.tags]

    def parameters_cell(self) -> Cell:
        """Returns the one parameters cell.

        Raises:
            NotebookError: There is none, or more than one.
        """
        cells = self.parameter_cells
        if len(cells) != 1:
            where = ", ".join(str(cell.index) for cell in cells) or "none"
            raise NotebookError(
                f"{self.path}: expected exactly one code cell tagged '{PARAMETERS_TAG}', found "
                f"{len(cells)} (cells: {where}). Tag the one cell of `name: type = default` lines."
            )
        return cells[0]


def load_notebook(path: Path) -> Notebook:
    """Reads a notebook file.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not a version-4 notebook.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise MissingFileError(
            f"notebook {path} does not exist; `jobmatch notebook list` shows those that do"
        ) from error
    except (orjson.JSONDecodeError, IsADirectoryError) as error:
        raise FormatError(f"{path}: not a notebook: expected a .ipynb file of JSON") from error
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise FormatError(f"{path}: not a notebook of format 4; open and save it in JupyterLab")
    try:
        cells = tuple(_cell(index, raw) for index, raw in enumerate(content["cells"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"{path}: the notebook's cells are damaged") from error
    minor = content.get("nbformat_minor", 0)
    return Notebook(path, cells, content.get("metadata", {}), minor)


def _cell(index: int, raw: dict[str, Any]) -> Cell:
    source = raw["source"]  # a string, or a list of lines, by the format's own choice
    text = source if isinstance(source, str) else "".join(source)
    tags = tuple(raw.get("metadata", {}).get("tags", ()))
    return Cell(index, raw["cell_type"], text, tags, raw)
