"""The README keeps its word: its Python example prints what it shows, its commands exist."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jobmatch_ml.cli.main import COMMANDS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n```\n(?P<output>.*?)```", re.DOTALL)


def test_the_python_example_prints_what_the_readme_shows() -> None:
    shown = EXAMPLE.search(README)
    assert shown is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(shown["code"], "README.md", "exec"), {})  # noqa: S102  # our own page
    assert printed.getvalue().strip() == shown["output"].strip()


def test_the_two_commands_stand_on_the_first_screen() -> None:
    first_screen = "\n".join(README.splitlines()[:60])
    assert "make demo" in first_screen
    assert "make test" in first_screen


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_link_and_path_in_a_page_exists(page: str) -> None:
    folder = (ROOT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("noun", COMMANDS)
def test_every_command_explains_itself(noun: str) -> None:
    command = Path(sys.executable).with_name("jobmatch")
    done = subprocess.run(
        [str(command), noun, "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Usage: jobmatch" in done.stdout


def test_make_help_lists_every_front_door(project_root: Path) -> None:
    done = subprocess.run(
        ["make", "help"],  # noqa: S607  # make of the user's PATH
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    doors = {"setup", "demo", "test", "check", "lab", "mlflow", "serve", "app", "bench", "clean"}
    doors.add("reset-data")
    assert [door for door in doors if not re.search(rf"^{door}\s", done.stdout, re.M)] == []
