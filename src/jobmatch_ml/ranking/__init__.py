"""The rankers: from random to learned, all behind one protocol and one registry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jobmatch_ml.ranking.beir import (
    read_corpus,
    read_qrels,
    read_queries,
    read_run,
    write_corpus,
    write_qrels,
    write_queries,
    write_run,
)
from jobmatch_ml.ranking.registry import RANKERS, RankerContext, create_ranker

if TYPE_CHECKING:
    from jobmatch_ml.ranking.bundle import load_bundle, write_bundle

__all__ = [
    "RANKERS",
    "RankerContext",
    "create_ranker",
    "load_bundle",
    "read_corpus",
    "read_qrels",
    "read_queries",
    "read_run",
    "write_bundle",
    "write_corpus",
    "write_qrels",
    "write_queries",
    "write_run",
]

# Configuration and vectors are not needed to read a BEIR folder.
_ON_FIRST_USE = {"load_bundle", "write_bundle"}


def __getattr__(name: str) -> Any:
    if name in _ON_FIRST_USE:
        return getattr(import_module("jobmatch_ml.ranking.bundle"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
