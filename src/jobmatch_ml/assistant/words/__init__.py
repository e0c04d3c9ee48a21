"""Word lists of the assistant: YAML files, folded (no accents, lower case)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def read_words(name: str) -> dict[str, Any]:
    """Returns the contents of ``<name>.yaml``, read once; not to be changed."""
    content: dict[str, Any] = yaml.safe_load(
        files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    )
    return content


def grammar(name: str) -> frozenset[str]:
    """Returns one of the small lists of ``grammar.yaml``."""
    return frozenset(read_words("grammar")[name].split())
