"""`jobmatch encoder export`: what it is given, what it prints, how it fails."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.encoder_export import export_command
from jobmatch_ml.errors import MissingFileError, UnknownNameError
from jobmatch_ml.ranking import backends_measure
from jobmatch_ml.ranking.backends_cache import Choice

CHOICE = Choice(
    backend="torch-bf16",
    reason="2 times as fast",
    measured_at="2026-01-01T00:00:00",
    rows=[{"backend": "torch-fp32", "ratio": 1.0}, {"backend": "torch-bf16", "ratio": 2.0}],
)


def test_it_prints_every_backend_and_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def measure(model: str, **options: object) -> Choice:
        calls.append((model, options))
        return CHOICE

    monkeypatch.setattr(backends_measure, "measure_backends", measure)
    plain = CliRunner().invoke(export_command, ["--backend", "torch-bf16"])
    assert plain.exit_code == 0
    assert "chosen: torch-bf16 (2 times as fast)" in plain.output
    as_json = CliRunner().invoke(export_command, ["--json"])
    assert orjson.loads(as_json.output)["backend"] == "torch-bf16"
    assert calls == [
        ("packaged", {"revision": None, "names": ("torch-bf16",)}),
        ("packaged", {"revision": None, "names": None}),
    ]


def test_an_unknown_backend_or_folder_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(export_command, ["--model", str(tmp_path / "absent")])
    assert isinstance(result.exception, MissingFileError)
    result = CliRunner().invoke(export_command, ["--backend", "torch-fp8"])
    assert isinstance(result.exception, UnknownNameError)
