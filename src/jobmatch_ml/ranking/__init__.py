"""The rankers: from random to learned, all behind one protocol and one registry."""

from __future__ import annotations

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

__all__ = [
    "RANKERS",
    "RankerContext",
    "create_ranker",
    "read_corpus",
    "read_qrels",
    "read_queries",
    "read_run",
    "write_corpus",
    "write_qrels",
    "write_queries",
    "write_run",
]
