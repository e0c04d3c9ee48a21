"""The pipeline's benchmark: its memory is that of all its processes; a wrong path is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobmatch_ml.bench.pipeline import PeakMemory, run_full_bench, run_pipeline_bench
from jobmatch_ml.errors import FormatError, MissingFileError

# A child that holds 100 MB, and says when it does.
HOLD = "held = b'x' * 100_000_000; print('held', flush=True); input()"


def test_the_peak_counts_children_and_outlives_them() -> None:
    peak = PeakMemory(os.getpid(), interval_s=0.01)
    time.sleep(0.1)
    alone = peak.stop()
    assert alone > 10_000_000
    peak = PeakMemory(os.getpid(), interval_s=0.01)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.1)
        child.communicate(b"\n")
    assert peak.stop() > alone + 90_000_000


def test_a_configuration_that_is_not_there_is_refused() -> None:
    with pytest.raises(MissingFileError, match=r"none\.yaml does not exist; run from"):
        run_pipeline_bench(config="none.yaml")


def test_the_result_of_a_run_is_asked_for_and_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="--option result=PATH"):
        run_full_bench()
    other = tmp_path / "other.json"
    other.write_text('{"stages": [1]}')
    with pytest.raises(FormatError, match="--save"):
        run_full_bench(result=str(other), config=str(other))
