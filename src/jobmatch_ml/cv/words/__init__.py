"""Word lists of the reading rules, one text file each, folded (no accents, lower case)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_words(name: str) -> frozenset[str]:
    """Returns the lines of ``<name>.txt``, read once.

    ``occupation_first`` holds words that open a headline: two capitalised words that begin with one
    are a job, not a person's name.
    """
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line)
