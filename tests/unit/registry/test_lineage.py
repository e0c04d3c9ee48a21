"""The commit is told, and its absence too."""

from __future__ import annotations

import subprocess
from pathlib import Path

from jobmatch_ml.registry.lineage import git_state


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.strip()  # our own git


def test_a_folder_without_repository_is_unknown(tmp_path: Path) -> None:
    assert git_state(tmp_path).label == "unknown"


def test_a_changed_tracked_file_marks_the_commit_dirty(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_text("1")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "-qm", "a")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert git_state(tmp_path).label == commit
    (tmp_path / "a.txt").write_text("2")
    assert git_state(tmp_path).label == f"{commit}-dirty"
