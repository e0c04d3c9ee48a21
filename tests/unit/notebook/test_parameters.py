"""The parameters cell is read strictly, and values are checked against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import FormatError, MissingFileError, NotebookError
from jobmatch_ml.notebook.parameters import check_values, fit, notebook_parameters, parse_parameters
from jobmatch_ml.notebook.source import load_notebook
from tests.notebooks.fixtures.factory import code, parameters, sound_cells, write_notebook

CELL = """
# a comment of its own line
seed: int = 0  # seed, a count
rate: float = 2e-5  # learning rate
name: str | None = None  # run name
views: list[str] = ["title", "text"]  # views used
mode: Literal["skip", "fail"] = "skip"  # on existing output
"""


def test_names_types_defaults_and_comments_are_read_in_order() -> None:
    found, problems = parse_parameters(CELL)
    assert problems == []
    assert list(found) == ["seed", "rate", "name", "views", "mode"]
    assert found["rate"].default == 2e-5
    assert found["views"].default == ["title", "text"]
    assert found["seed"].comment == "seed, a count"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("seed = 0", "expected only `name: type = default"),
        ("import os", "expected only `name: type = default"),
        ("seed: int", "needs a literal default"),
        ("seed: int = len([])", "needs a literal default"),
        ("seed: int = 'zero'", "needs a literal default of type int"),
        ("seed: dict = {}", "has type dict"),
        ("seed: int = 0\nseed: int = 1", "declared twice"),
        ("Seed: int = 0", "not a lower-case name"),
        ("x.y: int = 0", "expected only"),
        ("seed: int = (", "not valid Python"),
    ],
)
def test_lines_that_are_not_parameters_are_refused(line: str, reason: str) -> None:
    _, problems = parse_parameters(line)
    assert any(reason in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("int", 3, 3),
        ("float", 3, 3.0),
        ("float", 0.5, 0.5),
        ("bool", True, True),
        ("str | None", None, None),
        ("str", 'quote " back \\ line\n é', 'quote " back \\ line\n é'),
        ("list[int]", [1, 2], [1, 2]),
        ("list[float]", [1, 2.5], [1.0, 2.5]),
        ("Literal['a', 2]", 2, 2),
    ],
)
def test_values_of_the_declared_type_are_taken(annotation: str, value: Any, expected: Any) -> None:
    result = fit(annotation, value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "value", "reason"),
    [
        ("int", True, "expected int"),
        ("int", 1.0, "expected int"),
        ("bool", 1, "expected bool"),
        ("float", "2e-5", "write 2.0e-5"),
        ("float", float("nan"), "must be finite"),
        ("float", [float("inf")], "must be finite"),
        ("str", Path("x"), "expected a literal"),
        ("list[int]", [[1]], "expected a literal"),
        ("list[int]", [1, "a"], "expected list[int]"),
        ("Literal['a']", "b", "expected Literal['a']"),
        ("str", {"a": 1}, "is a dict"),
    ],
)
def test_values_of_another_type_are_refused(annotation: str, value: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        fit(annotation, value)
    assert reason in str(caught.value)


def test_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    declared, _ = parse_parameters(CELL)
    with pytest.raises(NotebookError, match=r"unknown parameter 'sed'\. Did you mean 'seed'"):
        check_values(declared, {"sed": 1}, where="n.ipynb")


@pytest.mark.parametrize("name", ["a b", "x=1;y", "Seed", "_x", "é", "a" * 41, "", "seed\n"])
def test_unsafe_parameter_names_are_refused(name: str) -> None:
    declared, _ = parse_parameters(CELL)
    with pytest.raises(NotebookError, match="is not allowed"):
        check_values(declared, {name: 1}, where="n.ipynb")


def test_all_problems_come_in_one_message() -> None:
    declared, _ = parse_parameters(CELL)
    with pytest.raises(NotebookError, match=r"(?s)unknown parameter 'x'.*`seed` is 'a'"):
        check_values(declared, {"x": 1, "seed": "a"}, where="n.ipynb")


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        ([code("x = 1")], 0),
        ([*sound_cells(), parameters("top_k: int = 1  # documents")], 2),
    ],
)
def test_not_exactly_one_parameters_cell_is_an_error(
    tmp_path: Path, cells: list[dict[str, Any]], count: int
) -> None:
    path = write_notebook(tmp_path / "n.ipynb", cells)
    with pytest.raises(NotebookError, match=f"exactly one code cell .*, found {count}"):
        notebook_parameters(load_notebook(path))


def test_missing_and_damaged_notebooks_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="notebook list"):
        load_notebook(tmp_path / "none.ipynb")
    for number, content in enumerate(["{", "[]", '{"nbformat": 3}', '{"nbformat": 4, "cells": 1}']):
        damaged = tmp_path / f"{number}.ipynb"
        damaged.write_text(content)
        with pytest.raises(FormatError, match=damaged.name):
            load_notebook(damaged)
