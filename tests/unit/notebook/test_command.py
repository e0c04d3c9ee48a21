"""``jobmatch notebook`` lists, checks and runs."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.notebook import notebook as notebook_command
from jobmatch_ml.errors import NotebookError, UnknownNameError
from jobmatch_ml.settings import get_settings
from tests.notebooks.fixtures.factory import code, simple_notebook, sound_cells, write_notebook


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", "data")
    get_settings.cache_clear()
    write_notebook(tmp_path / "notebooks" / "01_sound.ipynb", sound_cells())
    return tmp_path / "notebooks"


def test_the_list_shows_questions_and_parameters(folder: Path) -> None:
    shown = CliRunner().invoke(notebook_command, ["list"], catch_exceptions=False).stdout
    assert "01_sound" in shown
    assert "Does it run?" in shown
    assert "seed=0" in shown


def test_lint_fails_when_a_notebook_breaks_a_rule(folder: Path) -> None:
    sound = CliRunner().invoke(notebook_command, ["lint"], catch_exceptions=False)
    assert sound.stdout == "1 notebooks, 0 problems\n"
    write_notebook(folder / "02_bad.ipynb", [*sound_cells(), code("!pip install x")])
    broken = CliRunner().invoke(notebook_command, ["lint"])
    assert isinstance(broken.exception, NotebookError)
    assert "02_bad.ipynb, cell 4: line 1 is a magic" in broken.stdout
    one = CliRunner().invoke(notebook_command, ["lint", str(folder / "01_sound.ipynb"), "--json"])
    assert orjson.loads(one.stdout) == {"notebooks": 1, "problems": []}


def test_an_unknown_notebook_is_refused(folder: Path) -> None:
    refused = CliRunner().invoke(notebook_command, ["run", "sund"])
    assert isinstance(refused.exception, UnknownNameError)


@pytest.mark.notebook
def test_run_gives_parameters_and_a_folder_of_its_own(folder: Path) -> None:
    declared = 'seed: int = 0  # seed\nrun_dir: str = ""  # folder'
    simple_notebook(folder / "03_run.ipynb", declared, "record(seed=seed, run_dir=run_dir)")
    arguments = ["run", "run", "--set", "seed=5", "--json"]
    ran = CliRunner().invoke(notebook_command, arguments, catch_exceptions=False)
    result = orjson.loads(ran.stdout)
    assert result["records"]["seed"] == 5
    runs = folder.parent / "data" / "runs" / "notebook" / "03_run"
    assert Path(result["path"]).is_relative_to(runs)
    assert Path(result["records"]["run_dir"]).is_relative_to(runs)
