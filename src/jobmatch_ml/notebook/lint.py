"""The rules that keep notebooks thin and honest, checked without executing them.

Each rule is a function ``Notebook -> iterator of (cell index or None, message)``; add one to
:data:`RULES` and it is checked by ``jobmatch notebook lint`` and by pre-commit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobmatch_ml.errors import FormatError
from jobmatch_ml.notebook.parameters import parse_parameters
from jobmatch_ml.notebook.source import PARAMETERS_TAG, Cell, Notebook, load_notebook

MAX_CODE_CELLS = 15
MAX_CODE_LINES = 100
MAX_CELL_LINES = 20

Finding = tuple[int | None, str]
Rule = Callable[[Notebook], Iterator[Finding]]

_STATEMENTS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.For: "a loop",
    ast.AsyncFor: "a loop",
    ast.While: "a loop",
    ast.Try: "a try block",
    ast.TryStar: "a try block",
}
_HIDDEN_STATE = {
    ("sys", "path"): "changes sys.path; install the package instead",
    ("os", "environ"): "reads the environment; take a parameter or use get_settings()",
    ("os", "getenv"): "reads the environment; take a parameter or use get_settings()",
    ("os", "chdir"): "changes the folder; notebooks run at the project's root",
}
_MAGIC = re.compile(r"^\s*[%!]|get_ipython\(\)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule.

    Args:
        path: The notebook.
        cell: Index of the cell from 0; ``None`` for the notebook as a whole.
        message: What is wrong and what to do.
    """

    path: Path
    cell: int | None
    message: str

    def __str__(self) -> str:
        where = "" if self.cell is None else f", cell {self.cell}"
        return f"{self.path}{where}: {self.message}"


def lint_notebook(path: Path) -> list[Problem]:
    """Checks one notebook against every rule; an empty list means that it is sound.

    Raises:
        MissingFileError: There is no such file.
    """
    try:
        notebook = load_notebook(path)
    except FormatError as error:
        return [Problem(path, None, str(error))]
    findings = (finding for rule in RULES for finding in rule(notebook))
    return [Problem(path, cell, message) for cell, message in findings]


def _is_small(notebook: Notebook) -> Iterator[Finding]:
    cells = notebook.code_cells
    if len(cells) > MAX_CODE_CELLS:
        yield None, f"{len(cells)} code cells; at most {MAX_CODE_CELLS}: move code to src/"
    total = sum(cell.code_lines for cell in cells)
    if total > MAX_CODE_LINES:
        yield None, f"{total} lines of code; at most {MAX_CODE_LINES}: move code to src/"
    for cell in cells:
        if cell.code_lines > MAX_CELL_LINES:
            yield cell.index, f"{cell.code_lines} lines of code; at most {MAX_CELL_LINES} a cell"


def _has_no_logic(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code_cells:
        for node in _walk(cell):
            if type(node) in _STATEMENTS:
                kind = _STATEMENTS[type(node)]
                yield cell.index, f"line {_line(node)} holds {kind}; move it to src/ and import it"


def _has_no_hidden_state(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code_cells:
        for number, line in enumerate(cell.text.splitlines(), start=1):
            if _MAGIC.search(line):
                yield cell.index, f"line {number} is a magic or shell command; use plain Python"
        for node in _walk(cell):
            yield from _environment_use(cell, node)


def _environment_use(cell: Cell, node: ast.AST) -> Iterator[Finding]:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        reason = _HIDDEN_STATE.get((node.value.id, node.attr))
        if reason:
            yield cell.index, f"line {node.lineno} {reason}"
    elif isinstance(node, ast.ImportFrom):
        for name in node.names:
            reason = _HIDDEN_STATE.get((node.module or "", name.name))
            if reason:
                yield cell.index, f"line {node.lineno} {reason}"


def _opens_with_a_question(notebook: Notebook) -> Iterator[Finding]:
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.kind != "markdown":
        yield 0, "expected a markdown cell with the notebook's question and a table of its inputs"
        return
    lines = first.text.strip().splitlines()
    if not lines or not lines[0].startswith("# ") or not lines[0].rstrip().endswith("?"):
        yield 0, "expected a first line `# <a question that this notebook answers>?`"
    if not any(line.lstrip().startswith("|") for line in lines):
        yield 0, "expected a table of inputs, outputs, run time and hardware"


def _imports_come_second(notebook: Notebook) -> Iterator[Finding]:
    second = notebook.cells[1] if len(notebook.cells) > 1 else None
    if second is None or second.kind != "code":
        yield 1, "expected a code cell of imports only"
        return
    body = _parse(second).body
    if not body or not all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        yield second.index, "expected imports only"
    for cell in notebook.code_cells:
        if cell.index == second.index:
            continue
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in _walk(cell)):
            yield cell.index, "imports something; all imports belong in cell 1"


def _has_one_parameters_cell(notebook: Notebook) -> Iterator[Finding]:
    cells = notebook.parameter_cells
    if len(cells) != 1:
        yield None, f"{len(cells)} code cells tagged '{PARAMETERS_TAG}'; expected exactly one"
        return
    cell = cells[0]
    if notebook.code_cells.index(cell) != 1:
        yield cell.index, "the parameters cell must be the code cell after the imports"
    parameters, problems = parse_parameters(cell.text)
    for problem in problems:
        yield cell.index, problem
    for parameter in parameters.values():
        if not parameter.comment:
            yield cell.index, f"`{parameter.name}` lacks its comment: `# meaning, unit`"


def _ends_with_record(notebook: Notebook) -> Iterator[Finding]:
    cells = notebook.code_cells
    last = cells[-1] if cells else None
    if last is None or not any(_is_record_call(node) for node in _walk(last)):
        index = None if last is None else last.index
        yield index, "the last code cell must call record(...) with what this notebook found"


def _is_committed_clean(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code_cells:
        if cell.raw.get("outputs") or cell.raw.get("execution_count") is not None:
            yield cell.index, "holds outputs or an execution count; run nbstripout on the notebook"
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        yield None, f"kernel is {kernel!r}; expected 'python3'"
    identifiers = [cell.raw.get("id") for cell in notebook.cells]
    if notebook.format_minor < 5 or not all(identifiers):
        yield None, "cells lack ids; save it as format 4.5 or later (JupyterLab does)"
    elif len(set(identifiers)) != len(identifiers):
        yield None, "two cells share an id"


def _parses(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code_cells:
        try:
            ast.parse(_without_magics(cell.text))
        except SyntaxError as error:
            yield cell.index, f"line {error.lineno} is not valid Python"


RULES: tuple[Rule, ...] = (
    _parses,
    _is_small,
    _opens_with_a_question,
    _imports_come_second,
    _has_one_parameters_cell,
    _has_no_logic,
    _has_no_hidden_state,
    _ends_with_record,
    _is_committed_clean,
)


def _without_magics(text: str) -> str:
    lines = text.splitlines()
    return "\n".join("" if re.match(r"\s*[%!]", line) else line for line in lines)


def _parse(cell: Cell) -> ast.Module:
    try:
        return ast.parse(_without_magics(cell.text))
    except SyntaxError:  # told once, by the rule `_parses`
        return ast.Module(body=[], type_ignores=[])


def _walk(cell: Cell) -> Iterator[ast.AST]:
    yield from ast.walk(_parse(cell))


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _is_record_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"
    )
