"""``jobmatch esco import``: counts as a table or JSON, problems as one line."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.esco import esco
from jobmatch_ml.errors import FormatError
from jobmatch_ml.settings import get_settings
from tests.tiny_classifications import write_esco


def test_an_import_says_what_it_read_and_from_whom(tmp_path: Path) -> None:
    folder = str(write_esco(tmp_path / "csv"))
    done = CliRunner().invoke(esco, ["import", folder], catch_exceptions=False)
    assert (get_settings().data / "reference" / "esco" / "manifest.json").exists()
    assert "| skills           |       2 |" in done.stdout
    assert "European Commission" in done.stdout
    named = CliRunner().invoke(esco, ["import", folder, "--json"])
    assert orjson.loads(named.stdout)["counts"]["occupations"] == 2


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="not the files of ESCO"):
        CliRunner().invoke(esco, ["import", str(tmp_path)], catch_exceptions=False)
