"""How long a user waits before anything happens: import and help, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from jobmatch_ml.bench.harness import measure


def run_startup_bench() -> list[dict[str, Any]]:
    """Times `import jobmatch_ml` and `jobmatch --help` beside a bare interpreter."""
    command = Path(sys.executable).with_name("jobmatch")
    variants = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import jobmatch_ml": [sys.executable, "-c", "import jobmatch_ml"],
        "jobmatch --help": [str(command), "--help"],
    }
    rows = []
    for name, arguments in variants.items():
        timing = measure(lambda arguments=arguments: _run(arguments), repeats=7)  # type: ignore[misc]
        rows.append({"what": name, "median_s": timing.median_s, "max_s": timing.max_s})
    return rows


def _run(arguments: list[str]) -> None:
    subprocess.run(arguments, check=True, capture_output=True)  # noqa: S603  # fixed arguments
