"""`--from` forces a stage and those after it."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import UnknownNameError
from jobmatch_ml.pipeline.plan import forced_stages
from jobmatch_ml.pipeline.spec import PipelineSpec, StageSpec

SPEC = PipelineSpec(
    name="p",
    description="d",
    config=None,
    stages=tuple(StageSpec(name=name, notebook="n.ipynb") for name in ("a", "b", "c")),
)


def test_the_named_stage_and_those_after_it_are_forced() -> None:
    assert forced_stages(SPEC, None) == set()
    assert forced_stages(SPEC, "b") == {"b", "c"}
    assert forced_stages(SPEC, "a") == {"a", "b", "c"}


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown stage 'd'"):
        forced_stages(SPEC, "d")
