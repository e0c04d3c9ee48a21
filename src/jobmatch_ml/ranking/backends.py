"""What computes an encoder's vectors: torch, ONNX Runtime or OpenVINO, at a named precision.

torch is always there and needs no export. The others read a graph that was exported once for this
model, these library versions and this processor (:mod:`jobmatch_ml.ranking.backends_cache`). A
backend takes token ids and a mask and returns vectors; tokens, batches and unit length are the
encoder's business, so that all backends differ in nothing else.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import IntegrityError, UnknownNameError, missing_extra, suggest
from jobmatch_ml.ranking.precision import supports_bf16

Runner: TypeAlias = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]
"""Token ids and mask ``(n, length)`` → vectors ``(n, dimension)``, not yet of unit length."""


@dataclass(frozen=True, slots=True)
class BackendSpec:
    """A backend's library and what it needs.

    Args:
        library: What computes.
        precision: Of weights and products; int8 keeps norms, softmax and pooling in floats.
        packages: Modules that opening needs.
        export_packages: Modules that making the export needs besides.
        export: Folder of the export that it reads; empty: none.
        token_budget: Tokens a batch, padding included. On 2 cores calibrated int8 was fastest one
            text at a time, bf16 in batches of 32.
    """

    library: Literal["torch", "onnx", "openvino"]
    precision: Literal["fp32", "bf16", "int8"]
    packages: tuple[str, ...] = ("torch",)
    export_packages: tuple[str, ...] = ()
    export: str = ""
    token_budget: int = 4096


BACKENDS: dict[str, BackendSpec] = {
    "torch-fp32": BackendSpec("torch", "fp32"),
    "torch-bf16": BackendSpec("torch", "bf16"),
    "onnx-fp32": BackendSpec(
        "onnx", "fp32", ("onnxruntime",), ("onnxscript",), "onnx-fp32", token_budget=1024
    ),
    "onnx-int8": BackendSpec(
        "onnx", "int8", ("onnxruntime",), ("onnxscript", "onnx"), "onnx-int8", token_budget=1024
    ),
    "openvino-bf16": BackendSpec(
        "openvino", "bf16", ("openvino",), ("onnxscript",), "onnx-fp32", token_budget=2048
    ),
    "openvino-int8": BackendSpec(
        "openvino", "int8", ("openvino",), ("onnxscript", "nncf"), "openvino-int8", token_budget=512
    ),
}


def backend_spec(name: str) -> BackendSpec:
    """Returns a backend by name.

    Raises:
        UnknownNameError: There is none of that name; the message suggests the nearest.
    """
    if name not in BACKENDS:
        message = suggest(name, [*BACKENDS, "auto", "fastest"], kind="encoder backend")
        raise UnknownNameError(message, field="backend")
    return BACKENDS[name]


def missing_packages(name: str, *, to_export: bool = False) -> list[str]:
    """Returns which modules a backend lacks here."""
    spec = backend_spec(name)
    needed = spec.packages + (spec.export_packages if to_export else ())
    return [package for package in needed if importlib.util.find_spec(package) is None]


def require_packages(name: str, *, to_export: bool = False) -> None:
    """Refuses a backend whose libraries are not installed.

    Raises:
        MissingExtraError: One is not; the message names the extra.
    """
    missing = missing_packages(name, to_export=to_export)
    if missing:
        raise missing_extra(missing[0], "models" if missing[0] == "torch" else "fast")


def thread_count() -> int:
    """Returns how many threads to compute with: ``OMP_NUM_THREADS``, else this process's cores."""
    wished = os.environ.get("OMP_NUM_THREADS", "")
    if wished.isdecimal() and int(wished) > 0:
        return int(wished)
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def silence_openvino() -> None:
    """Keeps OpenVINO and NNCF from reporting their use; call it before either is imported.

    Importing OpenVINO sends an event to its makers, and NNCF sends one a quantisation. Both fall
    back to stubs of their own where the package that sends cannot be imported.
    """
    blocked: dict[str, Any] = {"openvino_telemetry": None}
    for name, module in blocked.items():
        sys.modules.setdefault(name, module)


def torch_runner(model: Any, precision: Literal["fp32", "bf16"]) -> Runner:
    """Returns the runner of a loaded sentence-transformers model, which it converts in place."""
    import torch

    model.eval()
    # A folder may hold bf16 weights: fp32 is asked for as such, not taken for granted.
    model.to(torch.bfloat16 if precision == "bf16" else torch.float32)

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        with torch.inference_mode():
            moved = {name: tensor.to(model.device) for name, tensor in features.items()}
            vectors: NDArray[np.float32] = model(moved)["sentence_embedding"].float().cpu().numpy()
        return vectors

    return run


def exported_runner(name: str, folder: Path) -> Runner:
    """Opens an export whose files were checked.

    Args:
        name: A backend that reads exports.
        folder: The export's folder.

    Raises:
        MissingExtraError: Its library is not installed.
        IntegrityError: The library cannot read the file.
    """
    require_packages(name)
    spec = backend_spec(name)
    try:
        if spec.library == "onnx":
            return _onnx_runner(folder)
        return _openvino_runner(folder, "bf16" if supports_bf16() else "f32")
    except RuntimeError as error:  # what both libraries' own errors derive from
        raise IntegrityError(
            f"{folder}: {spec.library} cannot read this export ({type(error).__name__}). Delete "
            "the folder; it is made again"
        ) from error


def _onnx_runner(folder: Path) -> Runner:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = thread_count()
    options.log_severity_level = 3  # errors: warnings are about the export's own constants
    # Waiting threads that spin take the cores from every other process of the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        feed = {"input_ids": ids, "attention_mask": mask}
        vectors: NDArray[np.float32] = session.run(None, feed)[0]
        return vectors

    return run


def _openvino_runner(folder: Path, precision: Literal["bf16", "f32"]) -> Runner:
    silence_openvino()
    import openvino

    core = openvino.Core()
    graph = next(path for path in (folder / "model.xml", folder / "model.onnx") if path.is_file())
    compiled = core.compile_model(
        core.read_model(graph),
        "CPU",
        {
            # Of what is not int8, where the graph is quantised.
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": thread_count(),
            "PERFORMANCE_HINT": "LATENCY",
        },
    )
    request = compiled.create_infer_request()
    # One request holds one batch's buffers; its threads use all cores anyway.
    lock = threading.Lock()

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        with lock:
            result = request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
            vectors: NDArray[np.float32] = np.array(result[0], dtype=np.float32)
        return vectors

    return run
