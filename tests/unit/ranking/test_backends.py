"""Every backend that is installed, on a tiny random model: one contract, hostile texts included."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import MissingExtraError, UnknownNameError
from jobmatch_ml.ranking import backends
from jobmatch_ml.ranking.backends import (
    BACKENDS,
    backend_spec,
    missing_packages,
    require_packages,
    thread_count,
)
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.settings import get_settings
from tests.toy import build_tiny_model

TEXTS = [
    "boulanger",
    "soudeur tig inox acier plan",
    "",
    " \t\n",
    "é ü ß 面",
    "a" * 50_000,
    "abc def " * 6_000,
    "👩‍🍳🔥 chef 🇫🇷",
    "nul \x00 bell \x07 esc \x1b[31m \u200f\u202e",
    "bad \udc80 text",
    "nurse wanted for night shifts",
    "soudeur",
]
# The tiny model's weights are random and large: int8 is coarser on them than on a trained model.
LEAST_COSINE = {"fp32": 0.99999, "bf16": 0.999, "int8": 0.9}


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def exports_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the module: each export is made once."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(params=list(BACKENDS))
def encoder(
    request: pytest.FixtureRequest,
    model_dir: Path,
    exports_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> SentenceTransformerEncoder:
    missing = missing_packages(request.param, to_export=True)
    if missing:
        pytest.skip(f"{missing[0]} is not installed (extra 'fast')")
    monkeypatch.setenv("JOBMATCH_DATA_DIR", str(exports_dir))
    get_settings.cache_clear()
    return SentenceTransformerEncoder(
        model_dir, max_length_tokens=32, batch_size=3, backend=request.param
    )


def test_a_backend_gives_the_models_vectors_for_any_text(
    encoder: SentenceTransformerEncoder, model_dir: Path
) -> None:
    """Order, batch = single, duplicates, nearness to fp32: one test, as opening costs most."""
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    floor = LEAST_COSINE[encoder.precision]
    reference = SentenceTransformerEncoder(model_dir, max_length_tokens=32, precision="fp32")
    assert (vectors * reference.encode(TEXTS)).sum(axis=1).min() >= floor

    # Of itself: int8 rounds activations by the whole batch only where a backend computes ranges.
    near = min(0.9999, floor + 0.05) if encoder.backend == "onnx-int8" else 0.999
    single = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert (vectors * single).sum(axis=1).min() >= near
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    assert (vectors * backwards).sum(axis=1).min() >= near
    twice = encoder.encode([TEXTS[1], TEXTS[0], TEXTS[1]])
    np.testing.assert_array_equal(twice[0], twice[2])
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_openvino_is_imported_without_what_reports_its_use() -> None:
    """In a process of its own, as an import happens once."""
    if missing_packages("openvino-int8"):
        pytest.skip("openvino is not installed (extra 'fast')")
    code = (
        "import sys; from jobmatch_ml.ranking.backends import silence_openvino; "
        "silence_openvino(); import openvino; import openvino.tools.ovc as ovc; "
        "print(type(ovc.telemetry).__module__, sys.modules['openvino_telemetry'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["openvino.tools.ovc.telemetry_stub", "None"]


def test_an_unknown_backend_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'openvino-int8'"):
        backend_spec("openvino-int4")


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="extra 'fast'"):
        require_packages("openvino-int8")
    with pytest.raises(MissingExtraError, match="extra 'models'"):
        require_packages("torch-fp32")


def test_the_environment_sets_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert thread_count() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert thread_count() >= 1
