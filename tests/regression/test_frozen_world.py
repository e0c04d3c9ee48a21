"""Version 1 of the world is frozen: its configurations, and every byte that they build.

Issues and figures are measured on it. If this is red, the change moved the world: give the new
world a new name and configuration instead. `docs/results/world_v1.json` was written by
`record(...)` below, run on the frozen worlds:

    python tests/regression/test_frozen_world.py data/world/demo data/world/toy
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from jobmatch_ml.config import config_hash, load_config
from jobmatch_ml.world import WorldConfig, build_world

FROZEN = Path("docs/results/world_v1.json")


def what_is_frozen(folder: Path) -> dict[str, Any]:
    """Returns the hashes that define a world: configuration, data and truth files.

    CV files are left out: their bytes follow the renderer's version, and nothing is measured on
    them that is not in ``candidates.jsonl``.
    """
    manifest = orjson.loads((folder / "world.json").read_bytes())
    files = manifest["files"] | manifest["truth_files"]
    return {
        "config_hash": manifest["config_hash"],
        "files": {
            path: value for path, value in sorted(files.items()) if not path.startswith("cvs/")
        },
    }


def record(folders: list[Path]) -> None:
    """Writes the record of frozen worlds."""
    worlds = {folder.name: what_is_frozen(folder) for folder in folders}
    FROZEN.write_bytes(orjson.dumps({"version": 1, "worlds": worlds}, option=orjson.OPT_INDENT_2))


@pytest.mark.parametrize("name", ["toy", "demo"])
def test_version_1_builds_the_same_world(name: str, project_root: Path, tmp_path: Path) -> None:
    frozen = orjson.loads((project_root / FROZEN).read_bytes())["worlds"][name]
    config = load_config(WorldConfig, project_root / "configs" / "world" / f"{name}.yaml")
    assert config_hash(config) == frozen["config_hash"], "the configuration of version 1 changed"
    build_world(config, tmp_path / name, workers=2)
    built = what_is_frozen(tmp_path / name)["files"]
    moved = [path for path, value in frozen["files"].items() if built.get(path) != value]
    assert moved == []
    assert built.keys() == frozen["files"].keys()


if __name__ == "__main__":
    record([Path(argument) for argument in sys.argv[1:]])
