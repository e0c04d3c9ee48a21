"""Generated tables: filled from recorded results, and stale ones are found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.bench.catalog import BENCHES, run_bench
from jobmatch_ml.bench.harness import (
    environment,
    measure,
    peak_memory_mb,
    reference_kernels,
)
from jobmatch_ml.bench.results import TABLES, build_docs, record_result, stale_docs
from jobmatch_ml.errors import MissingFileError, UnknownNameError

PAGE = "# Title\n\n<!-- generated: startup -->\n<!-- end -->\n\ntext\n"


def result(seconds: float) -> dict[str, Any]:
    return {
        "bench": "startup",
        "environment": {"date": "2026-01-01", "commit": "abc", "cores": 2, "cpu": "a CPU"},
        "reference": {"matmul_gflops": 100.0, "memory_gb_per_s": 10.0},
        "rows": [{"what": "import", "median_s": seconds}],
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(PAGE)
    return tmp_path


def test_a_block_is_filled_and_then_up_to_date(project: Path) -> None:
    record_result(result(0.25), root=project)
    assert stale_docs(project) == [project / "README.md"]
    assert build_docs(project) == [project / "README.md"]
    text = (project / "README.md").read_text()
    assert "0.25 |" in text
    assert "commit abc on 2 cores" in text
    assert text.startswith("# Title\n")
    assert text.endswith("\n\ntext\n")
    assert stale_docs(project) == []
    assert build_docs(project) == []


def test_a_newer_result_makes_the_page_stale(project: Path) -> None:
    record_result(result(0.25), root=project)
    build_docs(project)
    record_result(result(0.5), root=project)
    assert stale_docs(project) == [project / "README.md"]


def test_a_figure_changed_by_hand_is_found(project: Path) -> None:
    record_result(result(0.25), root=project)
    build_docs(project)
    page = project / "README.md"
    page.write_text(page.read_text().replace("0.25", "0.05"))
    assert stale_docs(project) == [page]


def test_a_table_without_a_result_says_how_to_record_one(project: Path) -> None:
    with pytest.raises(MissingFileError, match="jobmatch bench startup --record"):
        build_docs(project)


def test_an_unknown_table_is_refused_with_a_suggestion(project: Path) -> None:
    (project / "README.md").write_text(PAGE.replace("startup", "startpu"))
    with pytest.raises(UnknownNameError, match=r"README\.md.*Did you mean 'startup'"):
        build_docs(project)


def test_every_table_is_of_a_benchmark_that_exists() -> None:
    assert {bench for bench, _ in TABLES.values() if bench} <= set(BENCHES)


def test_an_unknown_benchmark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ingest'"):
        run_bench("ingets", root=tmp_path)


def test_a_timing_counts_its_calls_and_orders_its_figures() -> None:
    calls: list[int] = []
    timing = measure(lambda: calls.append(1), repeats=3, warmup=2)
    assert len(calls) == 5
    assert 0 <= timing.min_s <= timing.median_s <= timing.max_s


def test_the_machine_is_described(project_root: Path) -> None:
    place = environment(project_root)
    assert place["cores"] >= 1
    assert place["versions"]["numpy"][0].isdigit()
    assert all(value > 0 for value in reference_kernels().values())


def test_the_calibration_table_shows_one_meaning_of_the_probability() -> None:
    row = {
        "score": "bi_encoder-1",
        "fitted_on": "the world's log",
        "stage": "view",
        "curve": "isotonic",
        "fit_events": 4100,
        "rows": 9305,
        "events": 819,
        "base_rate": 0.088,
        **{"ece": 0.0088, "ece_low": 0.007, "ece_high": 0.012, "ece_to_base_rate": 0.1},
        **{"brier_skill": 0.13, "brier_skill_low": 0.12, "brier_skill_high": 0.14},
        **{"ece_floor": 0.002, "coverage": 0.999},
    }
    places = {"date": "2026-01-01", "commit": "c0ffee", "cores": 2, "cpu": "x"}
    rows = [row | {"given": given} for given in ("shown at its position", "shown and looked at")]
    recorded = {"bench": "calibration", "environment": places, "rows": rows}
    table = TABLES["calibration"][1](recorded)
    assert "isotonic, 4,100 events" in table
    assert "10%" in table
    assert table.count("0.0088") == 1


def test_the_peak_is_this_process_s_own_and_not_its_parent_s() -> None:
    """Red when it is read from ``ru_maxrss``, which a child inherits."""
    big = bytearray(400 * 2**20)
    program = "from jobmatch_ml.bench.harness import peak_memory_mb; print(peak_memory_mb())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert peak_memory_mb() > 400
    assert 5 < float(done.stdout) < 300
    del big
