"""From a sentence-transformers model to graphs that ONNX Runtime and OpenVINO read.

The fp32 ONNX graph comes first, and the int8 graphs are made from it. It holds the whole model,
pooling and norm included, with free batch and length. ONNX Runtime fuses it when it is opened
(norms, activations); its own offline optimiser found nothing more to fuse in these graphs.
"""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import IntegrityError
from jobmatch_ml.ranking.backends import (
    exported_runner,
    require_packages,
    silence_openvino,
    torch_runner,
)
from jobmatch_ml.ranking.batching import pad

ONNX_FILE = "model.onnx"
OPENVINO_FILE = "model.xml"

_CHECKED_TEXTS = 16
# What rounding alone may cost; whether an export ranks as well is measured apart.
_LEAST_COSINE = {"onnx-fp32": 0.9999, "onnx-int8": 0.9, "openvino-int8": 0.95}

TokenIds = Sequence[NDArray[np.int32]]


def write_export(export: str, out_dir: Path, *, model: Any, base: Path, texts: TokenIds) -> None:
    """Writes one export's files into an empty folder, and compares its vectors with torch's.

    Args:
        export: ``onnx-fp32``, ``onnx-int8`` or ``openvino-int8``.
        out_dir: Empty folder.
        model: The sentence-transformers model, fp32; it is not changed.
        base: Folder of the ``onnx-fp32`` export; for that export itself not read.
        texts: French texts as token ids: int8 takes its ranges from them, and some are compared.

    Raises:
        MissingExtraError: A library that exporting needs is not installed.
        IntegrityError: The export's vectors are not the model's: it must not be used.
    """
    require_packages(export, to_export=True)
    if export == "onnx-fp32":
        _export_onnx(model, out_dir / ONNX_FILE)
    elif export == "onnx-int8":
        _quantize_onnx(base / ONNX_FILE, out_dir / ONNX_FILE)
    else:
        _quantize_openvino(base / ONNX_FILE, out_dir / OPENVINO_FILE, texts)
    _check(export, out_dir, model, texts[:: max(1, len(texts) // _CHECKED_TEXTS)])


def _export_onnx(model: Any, path: Path) -> None:
    import torch
    from torch.export import Dim

    class Sentence(torch.nn.Module):  # type: ignore[misc]
        """The model as a function of two tensors, which is what a graph has for inputs."""

        def __init__(self, inner: Any) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.inner(features)["sentence_embedding"]

    inner = copy.deepcopy(model).to("cpu").float().eval()
    # Plain products and softmax: fused attention exports as a longer graph.
    inner[0].auto_model.set_attn_implementation("eager")
    ids = torch.ones((3, 8), dtype=torch.long)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0  # padded, so that nothing is taken for constant
    free = {0: Dim("batch", min=1, max=65_536), 1: Dim("length", min=2, max=position_count(inner))}
    with _quiet():
        program = torch.onnx.export(
            Sentence(inner).eval(),
            (ids, mask),
            dynamo=True,
            dynamic_shapes={"input_ids": free, "attention_mask": free},
            input_names=["input_ids", "attention_mask"],
            # Not "embedding": the exporter gives that name to a tensor of its own as well.
            output_names=["sentence_vector"],
            verbose=False,
        )
        program.save(str(path))


def position_count(model: Any) -> int:
    """Returns the longest input that the model has positions for."""
    positions = getattr(model[0].auto_model.config, "max_position_embeddings", None)
    return int(positions or 65_536)


def _quantize_onnx(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True)


def _quantize_openvino(source: Path, target: Path, texts: TokenIds) -> None:
    silence_openvino()
    import nncf
    import openvino

    batches = [pad([ids], pad_id=0) for ids in texts]
    samples = [{"input_ids": ids, "attention_mask": mask} for ids, mask in batches]
    with _quiet():
        quantised = nncf.quantize(
            openvino.Core().read_model(source),
            nncf.Dataset(samples),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(samples),
        )
    openvino.save_model(quantised, target, compress_to_fp16=False)


def _check(export: str, folder: Path, model: Any, texts: TokenIds) -> None:
    exported = exported_runner(export, folder)
    reference = torch_runner(copy.deepcopy(model).to("cpu"), "fp32")
    for ids in texts:
        batch = pad([ids, ids[: max(2, len(ids) // 2)]], pad_id=0)
        here, there = (_unit(run(*batch)) for run in (exported, reference))
        lowest = float((here * there).sum(axis=1).min())
        # Written so that NaN fails too.
        if not lowest >= _LEAST_COSINE[export]:
            raise IntegrityError(
                f"the export {export} gives other vectors than the model (cosine {lowest:.4f}, "
                f"expected at least {_LEAST_COSINE[export]}): it is not kept; torch still works"
            )


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps exporters' notes off the screen: they print, log and warn about their own insides."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
