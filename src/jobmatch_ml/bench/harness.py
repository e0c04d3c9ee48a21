"""How everything is measured: medians of repeats, ratios within one run, a reference kernel beside.

Absolute times mean little on a shared machine. So each result carries the speed of two reference
kernels (a matrix product, a memory copy) taken in the same run, and benchmarks compare their
variants side by side.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from jobmatch_ml.registry.lineage import git_state

_VERSIONS = ("torch", "sentence-transformers", "duckdb", "mlflow", "numpy")


@dataclass(frozen=True)
class Timing:
    """Wall times of one function, in seconds."""

    median_s: float
    min_s: float
    max_s: float
    repeats: int


def measure(function: Callable[[], Any], *, repeats: int = 5, warmup: int = 1) -> Timing:
    """Times a function: `warmup` calls that do not count, then `repeats` that do."""
    for _ in range(warmup):
        function()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return Timing(statistics.median(times), min(times), max(times), repeats)


def peak_memory_mb() -> float:
    """Returns the most memory that this process ever held, MiB.

    Linux hands the peak of the one who starts a process down to it in ``ru_maxrss``; the peak of
    its own address space does not know its parent.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        own = next(line for line in lines if line.startswith("VmHWM:"))
        return int(own.split()[1]) / 1024  # KiB
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reference_kernels() -> dict[str, float]:
    """Returns what the machine gives right now: GFLOP/s of a product, GB/s of a copy."""
    size = 1024
    left = np.random.default_rng(0).standard_normal((size, size), dtype=np.float32)
    product = measure(lambda: left @ left)
    source = np.zeros(64 * 2**20 // 8)
    target = np.empty_like(source)
    copy = measure(lambda: np.copyto(target, source))
    return {
        "matmul_gflops": round(2 * size**3 / product.median_s / 1e9, 1),
        "memory_gb_per_s": round(2 * source.nbytes / copy.median_s / 1e9, 1),
    }


def environment(root: Path) -> dict[str, Any]:
    """Describes where a result was taken: hardware, versions, commit, day."""
    state = git_state(root)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": state.commit[:10] + ("-dirty" if state.dirty else ""),
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in _VERSIONS},
    }


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
