"""Notebooks as functions: strict parameters in, recorded values out, executed copy kept."""

from __future__ import annotations

from jobmatch_ml.notebook.execute import ExecutedNotebook, execute_notebook
from jobmatch_ml.notebook.records import read_records, record

__all__ = ["ExecutedNotebook", "execute_notebook", "read_records", "record"]
