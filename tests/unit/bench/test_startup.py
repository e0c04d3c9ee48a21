"""Start-up is measured beside a bare interpreter, which is always the fastest."""

from __future__ import annotations

import pytest

from jobmatch_ml.bench import startup


def test_each_start_is_measured_with_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(startup, "_run", started.append)
    rows = startup.run_startup_bench()
    assert [row["what"] for row in rows] == [
        "python -c pass",
        "import jobmatch_ml",
        "jobmatch --help",
    ]
    assert all(0 <= row["median_s"] <= row["max_s"] for row in rows)
    assert {tuple(arguments[1:]) for arguments in started} == {
        ("-c", "pass"),
        ("-c", "import jobmatch_ml"),
        ("--help",),
    }
