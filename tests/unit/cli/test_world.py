"""``jobmatch world build`` writes a world and says what is in it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.world import world
from jobmatch_ml.settings import get_settings
from jobmatch_ml.world.files import MANIFEST

SMALL = ["--set", "n_offers=40", "--set", "n_candidates=6", "--set", "n_pdf=0", "--set", "n_docx=0"]


def test_a_world_is_built_where_it_is_named_or_in_the_data_folder(
    project_root: Path, tmp_path: Path
) -> None:
    config = str(project_root / "configs" / "world" / "toy.yaml")
    arguments = ["build", "--config", config, *SMALL]
    named = CliRunner().invoke(
        world, [*arguments, "--out", str(tmp_path / "w"), "--json"], catch_exceptions=False
    )
    answer = orjson.loads(named.stdout)
    assert (answer["out"], answer["counts"]["offers"]) == (str(tmp_path / "w"), 40)
    assert (tmp_path / "w" / MANIFEST).exists()
    default = CliRunner().invoke(world, arguments, catch_exceptions=False)
    assert (get_settings().data / "world" / "toy" / MANIFEST).exists()
    assert "candidates" in default.stdout


def test_a_world_on_other_offers_never_replaces_the_plain_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []

    def stop(config: object, folder: Path, **options: object) -> None:
        built.append(folder)
        raise RuntimeError("far enough")

    monkeypatch.setattr("jobmatch_ml.world.build_world", stop)
    monkeypatch.setattr("jobmatch_ml.cli.world._real_offers", lambda *args, **options: None)
    CliRunner().invoke(world, ["build", "--config", "configs/world/toy.yaml"])
    CliRunner().invoke(
        world, ["build", "--config", "configs/world/toy.yaml", "--offers", str(tmp_path)]
    )
    assert [folder.name for folder in built] == ["toy", "toy-offers"]
