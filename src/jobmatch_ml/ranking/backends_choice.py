"""Which backend an encoder runs on: as asked, as remembered, else torch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Literal, cast

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.ranking.backends import Runner, backend_spec, torch_runner
from jobmatch_ml.ranking.backends_cache import ExportCache, model_fingerprint
from jobmatch_ml.ranking.backends_export import TokenIds
from jobmatch_ml.ranking.precision import Precision, resolve_precision
from jobmatch_ml.settings import get_settings

logger = logging.getLogger(__name__)

AUTOMATIC = ("auto", "fastest")


def wished_backend(precision: Precision, backend: str) -> str:
    """Returns the backend's name, ``auto`` or ``fastest``, from the two options and the setting.

    Args:
        precision: ``fp32`` and ``bf16`` mean torch.
        backend: A backend's name, ``auto`` or ``fastest``.

    Raises:
        InputError: The two contradict each other.
        UnknownNameError: No such backend, here or in ``JOBMATCH_ENCODER_BACKEND``.
    """
    if precision != "auto":
        wished = f"torch-{precision}"
        if backend not in ("auto", wished):
            raise InputError(
                f"precision is {precision}, which means the backend {wished}, and backend is "
                f"{backend}; give one of the two",
                field="backend",
            )
        return wished
    wished = get_settings().encoder_backend if backend == "auto" else backend
    if wished not in AUTOMATIC:
        backend_spec(wished)
    return wished


def export_cache(model: Any) -> ExportCache:
    """Returns where a loaded model's exports and its remembered choice are on this machine."""
    return ExportCache(get_settings().encoder_exports, model_fingerprint(model))


def open_backend(wished: str, model: Any, sample_ids: Callable[[], TokenIds]) -> tuple[str, Runner]:
    """Opens the backend that was asked for, or the best one known here.

    What was asked for by name is made where it is not there. What was only remembered is not: when
    its export or library is gone, torch takes its place, with a warning.

    Args:
        wished: A backend's name or ``auto``.
        model: The loaded model; torch backends convert it in place.
        sample_ids: Gives French texts as token ids, to make an export with.

    Returns:
        The backend's name and its runner.

    Raises:
        MissingExtraError: A library of a backend that was asked for is not installed.
        IntegrityError: Its export does not give the model's vectors.
    """
    if wished in AUTOMATIC:
        return _open_remembered(model)
    spec = backend_spec(wished)
    if spec.library == "torch":
        return wished, torch_runner(model, cast("Literal['fp32', 'bf16']", spec.precision))
    return wished, export_cache(model).open(wished, model.float(), sample_ids)


def _open_remembered(model: Any) -> tuple[str, Runner]:
    precision = resolve_precision("auto")
    fallback = f"torch-{precision}"
    # An accelerator computes in torch, whatever was measured on the processor.
    if model.device.type == "cpu":
        cache = export_cache(model)
        choice = cache.choice()
        if choice is not None and backend_spec(choice.backend).library == "torch":
            precision = cast("Literal['fp32', 'bf16']", backend_spec(choice.backend).precision)
            fallback = choice.backend
        elif choice is not None:
            try:
                return choice.backend, cache.open_existing(choice.backend)
            except JobMatchError as error:
                logger.warning("the encoder runs on %s: %s", fallback, error)
    return fallback, torch_runner(model, precision)
