"""References are checked before anything runs, and resolved with their types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import ConfigError
from jobmatch_ml.notebook.source import load_notebook
from jobmatch_ml.pipeline.references import (
    Reference,
    check_pipeline,
    parse_reference,
    recorded_names,
    resolve,
)
from jobmatch_ml.pipeline.spec import PipelineSpec, StageSpec
from tests.notebooks.fixtures.factory import simple_notebook

CONFIG = {"seed": 3, "model": {"rate": 0.5, "views": ["a"]}}
DECLARED = "seed: int = 0  # s\nrate: float = 0.1  # r\n" + (
    'folder: str = ""  # f\nrun_dir: str = ""  # d'
)


def stage(name: str, parameters: dict[str, Any], **more: Any) -> StageSpec:
    return StageSpec(name=name, notebook=f"{name}.ipynb", parameters=parameters, **more)


def pipeline(*stages: StageSpec) -> PipelineSpec:
    return PipelineSpec(name="p", description="d", config=None, stages=stages)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    simple_notebook(tmp_path / "a.ipynb", DECLARED, "record(seed=seed, out_dir='x')")
    simple_notebook(tmp_path / "b.ipynb", DECLARED, "record(**{'free': 1})")
    simple_notebook(tmp_path / "c.ipynb", DECLARED, "record(seed=seed)")
    return tmp_path


def test_whole_references_are_read_and_halves_refused() -> None:
    assert parse_reference("${config.a.b}") == Reference("config", ("a", "b"))
    assert parse_reference("${a_stage.out_dir}") == Reference("a_stage", ("out_dir",))
    assert parse_reference("plain $ {text}") is None
    assert parse_reference(3) is None
    for text in ("data/${config.a}", "${config}", "${config.}", "${}", "${a.b} ${c.d}", "${a.b"):
        with pytest.raises(ConfigError, match="is not a reference"):
            parse_reference(text)


def test_values_keep_their_type() -> None:
    given = {
        "rate": "${config.model.rate}",
        "views": "${config.model.views}",
        "n": "${a.n}",
        "x": 1,
    }
    values = resolve(stage("b", given), CONFIG, {"a": {"n": {"deep": 1}}})
    assert values == {"rate": 0.5, "views": ["a"], "n": {"deep": 1}, "x": 1}


def test_a_record_that_was_not_made_is_named() -> None:
    with pytest.raises(ConfigError, match=r"parameter `x`: \$\{a\.out\}: .*Did you mean 'out_dir'"):
        resolve(stage("b", {"x": "${a.out}"}), CONFIG, {"a": {"out_dir": 1}})


def test_a_sound_pipeline_passes(root: Path) -> None:
    spec = pipeline(
        stage("a", {"seed": "${config.seed}", "rate": 1}, inputs=("folder",)),
        stage("b", {"folder": "${a.out_dir}"}),
        stage("c", {"folder": "${b.known_only_when_run}"}),
    )
    check_pipeline(spec, CONFIG, root=root)


@pytest.mark.parametrize(
    ("stages", "reason"),
    [
        ([stage("a", {"sed": 1})], r"unknown parameter 'sed'\. Did you mean 'seed'"),
        ([stage("a", {"seed": "x"})], "parameter `seed` is 'x'; expected int"),
        ([stage("a", {"seed": "${config.model.rate}"})], r"is 0\.5; expected int"),
        ([stage("a", {"seed": "${config.sed}"})], r"configuration key 'sed'\. Did you mean 'seed'"),
        ([stage("a", {"seed": "${config.seed.x}"})], "nothing lies below a single value"),
        ([stage("a", {"seed": "x${config.seed}"})], "is not a reference"),
        ([stage("a", {"run_dir": "x"})], "`run_dir` is given by the runner"),
        ([stage("a", {}, inputs=("fold",))], r"unknown input parameter 'fold'\. Did you mean"),
        ([stage("a", {"folder": "${c.seed}"}), stage("c", {})], "does not run before this one"),
        ([stage("a", {"folder": "${a.seed}"})], "does not run before this one"),
        ([stage("a", {"folder": "${aa.seed}"})], "unknown stage 'aa'"),
        (
            [stage("a", {}), stage("c", {"folder": "${a.out}"})],
            r"unknown record 'out'\. Did you mean 'out_dir'",
        ),
        ([stage("none", {})], r"none\.ipynb does not exist"),
    ],
)
def test_mistakes_are_found_before_anything_runs(
    root: Path, stages: list[StageSpec], reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        check_pipeline(pipeline(*stages), CONFIG, root=root)


def test_all_mistakes_come_in_one_message(root: Path) -> None:
    spec = pipeline(stage("a", {"sed": 1}), stage("c", {"seed": "x"}))
    with pytest.raises(ConfigError, match=r"stage a: .*; stage c: "):
        check_pipeline(spec, CONFIG, root=root)


def test_recorded_names_are_read_from_the_source(root: Path) -> None:
    assert recorded_names(load_notebook(root / "a.ipynb")) == {"seed", "out_dir"}
    assert recorded_names(load_notebook(root / "b.ipynb")) is None
