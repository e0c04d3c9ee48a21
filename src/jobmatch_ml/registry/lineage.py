"""Which code made a result: the git commit, and whether the tree had changes beside it."""

from __future__ import annotations

import shutil
import subprocess  # nosec B404  # git alone, with fixed arguments
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GitState:
    """The state of the code.

    Args:
        commit: Full hash, or ``unknown`` outside a repository.
        dirty: Tracked files that can change a result (all but pages) differ from the commit; the
            commit alone does not replay the run.
    """

    commit: str
    dirty: bool

    @property
    def label(self) -> str:
        """The commit, marked when it is not the whole truth."""
        return f"{self.commit}-dirty" if self.dirty else self.commit


def git_state(root: Path) -> GitState:
    """Returns the commit of the repository that holds ``root``; ``unknown`` where there is none."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return GitState("unknown", dirty=False)
    # Recorded results and pages are written after the figures; they cannot change them.
    changed = _git(root, "status", "--porcelain", "-uno", "--", ".", ":!docs", ":!*.md")
    return GitState(commit, dirty=bool(changed))


def _git(root: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # fixed program and arguments
            [program, "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # no repository to speak of: lineage is unknown
        return None
    return done.stdout.strip() if done.returncode == 0 else None
