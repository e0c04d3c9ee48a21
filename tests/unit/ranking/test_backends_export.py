"""Exports that are made: whole graphs, and none that gives other vectors than the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import IntegrityError
from jobmatch_ml.ranking import backends_export
from jobmatch_ml.ranking.backends_export import write_export
from jobmatch_ml.ranking.model_files import load_model
from tests.toy import build_tiny_model

IDS = tuple(np.array([2, 5, 6 + n, 9, 3], dtype=np.int32) for n in range(4))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_model(build_tiny_model(tmp_path_factory.mktemp("tiny")))


def test_an_export_with_other_vectors_is_refused(
    model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript", reason="not installed (extra 'fast')")
    # The fault: the export forgets the mask, as one with constant shapes would.
    honest = backends_export.exported_runner

    def careless(name: str, folder: Path) -> Any:
        run = honest(name, folder)
        return lambda ids, mask: run(ids, np.ones_like(mask))

    monkeypatch.setattr(backends_export, "exported_runner", careless)
    with pytest.raises(IntegrityError, match="onnx-fp32 gives other vectors"):
        write_export("onnx-fp32", tmp_path, model=model, base=tmp_path, texts=IDS)
