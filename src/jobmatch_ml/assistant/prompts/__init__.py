"""The prompts: French text files with a version in their name, so that a change is a new file."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

VERSIONS = {
    "star_ack": 1,
    "star_success": 1,
    "pitch": 1,
    "rewrite": 1,
    "cv_summary": 1,
    "letter": 1,
}


@lru_cache(maxsize=16)
def load_prompt(name: str) -> str:
    """Returns the prompt in the version that is used."""
    source = files("jobmatch_ml.assistant.prompts") / f"{name}.v{VERSIONS[name]}.txt"
    return source.read_text(encoding="utf-8").strip()
