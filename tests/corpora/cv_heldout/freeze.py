"""The sums of ``FROZEN.json``: ``python -m tests.corpora.cv_heldout.freeze`` writes them anew."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent


def sums(folder: Path = HERE) -> list[str]:
    """A line in the form of ``sha256sum`` for every file of the corpus but the list itself."""
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "FROZEN.json" and "__pycache__" not in path.parts
    ]


if __name__ == "__main__":
    content = {"frozen_on": "2026-11-22", "algorithm": "sha256", "files": sums()}
    text = json.dumps(content, indent=1) + "\n"
    (HERE / "FROZEN.json").write_text(text, encoding="utf-8")
