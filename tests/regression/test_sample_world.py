"""The committed sample world is what its configuration builds, byte for byte.

When a change to the world, the documents or the BM25 ranker is meant to move it, record it again:

    jobmatch world build --config configs/world/sample.yaml --out data/sample

and say in the commit why it moved.
"""

from __future__ import annotations

import json
from pathlib import Path

from jobmatch_ml.config import config_hash, load_config
from jobmatch_ml.world import WorldConfig, build_world
from jobmatch_ml.world.files import checksums


def test_the_sample_is_built_again_with_the_same_checksums(
    project_root: Path, tmp_path: Path
) -> None:
    recorded = json.loads((project_root / "data/sample/world.json").read_text(encoding="utf-8"))
    config = load_config(WorldConfig, project_root / "configs/world/sample.yaml")
    assert recorded["config_hash"] == config_hash(config)
    built = build_world(config, tmp_path / "sample")
    assert dict(built.counts) == recorded["counts"]
    assert dict(built.files) == recorded["files"]
    assert dict(built.truth_files) == recorded["truth_files"]


def test_the_committed_files_are_those_of_the_manifest(project_root: Path) -> None:
    folder = project_root / "data" / "sample"
    recorded = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    found = checksums(folder)
    listed = recorded["files"] | recorded["truth_files"]
    assert {path: found.get(path) for path in listed} == listed
    assert set(found) - set(listed) == {"world.json", "DATASHEET.md"}


def test_the_sample_stays_small(project_root: Path) -> None:
    files = [path for path in (project_root / "data" / "sample").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 300 * 1024
