"""Every example in a docstring does what it shows. Modules without examples are not imported."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.conftest import ROOT

FOLDERS = {"src": ROOT / "src", "gradio_app": ROOT, "bentos": ROOT}


def modules_with_examples() -> list[str]:
    found = []
    for folder, base in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                parts = path.relative_to(base).with_suffix("").parts
                found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def test_there_are_examples_to_run() -> None:
    assert len(modules_with_examples()) > 20


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_module_do_what_they_show(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0, "the example stands where doctest does not look"
    assert result.failed == 0, "the difference stands in the captured output"
