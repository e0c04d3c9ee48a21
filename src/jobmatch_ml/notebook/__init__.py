"""Notebooks as functions: strict parameters in, recorded values out, executed copy kept."""

from __future__ import annotations

import warnings

from jobmatch_ml.notebook.execute import ExecutedNotebook, execute_notebook
from jobmatch_ml.notebook.records import read_records, record

__all__ = ["ExecutedNotebook", "execute_notebook", "read_records", "record"]

# Progress bars are text on purpose: widgets would be lost in the executed copies. tqdm warns of it.
warnings.filterwarnings("ignore", message="IProgress not found")
