"""Notebooks are found by path, name, or name without number."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import MissingFileError, UnknownNameError
from jobmatch_ml.notebook.catalog import find_notebook, list_notebooks
from tests.notebooks.fixtures.factory import sound_cells, write_notebook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_notebook(tmp_path / "notebooks" / "02_prepare_data.ipynb", sound_cells())
    write_notebook(tmp_path / "notebooks" / "01_quickstart.ipynb", sound_cells())
    write_notebook(tmp_path / "notebooks" / ".ipynb_checkpoints" / "x.ipynb", sound_cells())
    return tmp_path / "notebooks"


def test_the_list_has_titles_and_parameters_in_order(folder: Path) -> None:
    entries = list_notebooks(folder)
    assert [entry.name for entry in entries] == ["01_quickstart", "02_prepare_data"]
    assert entries[0].title == "Does it run?"
    assert entries[0].parameters["seed"].default == 0


def test_a_folder_without_notebooks_says_where_to_run(tmp_path: Path) -> None:
    for call in (lambda: list_notebooks(tmp_path), lambda: find_notebook("a", tmp_path / "none")):
        with pytest.raises(MissingFileError, match="project's root, or set JOBMATCH_ROOT"):
            call()


@pytest.mark.parametrize("name", ["01_quickstart", "quickstart", "quickstart.ipynb"])
def test_names_with_and_without_number_are_found(folder: Path, name: str) -> None:
    assert find_notebook(name, folder) == folder / "01_quickstart.ipynb"


def test_a_path_is_taken_as_it_is(folder: Path) -> None:
    path = folder / "02_prepare_data.ipynb"
    assert find_notebook(str(path), Path("elsewhere")) == path


def test_an_unknown_name_suggests_the_nearest(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean '01_quickstart'"):
        find_notebook("01_quikstart", folder)
