"""Values that a notebook hands over: ``record`` inside it, ``read_records`` outside.

A record travels as an output of a custom MIME type in the executed notebook, so it survives in the
copy, is shown as a short line in JupyterLab, and is never parsed from printed text.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import numpy as np

from jobmatch_ml.errors import InputError, NotebookError
from jobmatch_ml.notebook.source import Notebook, load_notebook

MIME_TYPE = "application/vnd.jobmatch.record+json"

logger = logging.getLogger(__name__)


def record(**values: Any) -> dict[str, Any]:
    """Records named values in the notebook that runs this; the last cell of every notebook does.

    Works in JupyterLab and under papermill alike. As plain Python it only logs how many there were.

    Args:
        **values: Numbers, texts, booleans, ``None``, and lists or dictionaries of those. A later
            record of the same name wins. ``artifacts=[path, …]`` names small files (plots, tables)
            that a pipeline attaches to the stage's MLflow run.

    Returns:
        The values as plain Python, as ``read_records`` will give them back.

    Raises:
        InputError: A value that JSON cannot carry faithfully: NaN, infinity, an object, a path.
    """
    plain = {name: _plain(value, name) for name, value in values.items()}
    try:
        from IPython import get_ipython  # not needed outside notebooks
        from IPython.display import display
    except ImportError:  # a core installation without the notebooks extra
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        logger.info("%d values recorded outside a notebook; nothing keeps them", len(plain))
        return plain
    text = "recorded: " + ", ".join(f"{name}={_short(value)}" for name, value in plain.items())
    display({MIME_TYPE: plain, "text/plain": text}, raw=True)
    return plain


def read_records(path: Path) -> dict[str, Any]:
    """Reads the values that an executed notebook recorded.

    Returns:
        Values by name; where a name was recorded twice, the later one.

    Raises:
        MissingFileError: There is no such notebook.
        FormatError: It is not a notebook.
        NotebookError: It holds no records: it was not executed, or it failed before.
    """
    records = find_records(load_notebook(path))
    if not records:
        raise NotebookError(
            f"{path} holds no records: expected an executed notebook whose last cell calls "
            "record(...); run it with `jobmatch notebook run`"
        )
    return records


def find_records(notebook: Notebook) -> dict[str, Any]:
    """Returns the recorded values of a notebook already read; empty when there are none."""
    records: dict[str, Any] = {}
    for cell in notebook.code_cells:
        for output in cell.raw.get("outputs", []):
            values = output.get("data", {}).get(MIME_TYPE, {})
            records.update(values)
    return records


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise InputError(
            f"record({name}=…) is {value}; expected a finite number. Leave it out, or record None "
            "where the value is not known",
            field=name,
        )
    if isinstance(value, list | tuple):
        return [_plain(item, f"{name}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item, f"{name}.{key}") for key, item in value.items()}
    raise InputError(
        f"record({name}=…) is a {type(value).__name__}; expected a number, text, boolean, None, or "
        "lists and dictionaries (with text keys) of those. Write a path as str(path)",
        field=name,
    )


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
