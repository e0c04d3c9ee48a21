"""Manifests: every change of a file is found before anything is parsed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import IntegrityError, JobMatchError, MissingFileError
from jobmatch_ml.ranking.manifest import MANIFEST, read_manifest, write_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "weights.safetensors").write_bytes(bytes(range(64)))
    (tmp_path / "config.json").write_text("{}")
    write_manifest(tmp_path, {"kind": "toy", "format": 1, "note": "x"})
    return tmp_path


def read(folder: Path) -> dict[str, object]:
    return read_manifest(folder, kind="toy", format_version=1)[0]


def rewrite(folder: Path, **changes: object) -> None:
    values = orjson.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_bytes(orjson.dumps(values | changes))


def test_values_and_hash_come_back(folder: Path) -> None:
    values, sha256 = read_manifest(folder, kind="toy", format_version=1)
    assert values["note"] == "x"
    assert sorted(values["files"]) == ["config.json", "sub/weights.safetensors"]
    assert sha256 == write_manifest(folder, {"kind": "toy", "format": 1, "note": "x"})


def test_every_single_changed_byte_is_found(folder: Path) -> None:
    path = folder / "sub" / "weights.safetensors"
    original = path.read_bytes()
    for position in range(len(original)):
        changed = bytearray(original)
        changed[position] ^= 1 << position % 8
        path.write_bytes(changed)
        with pytest.raises(IntegrityError, match="was changed"):
            read(folder)


def test_all_problems_are_named_at_once(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "extra.txt").write_text("x")
    (folder / "sub" / "weights.safetensors").write_bytes(b"short")
    with pytest.raises(
        IntegrityError, match=r"config.json is missing; extra.txt is not listed; .*another size"
    ):
        read(folder)


@pytest.mark.parametrize("name", ["weights.bin", "model.pkl", "model.pt", "run.py", "no_suffix"])
def test_formats_that_may_run_code_are_refused_listed_or_not(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    with pytest.raises(IntegrityError, match=f"may run code when read.*{name}"):
        read(folder)
    with pytest.raises(IntegrityError, match="may run code"):
        write_manifest(folder, {"kind": "toy", "format": 1})


def test_links_are_refused(folder: Path) -> None:
    (folder / "link.json").symlink_to(folder / "config.json")
    with pytest.raises(IntegrityError, match=r"links .* are refused: link\.json"):
        read(folder)


@pytest.mark.parametrize("name", ["../outside.json", "/etc/passwd.json"])
def test_paths_that_leave_the_folder_are_refused(folder: Path, name: str) -> None:
    rewrite(folder, files={name: {"bytes": 1, "sha256": "0"}})
    with pytest.raises(IntegrityError, match="`files` must map"):
        read(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "format 2; this version reads format 1"),
        ({"kind": "bundle"}, "not the manifest of a toy"),
        ({"files": []}, "`files` must map"),
        ({"files": {"config.json": {}}}, "`files` must map"),
    ],
)
def test_a_manifest_of_something_else_is_refused(
    folder: Path, changes: dict[str, object], message: str
) -> None:
    rewrite(folder, **changes)
    with pytest.raises(IntegrityError, match=message):
        read(folder)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff"])
def test_a_broken_manifest_is_refused(folder: Path, raw: bytes) -> None:
    (folder / MANIFEST).write_bytes(raw)
    with pytest.raises(JobMatchError):
        read(folder)


def test_a_folder_without_a_manifest_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no manifest\.json"):
        read(tmp_path)
