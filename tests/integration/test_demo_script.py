"""What `make demo` asks of the command, with a command that only writes down what it was asked.

The demo itself takes minutes; `.ci/run` runs it at toy size.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Notes its arguments and folders; as `pipeline run` it also leaves a result, as --save asks.
COMMAND = """#!/bin/bash
echo "$JOBMATCH_DATA_DIR|$JOBMATCH_MLRUNS_DIR|$JOBMATCH_MLFLOW_TRACKING_URI|$*" >> calls.txt
while [[ $# -gt 0 ]]; do
    if [[ "$1" == --save ]]; then
        mkdir -p "$(dirname "$2")"
        echo '{"stages": [{"name": "a", "records": {"version": "9"}},
            {"name": "register_model", "records": {"version": "3"}}]}' > "$2"
    fi
    shift
done
"""


@pytest.fixture
def checkout(project_root: Path, tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    shutil.copy(project_root / "infra" / "demo.sh", tmp_path / "infra")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    command = tmp_path / ".venv" / "bin" / "jobmatch"
    command.write_text(COMMAND)
    command.chmod(0o755)
    # Not a link: Python would look for its packages beside it.
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/bash\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return tmp_path


def run_demo(checkout: Path, size: str, **variables: str) -> list[tuple[str, ...]]:
    """Runs the script; returns data folder, MLflow folder, address and arguments of each call."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("JOBMATCH_")}
    subprocess.run(
        ["/bin/bash", str(checkout / "infra" / "demo.sh"), size],
        env=own | variables,
        check=True,
        capture_output=True,
        timeout=60,
    )
    calls = (checkout / "calls.txt").read_text().splitlines()
    return [tuple(call.split("|")) for call in calls]


def test_the_version_of_this_very_run_is_promoted_and_nobody_is_overruled(checkout: Path) -> None:
    calls = [arguments for *_, arguments in run_demo(checkout, "demo")]
    assert [" ".join(call.split()[:2]) for call in calls] == [
        "world build",
        "offers ingest",
        "pipeline run",
        "model promote",
        "match --cv",
    ]
    assert calls[3] == "model promote 3 --by make demo --unless-taken"  # which reviews it first
    toy = [arguments for *_, arguments in run_demo(checkout, "toy")]
    assert toy[-2] == f"{calls[3]} --override a rehearsal at toy size"


def test_nothing_is_written_into_the_world_that_the_training_hashes(checkout: Path) -> None:
    calls = [arguments for *_, arguments in run_demo(checkout, "demo")]
    assert "--set world_dir=data/world/demo" in calls[2]
    for option in ("--warehouse", "--catalogue", "--save"):
        (written,) = [
            call.split(f"{option} ")[1].split()[0] for call in calls[1:3] if option in call
        ]
        assert not written.startswith("data/world/")


def test_the_folders_are_those_of_the_settings(checkout: Path) -> None:
    calls = run_demo(checkout, "demo", JOBMATCH_DATA_DIR="mine", JOBMATCH_MODEL_NAME="own")
    assert "--out mine/world/demo" in calls[0][3]
    assert "--catalogue mine/catalogue/demo.parquet" in calls[1][3]
    assert "--set world_dir=mine/world/demo --set register_model.model_name=own" in calls[2][3]


def test_toy_stays_away_from_data_models_and_servers(checkout: Path) -> None:
    mine = {
        "JOBMATCH_DATA_DIR": "mine",
        "JOBMATCH_MLRUNS_DIR": "mine",
        "JOBMATCH_MLFLOW_TRACKING_URI": "http://mlflow.example",
    }
    for data, mlruns, address, arguments in run_demo(checkout, "toy", **mine):
        assert (data, mlruns, address) == ("build/toy/data", "build/toy/mlruns", "")
        assert "mine" not in arguments
