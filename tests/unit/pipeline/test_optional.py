"""Optional stages: left out without their section, and what later stages take instead."""

from __future__ import annotations

from typing import Any

import pytest

from jobmatch_ml.errors import ConfigError
from jobmatch_ml.pipeline.optional import chosen_stages
from jobmatch_ml.pipeline.spec import PipelineSpec

LAST = "${second.path | first.path}"


def spec(value: Any = LAST, *, when: str = "extra") -> PipelineSpec:
    """Three stages: one always runs, one by its section, one takes what the later of them made."""
    stages = [
        {"name": "first", "notebook": "a.ipynb"},
        {"name": "second", "notebook": "b.ipynb", "when": when},
        {"name": "third", "notebook": "c.ipynb", "parameters": {"path": value}},
    ]
    return PipelineSpec.model_validate({"name": "p", "description": "d", "stages": stages})


def names(chosen: PipelineSpec) -> list[str]:
    return [stage.name for stage in chosen.stages]


def test_a_stage_without_its_section_is_left_out_and_the_next_choice_is_taken() -> None:
    chosen = chosen_stages(spec(), {"extra": None})
    assert names(chosen) == ["first", "third"]
    assert chosen.stages[-1].parameters == {"path": "${first.path}"}


def test_a_stage_with_its_section_runs_and_comes_first() -> None:
    chosen = chosen_stages(spec(), {"extra": {"depth": 3}})
    assert names(chosen) == ["first", "second", "third"]
    assert chosen.stages[-1].parameters == {"path": "${second.path}"}


def test_an_empty_section_is_a_section() -> None:
    assert "second" in names(chosen_stages(spec(), {"extra": {}}))


def test_other_values_stay_as_they_are() -> None:
    for value in (3, "a | b", "${first.path}", ["${second.path | first.path}"]):
        assert chosen_stages(spec(value), {"extra": None}).stages[-1].parameters == {"path": value}


def test_a_section_that_the_configuration_does_not_know_is_named() -> None:
    with pytest.raises(ConfigError, match=r"stage second, `when`.*extra"):
        chosen_stages(spec(when="extras"), {"extra": None})


def test_alternatives_that_are_all_left_out_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"stage third, `path`.*left out"):
        chosen_stages(spec("${second.path | second.other}"), {"extra": None})


@pytest.mark.parametrize("value", ["${secnd.path | first.path}", "${first.path | secnd.path}"])
def test_a_misspelt_stage_does_not_pass_for_one_that_is_left_out(value: str) -> None:
    chosen = chosen_stages(spec(value), {"extra": None})
    assert chosen.stages[-1].parameters == {"path": "${secnd.path}"}, "checked later, and refused"
