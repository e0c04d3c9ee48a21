"""Notebooks run in a fresh kernel of this interpreter, and fail with a copy and a reason."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import InputError, NotebookError
from jobmatch_ml.notebook import execute_notebook, read_records
from tests.notebooks.fixtures.factory import (
    IMPORTS,
    TITLE,
    code,
    markdown,
    parameters,
    simple_notebook,
    write_notebook,
)


def test_the_source_is_never_the_output(tmp_path: Path) -> None:
    source = simple_notebook(tmp_path / "n.ipynb", "seed: int = 0  # seed", "record(seed=seed)")
    with pytest.raises(InputError, match="overwrite the source"):
        execute_notebook(source, source, cwd=tmp_path)


def test_a_refused_notebook_leaves_nothing_behind(tmp_path: Path) -> None:
    source = simple_notebook(tmp_path / "n.ipynb", "seed: int = 0  # seed", "record(seed=seed)")
    untagged = write_notebook(tmp_path / "m.ipynb", [code("seed: int = 0")])
    for path, given in ((source, {"sed": 1}), (source, {"seed": "x"}), (untagged, {})):
        with pytest.raises(NotebookError, match=path.name):
            execute_notebook(path, tmp_path / "out" / "n.ipynb", given, cwd=tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.notebook
def test_records_parameters_and_lineage_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a foreign kernel of the same name, found first, is not the one that runs
    foreign = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text('{"argv": ["/bin/false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    imports = "import os, sys\nfrom pathlib import Path\n" + IMPORTS
    declared = 'seed: int = 0  # seed\nrate: float = 0.1  # rate\nlabel: str = "a"  # label'
    step = (
        "record(seed=seed, rate=rate, label=label, python=sys.executable, cwd=str(Path.cwd()),"
        "hash=os.environ['PYTHONHASHSEED'], given=os.environ['GIVEN'])\nrecord(seed=seed + 1)"
    )
    cells = [markdown(TITLE), code(imports), parameters(declared), code(step)]
    source = write_notebook(tmp_path / "n.ipynb", cells)
    before = source.read_bytes()
    # a brace is no template, and quotes and line ends survive papermill's writing of parameters
    output = tmp_path / "a {x} folder" / "n.ipynb"
    label = 'quote " back \\ line\n é {x}'
    given = {"seed": 3, "rate": 2, "label": label}
    ran = execute_notebook(
        source,
        output,
        given,
        cwd=tmp_path,
        lineage={"git_commit": "abc", "config_hash": "def"},
        environment={"GIVEN": "yes"},
    )
    assert ran.records == read_records(output)
    assert ran.records["seed"] == 4
    assert ran.records["rate"] == 2.0
    assert ran.records["label"] == label
    assert ran.records["python"] == sys.executable
    assert ran.records["cwd"] == str(tmp_path)
    assert (ran.records["hash"], ran.records["given"]) == ("0", "yes")
    assert source.read_bytes() == before
    metadata = orjson.loads(output.read_bytes())["metadata"]["jobmatch"]
    assert metadata["git_commit"] == "abc"
    assert metadata["parameters"] == {"seed": 3, "rate": 2.0, "label": label}


@pytest.mark.notebook
def test_a_failed_cell_keeps_the_copy_and_hides_foreign_messages(tmp_path: Path) -> None:
    declared = "seed: int = 0  # seed"
    steps = ("record(seed=seed)", 'raise ValueError("Jeanne Martin, 06 11 22 33 44")')
    source = simple_notebook(tmp_path / "n.ipynb", declared, *steps)
    output = tmp_path / "out" / "n.ipynb"
    with pytest.raises(NotebookError, match=r"n\.ipynb, cell 4: ValueError") as caught:
        execute_notebook(source, output, {"seed": 7}, cwd=tmp_path, lineage={"git_commit": "abc"})
    assert str(output) in str(caught.value)
    assert "Jeanne" not in str(caught.value)
    assert read_records(output) == {"seed": 7}
    assert orjson.loads(output.read_bytes())["metadata"]["jobmatch"]["git_commit"] == "abc"


@pytest.mark.notebook
def test_our_own_errors_keep_their_message_and_a_slow_cell_is_stopped(tmp_path: Path) -> None:
    step = 'from jobmatch_ml.errors import InputError\nraise InputError("top_k is 0; expected 1")'
    source = simple_notebook(tmp_path / "n.ipynb", "seed: int = 0  # seed", step)
    with pytest.raises(NotebookError, match=r"cell 3: InputError \(top_k is 0; expected 1\)"):
        execute_notebook(source, tmp_path / "out.ipynb", {"seed": 1}, cwd=tmp_path)
    slow = simple_notebook(
        tmp_path / "slow.ipynb", "seed: int = 0  # seed", "import time; time.sleep(60)"
    )
    with pytest.raises(NotebookError, match=r"cell 3: CellTimeoutError \(took longer than 1 s\)"):
        execute_notebook(slow, tmp_path / "slow-out.ipynb", cwd=tmp_path, timeout_s=1)
    assert (tmp_path / "slow-out.ipynb").exists()
