"""Every lint rule passes the sound notebook and is broken by one variation of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.notebook.lint import lint_notebook
from tests.notebooks.fixtures.factory import (
    IMPORTS,
    RECORD,
    TITLE,
    code,
    markdown,
    parameters,
    sound_cells,
    write_notebook,
)

Cells = list[dict[str, Any]]


def with_step(text: str) -> Cells:
    cells = sound_cells()
    return [*cells[:3], code(text), cells[3]]


def with_parameters(text: str) -> Cells:
    return [markdown(TITLE), code(IMPORTS), parameters(text), code(RECORD)]


def messages(path: Path, cells: Cells, **options: Any) -> str:
    return "\n".join(
        str(problem) for problem in lint_notebook(write_notebook(path, cells, **options))
    )


def test_a_sound_notebook_has_no_problem(tmp_path: Path) -> None:
    assert messages(tmp_path / "n.ipynb", sound_cells()) == ""


def test_comprehensions_comments_and_blank_lines_are_welcome(tmp_path: Path) -> None:
    cells = with_step("\n# why\n" * 30 + "[x for x in range(3)]")
    assert messages(tmp_path / "n.ipynb", cells) == ""


BROKEN: dict[str, tuple[Callable[[], Cells], str]] = {
    "too many cells": (lambda: [*sound_cells()[:3], *[code(RECORD)] * 14], "16 code cells"),
    "too much code": (
        lambda: [*with_step("x = 1\n" * 19), *[code("y = 2\n" * 20 + RECORD)] * 5],
        "of code; at most 100",
    ),
    "long cell": (lambda: with_step("x = 1\n" * 21), "21 lines of code; at most 20 a cell"),
    "function": (lambda: with_step("def f():\n    return 1"), "holds a function"),
    "class": (lambda: with_step("class A:\n    pass"), "holds a class"),
    "for": (lambda: with_step("for x in range(2):\n    x"), "holds a loop"),
    "while": (lambda: with_step("while False:\n    pass"), "holds a loop"),
    "try": (lambda: with_step("try:\n    x = 1\nexcept OSError:\n    raise"), "holds a try block"),
    "two parameters cells": (
        lambda: [*sound_cells()[:3], *sound_cells()[2:]],
        "2 code cells tagged",
    ),
    "no parameters cell": (lambda: [*sound_cells()[:2], code(RECORD)], "0 code cells tagged"),
    "parameters too late": (
        lambda: [markdown(TITLE), code(IMPORTS), code("x = 1"), *sound_cells()[2:]],
        "must be the code cell after the imports",
    ),
    "untyped parameter": (lambda: with_parameters("seed = 0  # seed"), "expected only `name: type"),
    "computed parameter": (lambda: with_parameters("seed: int = 1 + 1  # seed"), "literal default"),
    "uncommented parameter": (lambda: with_parameters("seed: int = 0"), "`seed` lacks its comment"),
    "no title": (
        lambda: sound_cells()[1:],
        "expected a markdown cell with the notebook's question",
    ),
    "title no question": (lambda: [markdown("# Train\n| a |"), *sound_cells()[1:]], "question"),
    "title without table": (lambda: [markdown("# Why?"), *sound_cells()[1:]], "expected a table"),
    "code among imports": (
        lambda: [markdown(TITLE), code(IMPORTS + "\nx = 1"), *sound_cells()[2:]],
        "expected imports only",
    ),
    "late import": (lambda: with_step("import math"), "all imports belong in cell 1"),
    "run": (lambda: with_step("%run other.ipynb"), "magic or shell command"),
    "pip": (lambda: with_step("!pip install x"), "magic or shell command"),
    "cd": (lambda: with_step("x = 1\n%cd .."), "line 2 is a magic"),
    "autoreload": (lambda: with_step("%load_ext autoreload\n%autoreload 2"), "magic"),
    "get_ipython": (lambda: with_step("get_ipython().run_line_magic('cd', '..')"), "magic"),
    "sys.path": (lambda: with_step("sys.path.insert(0, 'src')"), "changes sys.path"),
    "environ": (lambda: with_step("os.environ['HOME']"), "reads the environment"),
    "getenv": (lambda: with_step("from os import getenv"), "reads the environment"),
    "no record": (lambda: [*sound_cells()[:3], code("seed")], "must call record(...)"),
    "record too early": (lambda: [*sound_cells(), code("seed")], "must call record(...)"),
    "count": (lambda: [*sound_cells()[:3], {**code(RECORD), "execution_count": 1}], "nbstripout"),
    "syntax": (lambda: with_step("x ="), "not valid Python"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_finds_what_breaks_it(tmp_path: Path, name: str) -> None:
    build, message = BROKEN[name]
    assert message in messages(tmp_path / "n.ipynb", build())


def test_outputs_kernel_and_ids_are_checked(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x"}
    cells = [*sound_cells()[:3], {**code(RECORD), "outputs": [output]}]
    assert "nbstripout" in messages(tmp_path / "n.ipynb", cells)
    assert "expected 'python3'" in messages(tmp_path / "n.ipynb", sound_cells(), kernel="ir")
    assert "lack ids" in messages(tmp_path / "n.ipynb", sound_cells(), minor=4)
    twins = [{"id": "same", **cell} for cell in sound_cells()]
    assert "share an id" in messages(tmp_path / "n.ipynb", twins)


def test_a_damaged_file_is_one_problem_and_a_missing_one_an_error(tmp_path: Path) -> None:
    damaged = tmp_path / "n.ipynb"
    damaged.write_text("{")
    assert len(lint_notebook(damaged)) == 1
    with pytest.raises(MissingFileError):
        lint_notebook(tmp_path / "none.ipynb")
