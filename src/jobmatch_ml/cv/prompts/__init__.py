"""The prompts of CV extraction: text files with a version in their name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_prompt(name: str) -> str:
    """Returns a prompt by its name and version, ``extract.v1`` say."""
    return (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").strip()
