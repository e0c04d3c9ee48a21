"""``jobmatch rome import``: counts as a table or JSON, problems as one line."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.rome import rome
from jobmatch_ml.errors import FormatError
from jobmatch_ml.settings import get_settings
from tests.tiny_classifications import write_rome


def test_an_import_says_what_it_read_and_from_whom(tmp_path: Path) -> None:
    folder = str(write_rome(tmp_path / "csv", version="461"))
    done = CliRunner().invoke(rome, ["import", folder], catch_exceptions=False)
    assert (get_settings().data / "reference" / "rome" / "manifest.json").exists()
    assert "| fiches         |       3 |" in done.stdout
    assert "France Travail" in done.stdout
    assert "warning: version 461" in done.stderr
    out = str(tmp_path / "out")
    named = CliRunner().invoke(rome, ["import", folder, "--out", out, "--json"])
    answer = orjson.loads(named.stdout)
    assert (answer["out"], answer["version"], answer["counts"]["fiches"]) == (out, "461", 3)


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="version 460"):
        CliRunner().invoke(rome, ["import", str(tmp_path)], catch_exceptions=False)
