"""Strict execution of one notebook with papermill.

What papermill leaves open is closed here: unknown or unsafe parameters are refused before a kernel
starts; the kernel is this very interpreter, whatever kernel specs the machine has; the source is
never overwritten; the executed copy stays when a cell fails, and names its parameters and code.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml import errors
from jobmatch_ml.errors import InputError, JobMatchError, NotebookError, missing_extra
from jobmatch_ml.notebook.parameters import Value, check_values, notebook_parameters
from jobmatch_ml.notebook.records import find_records
from jobmatch_ml.notebook.source import load_notebook

logger = logging.getLogger(__name__)

KERNEL = "python3"

# The kernel's environment on top of ours: same hashes every time, no spinning thread pools (they
# cost 2-10x beside a second busy process), figures inside the notebook whatever MPLBACKEND we have.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_WAIT_POLICY": "PASSIVE",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


@dataclass(frozen=True, slots=True)
class ExecutedNotebook:
    """A notebook that ran to its end.

    Args:
        path: The executed copy.
        parameters: The values that were given (the defaults of the others stand in the notebook).
        records: What the notebook recorded.
        duration_s: Wall time, the kernel's start included.
    """

    path: Path
    parameters: dict[str, Value]
    records: dict[str, Any]
    duration_s: float


def execute_notebook(
    source: Path,
    output: Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    cwd: Path,
    timeout_s: int = 600,
    kernel: str = KERNEL,
    lineage: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    progress: bool = False,
) -> ExecutedNotebook:
    """Runs a notebook in a fresh kernel and keeps the executed copy, on failure too.

    Args:
        source: The notebook; never written to.
        output: Where the executed copy goes; its folders are made.
        parameters: Values for names that the notebook's parameters cell declares.
        cwd: Working directory of the kernel: the project's root.
        timeout_s: Longest time one cell may take, in seconds.
        kernel: ``python3`` is always this interpreter; another name must be an installed kernel.
        lineage: What made this run (git commit, config hash), kept in the copy's metadata.
        environment: Variables for the kernel on top of this process's own.
        progress: Show papermill's bar of cells on stderr.

    Raises:
        MissingFileError, FormatError: The source is missing or not a notebook.
        NotebookError: The notebook or a parameter was refused (then nothing ran or was written), or
            a cell failed: the message names cell, exception class and the executed copy.
    """
    source, output = source.resolve(), output.resolve()
    if source == output:
        raise InputError(f"{source}: the executed copy would overwrite the source", field="output")
    declared = notebook_parameters(load_notebook(source))
    values = check_values(declared, parameters or {}, where=str(source))
    output.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="jobmatch-ipython-") as profile:
        # An empty profile folder: the user's own IPython start-up files would be hidden state.
        variables = {**KERNEL_ENVIRONMENT, **(environment or {}), "IPYTHONDIR": profile}
        node = _prepare(source, values, dict(lineage or {}))
        options = {"cwd": str(cwd), "execution_timeout": timeout_s, "progress_bar": progress}
        _run(node, source, output, kernel=kernel, variables=variables, options=options)
    duration_s = time.perf_counter() - started
    logger.info("%s ran in %.1f s", source.name, duration_s)
    return ExecutedNotebook(output, values, find_records(load_notebook(output)), duration_s)


def _prepare(source: Path, values: Mapping[str, Value], lineage: dict[str, Any]) -> Any:
    """Returns the notebook with its parameters injected and its lineage in the metadata."""
    try:
        import papermill.iorw  # comes with an extra
        import papermill.parameterize
    except ImportError as error:
        raise missing_extra("papermill", "notebooks") from error
    node = papermill.iorw.load_notebook_node(str(source))
    if values:
        node = papermill.parameterize.parameterize_notebook(
            node, dict(values), kernel_name=KERNEL, language="python", comment="Given parameters"
        )
    node.metadata["jobmatch"] = {"source": source.name, "parameters": dict(values), **lineage}
    return node


def _run(
    node: Any,
    source: Path,
    output: Path,
    *,
    kernel: str,
    variables: Mapping[str, str],
    options: Mapping[str, Any],
) -> None:
    import papermill  # comes with an extra; _prepare said so if it is missing
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    manager = _this_interpreter(variables) if kernel == KERNEL else None
    extra = {"kernel_manager_class": manager} if manager else {}
    # papermill formats output names like "{date}.ipynb"; a brace in a folder's name is no template.
    target = str(output).replace("{", "{{").replace("}", "}}")
    try:
        papermill.execute_notebook(
            node, target, kernel_name=kernel, language="python", **options, **extra
        )
    except PapermillExecutionError as error:
        place = _failed_cell(output)
        raise NotebookError(_explain(source, output, place, error.ename, error.evalue)) from error
    except CellTimeoutError as error:
        detail = f"took longer than {options['execution_timeout']} s"
        place = _last_started_cell(output)
        raise NotebookError(
            _explain(source, output, place, "CellTimeoutError", detail, public=True)
        ) from error
    except DeadKernelError as error:
        detail = "the kernel died, most often for want of memory"
        place = _last_started_cell(output)
        raise NotebookError(
            _explain(source, output, place, "DeadKernelError", detail, public=True)
        ) from error


def _this_interpreter(variables: Mapping[str, str]) -> type:
    """Returns a kernel manager that starts ``sys.executable``, never a kernel spec of the machine.

    A ``python3`` spec found by name may belong to another environment that lacks this package.
    """
    import zmq
    from jupyter_client.kernelspec import KernelSpec  # comes with papermill
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    command = [sys.executable, "-m", "ipykernel_launcher"]
    spec = KernelSpec(
        argv=[*command, "--log-level=CRITICAL", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
        env=dict(variables),
        metadata={"supported_encryption": ["curve"]},
    )

    class InterpreterKernel(AsyncKernelManager):
        """Starts this interpreter."""

        @property
        def kernel_spec(self) -> KernelSpec:
            """The one spec that is ever used."""
            return spec

        @default("transport_encryption")
        def _encrypts_where_it_can(self) -> str:
            # Cells and outputs travel over loopback TCP, by default in plain text.
            return "auto" if zmq.has("curve") else "disabled"

    return InterpreterKernel


def _explain(
    source: Path, output: Path, place: str, name: str, detail: str, *, public: bool = False
) -> str:
    # Another library's message may quote the data it choked on; ours never hold personal text.
    ours = isinstance(getattr(errors, name, None), type) and issubclass(
        getattr(errors, name), JobMatchError
    )
    said = f" ({detail})" if public or ours else ""
    return (
        f"{source.name}, {place}: {name}{said}. The executed copy with the full traceback is "
        f"{_shown(output)}"
    )


def _failed_cell(output: Path) -> str:
    for cell in _source_cells(output):
        outputs = cell.get("outputs", [])
        if any(item.get("output_type") == "error" for item in outputs):
            return f"cell {cell['index']}"
    return "an unknown cell"


def _last_started_cell(output: Path) -> str:
    started = [
        cell["index"]
        for cell in _source_cells(output)
        if cell.get("metadata", {}).get("papermill", {}).get("start_time")
    ]
    return f"cell {started[-1]}" if started else "before its first cell"


def _source_cells(output: Path) -> list[dict[str, Any]]:
    """Returns the copy's cells numbered as in the source, without what papermill put in between."""
    if not output.exists():
        return []
    added = {"injected-parameters", "papermill-error-cell-tag"}
    cells = orjson.loads(output.read_bytes())["cells"]
    kept = [cell for cell in cells if not added & set(cell["metadata"].get("tags", ()))]
    return [{**cell, "index": index} for index, cell in enumerate(kept)]


def _shown(path: Path) -> str:
    inside = path.is_relative_to(Path.cwd())
    return os.path.relpath(path) if inside else str(path)
