"""The rerank benchmark: models side by side, the first as the measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.rerank import GivenRun, run_rerank_bench
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.types import Query


def test_what_is_missing_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"option models=PATH.*pipeline run rerank"):
        run_rerank_bench()
    with pytest.raises(MissingFileError, match="dataset is"):
        run_rerank_bench(models=str(tmp_path), dataset=str(tmp_path / "none"))


def test_a_given_run_is_cut_where_asked() -> None:
    given = GivenRun({"q": {"a": 3.0, "b": 2.0, "c": 1.0}})
    given.index([])
    assert given.rank([Query("q", "", "")], top_k=2) == {"q": {"a": 3.0, "b": 2.0}}
