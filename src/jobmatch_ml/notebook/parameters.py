"""A notebook's parameters: read from its parameters cell, and values checked against them.

papermill only warns about an unknown parameter and writes names unescaped into the notebook. Here a
name must be declared, plain and typed before any kernel starts; values are literals only.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from jobmatch_ml.errors import NotebookError, suggest, summarise
from jobmatch_ml.notebook.source import Notebook

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | list[Scalar]

SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SCALARS = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line ``name: annotation = default  # comment`` of a parameters cell."""

    name: str
    annotation: str
    default: Value
    comment: str


def notebook_parameters(notebook: Notebook) -> dict[str, Parameter]:
    """Returns a notebook's parameters by name, in the order of their cell.

    Raises:
        NotebookError: No parameters cell or several, or a line of it that is not a parameter.
    """
    cell = notebook.parameters_cell()
    parameters, problems = parse_parameters(cell.text)
    if problems:
        raise NotebookError(f"{notebook.path}, cell {cell.index}: {summarise(problems)}")
    return parameters


def parse_parameters(text: str) -> tuple[dict[str, Parameter], list[str]]:
    """Reads the text of a parameters cell; returns the parameters and what is wrong with it.

    Example:
        >>> found, problems = parse_parameters("top_k: int = 10  # documents, count")
        >>> found["top_k"].default, found["top_k"].comment, problems
        (10, 'documents, count', [])
    """
    try:
        statements = ast.parse(text).body
    except SyntaxError as error:
        return {}, [f"line {error.lineno}: not valid Python"]
    comments = _comments(text)
    parameters: dict[str, Parameter] = {}
    problems: list[str] = []
    for statement in statements:
        try:
            parameter = _parameter(statement, comments)
        except ValueError as error:
            problems.append(f"line {statement.lineno}: {error}")
            continue
        if parameter.name in parameters:
            problems.append(f"line {statement.lineno}: `{parameter.name}` is declared twice")
        parameters[parameter.name] = parameter
    return parameters, problems


def check_values(
    declared: Mapping[str, Parameter], given: Mapping[str, Any], *, where: str
) -> dict[str, Value]:
    """Checks values for a notebook's parameters: known, safely named, literal, of the right type.

    Args:
        declared: What the notebook's parameters cell declares.
        given: Values by name; an int is taken where a float is declared.
        where: The notebook, for messages.

    Returns:
        The given values, ints made floats where a float is declared.

    Raises:
        NotebookError: Every problem in one message.
    """
    checked: dict[str, Value] = {}
    problems: list[str] = []
    for name, value in given.items():
        if not SAFE_NAME.fullmatch(name):
            problems.append(
                f"parameter name {name[:60]!r} is not allowed; expected a lower-case letter, then "
                "at most 39 letters, digits or underscores"
            )
        elif name not in declared:
            problems.append(suggest(name, declared, kind="parameter"))
        else:
            try:
                checked[name] = fit(declared[name].annotation, value)
            except ValueError as error:
                problems.append(f"parameter `{name}` {error}")
    if problems:
        raise NotebookError(f"{where}: {summarise(problems)}", field=next(iter(given), None))
    return checked


def fit(annotation: str, value: Any) -> Value:
    """Returns a value as its declared type wants it.

    Raises:
        ValueError: Not a literal, not finite, or of another type; the message says which.
    """
    if not _is_literal(value):
        raise ValueError(
            f"is a {type(value).__name__}; expected a literal: text, number, true/false, none, or "
            "a flat list of those (numbers must be finite)"
        )
    expected = ast.parse(annotation, mode="eval").body
    for candidate in (value, _ints_as_floats(value)):
        if _matches(expected, candidate):
            result: Value = candidate
            return result
    hint = " (YAML reads 2e-5 as text: write 2.0e-5)" if _is_numeric_text(value) else ""
    raise ValueError(f"is {value!r}; expected {annotation}{hint}")


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise ValueError("expected only `name: type = default  # meaning, unit` lines here")
    name = statement.target.id
    if not SAFE_NAME.fullmatch(name):
        raise ValueError(f"`{name}` is not a lower-case name of at most 40 characters")
    if not _is_known(statement.annotation):
        raise ValueError(
            f"`{name}` has type {ast.unparse(statement.annotation)}; expected str, int, float, "
            "bool, None, Literal[...], list[...] of one of them, or a union with |"
        )
    annotation = ast.unparse(statement.annotation)
    try:
        default = ast.literal_eval(statement.value) if statement.value else Ellipsis
        checked = fit(annotation, default)
    except (ValueError, TypeError) as error:
        raise ValueError(f"`{name}` needs a literal default of type {annotation}") from error
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    comment = " ".join(comments[line] for line in lines if line in comments)
    return Parameter(name, annotation, checked, comment)


def _comments(text: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = (token for token in tokens if token.type == tokenize.COMMENT)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in found}


def _is_known(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Constant(value=None) | ast.Name(id="str" | "int" | "float" | "bool"):
            return True
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_known(left) and _is_known(right)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return _is_known(item)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            return all(isinstance(choice, ast.Constant) for choice in _elements(choices))
    return False


def _matches(annotation: ast.expr, value: Any) -> bool:
    match annotation:
        case ast.Constant(value=None):
            return value is None
        case ast.Name(id=name):
            # type(), not isinstance: True is an int to Python, not to a reader of a configuration
            return type(value) is _SCALARS[name]
        case ast.BinOp(left=left, right=right):
            return _matches(left, value) or _matches(right, value)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return isinstance(value, list) and all(_matches(item, element) for element in value)
        case ast.Subscript(slice=choices):
            known = [element.value for element in _elements(choices)]
            return any(type(value) is type(choice) and value == choice for choice in known)
    return False


def _elements(choices: ast.expr) -> Sequence[Any]:
    return choices.elts if isinstance(choices, ast.Tuple) else [choices]


def _is_literal(value: Any) -> bool:
    if isinstance(value, list):
        return all(not isinstance(item, list) and _is_literal(item) for item in value)
    if type(value) is float:
        return math.isfinite(value)
    return value is None or type(value) in (str, int, bool)


def _ints_as_floats(value: Any) -> Any:
    if isinstance(value, list):
        return [_ints_as_floats(item) for item in value]
    exact = type(value) is int and abs(value) <= 2**53  # beyond, a float would be another number
    return float(value) if exact else value


def _is_numeric_text(value: Any) -> bool:
    try:
        return isinstance(value, str) and math.isfinite(float(value))
    except ValueError:
        return False
