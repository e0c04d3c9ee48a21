"""Settings come from JOBMATCH_ variables; what cannot be used is named with its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import ConfigError
from jobmatch_ml.settings import Settings, get_settings, variable_name


def test_folders_are_read_from_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", "d")
    monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", "/elsewhere")
    settings = get_settings()
    assert settings.runs == tmp_path / "d" / "runs"
    assert settings.tracking_uri == "sqlite:////elsewhere/mlflow.db"


def test_an_unusable_value_is_named_with_what_was_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_ENV", "xyz")
    with pytest.raises(ConfigError) as caught:
        get_settings()
    message = str(caught.value)
    assert "JOBMATCH_ENV is 'xyz'; expected 'local', 'dev', 'staging' or 'prod'" in message
    assert "http" not in message


def test_a_corrected_value_is_read_after_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_ENV", "xyz")
    with pytest.raises(ConfigError):
        get_settings()
    monkeypatch.setenv("JOBMATCH_ENV", "dev")
    assert get_settings().env == "dev"


def test_every_setting_has_the_variable_that_messages_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in ("model_name", "service_url"):
        monkeypatch.setenv(variable_name(field), "x")
        assert getattr(Settings(), field) == "x"
