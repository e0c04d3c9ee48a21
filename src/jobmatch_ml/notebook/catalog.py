"""Which notebooks there are, what each answers and which parameters it takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jobmatch_ml.errors import MissingFileError, UnknownNameError, suggest
from jobmatch_ml.notebook.parameters import Parameter, notebook_parameters
from jobmatch_ml.notebook.source import Notebook, load_notebook


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One notebook of the project.

    Args:
        name: File name without ending, as ``jobmatch notebook run`` takes it.
        path: The file.
        title: Its first heading: the question it answers.
        parameters: What it can be given, by name.
    """

    name: str
    path: Path
    title: str
    parameters: dict[str, Parameter]


def list_notebooks(folder: Path) -> list[CatalogEntry]:
    """Returns the notebooks of a folder by name.

    Raises:
        MissingFileError: There is none.
        FormatError, NotebookError: One of them is damaged or has no sound parameters cell.
    """
    return [_entry(path) for path in notebook_paths(folder)]


def notebook_paths(folder: Path) -> list[Path]:
    """Returns the notebook files of a folder and its subfolders, checkpoints left out.

    Raises:
        MissingFileError: There is none, most often because the command runs elsewhere.
    """
    found = folder.rglob("*.ipynb") if folder.is_dir() else []
    paths = sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)
    if not paths:
        raise MissingFileError(
            f"no notebook under {folder}; run this from the project's root, or set JOBMATCH_ROOT "
            "to it",
            field="root",
        )
    return paths


def find_notebook(name_or_path: str, folder: Path) -> Path:
    """Finds a notebook by path, or by name (with or without its leading number) in a folder.

    Raises:
        MissingFileError: No such file, and no notebook in the folder.
        UnknownNameError: Neither a file nor a name of the folder; the nearest one is suggested.
    """
    path = Path(name_or_path)
    if path.suffix == ".ipynb" and path.is_file():
        return path
    known: dict[str, Path] = {}
    for candidate in notebook_paths(folder):
        known[candidate.stem] = candidate
        known.setdefault(candidate.stem.lstrip("0123456789_-"), candidate)
    wanted = path.stem if path.suffix == ".ipynb" else name_or_path
    if wanted not in known:
        names = [candidate.stem for candidate in notebook_paths(folder)]
        raise UnknownNameError(suggest(name_or_path, names, kind="notebook"), field="notebook")
    return known[wanted]


def notebook_title(notebook: Notebook) -> str:
    """Returns the first heading of the first markdown cell, or the file's name."""
    for cell in notebook.cells:
        if cell.kind == "markdown":
            for line in cell.text.splitlines():
                if line.startswith("# "):
                    return line.removeprefix("# ").strip()
    return notebook.path.stem


def _entry(path: Path) -> CatalogEntry:
    notebook = load_notebook(path)
    title, parameters = notebook_title(notebook), notebook_parameters(notebook)
    return CatalogEntry(path.stem, path, title, parameters)
