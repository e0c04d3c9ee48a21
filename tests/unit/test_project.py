"""The house rules that a machine can check: start-up cost, layers, sizes, mirrored tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

SOURCES = "src/jobmatch_ml"
# Glue without logic of its own; the integration tests run it.
UNMIRRORED = {"cli", "bench"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, jobmatch_ml, jobmatch_ml.cli.main\n"
        "heavy = {'torch', 'pandas', 'mlflow', 'bentoml', 'gradio', 'duckdb', 'ibis', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_rooms_import_leftwards_only(project_root: Path) -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(command), "--no-cache"],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_module_is_over_400_lines(project_root: Path) -> None:
    folders = ("src", "tests", "gradio_app", "bentos")
    long = {
        str(path): lines
        for folder in folders
        for path in (project_root / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_over_60_lines_of_body(project_root: Path) -> None:
    long = []
    for path in (project_root / SOURCES).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > 60:
                    long.append(f"{path.name}:{node.name}")
    assert long == []


def test_every_room_has_unit_tests_that_mirror_it(project_root: Path) -> None:
    rooms = {
        path.name
        for path in (project_root / SOURCES).iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    } - UNMIRRORED
    mirrored = {
        path.name
        for path in (project_root / "tests" / "unit").iterdir()
        if path.is_dir() and any(path.glob("test_*.py"))
    }
    assert rooms - mirrored == set()
    assert mirrored - rooms - UNMIRRORED == set(), "tests of a room that does not exist"


FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "pickle.load",
    "pickle.loads",
    "cloudpickle.load",
    "cloudpickle.loads",
    "joblib.load",
    "torch.load",
    "yaml.load",
}


def test_nothing_is_unpickled_or_evaluated(project_root: Path) -> None:
    found = []
    for folder in ("src", "gradio_app", "bentos"):
        for path in (project_root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in FORBIDDEN_CALLS:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
