"""Pipeline files are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import ConfigError, MissingFileError, UnknownNameError
from jobmatch_ml.pipeline.spec import config_model, find_pipeline, list_pipelines, read_pipeline

GOOD = "name: p\ndescription: d\nstages:\n  - {name: a, notebook: a.ipynb}\n"


def write(folder: Path, text: str, name: str = "p") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_a_pipeline_is_found_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert find_pipeline("p", tmp_path).stages[0].timeout_s == 600
    assert [spec.name for spec in list_pipelines(tmp_path)] == ["p"]
    with pytest.raises(UnknownNameError, match="unknown pipeline 'q'"):
        find_pipeline("q", tmp_path)


def test_a_folder_without_pipelines_says_where_to_run(tmp_path: Path) -> None:
    for call in (lambda: list_pipelines(tmp_path), lambda: find_pipeline("p", tmp_path / "none")):
        with pytest.raises(MissingFileError, match="project's root, or set JOBMATCH_ROOT"):
            call()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name: p\ndescription: d\nstages: []\n", "stages"),
        (GOOD + "  - {name: a, notebook: b.ipynb}\n", "two stages are named a"),
        (GOOD + "  - {name: config, notebook: b.ipynb}\n", "cannot be named 'config'"),
        (GOOD + "  - {name: B, notebook: b.ipynb}\n", "stages.1.name"),
        (GOOD + "  - {name: b, notebok: b.ipynb}\n", "notebok"),
        (GOOD + "stage: 1\n", "Did you mean 'stages'"),
        (GOOD + "  - {name: b, notebook: b.ipynb, timeout_s: 0}\n", "timeout_s"),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read_pipeline(write(tmp_path, text))


def test_the_configuration_is_looked_up_by_name(tmp_path: Path) -> None:
    assert config_model(read_pipeline(write(tmp_path, GOOD))) is None
    spec = read_pipeline(write(tmp_path, GOOD + "config: trian\n"))
    with pytest.raises(UnknownNameError, match="Did you mean 'train'"):
        config_model(spec)
    model = config_model(read_pipeline(write(tmp_path, GOOD + "config: train\n")))
    assert model is not None
    assert "world_dir" in model.model_fields
