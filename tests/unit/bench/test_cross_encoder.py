"""The comparison of losses says what it needs before it trains anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.cross_encoder import run_cross_encoder_bench
from jobmatch_ml.errors import MissingFileError


def test_what_is_missing_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"option dataset=PATH.*pipeline run train"):
        run_cross_encoder_bench()
    with pytest.raises(MissingFileError, match="bundle is ''"):
        run_cross_encoder_bench(dataset=str(tmp_path))
