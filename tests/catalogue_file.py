"""A catalogue file from a few offers, without the warehouse that makes real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.types import Offer


def write_catalogue(offers: Sequence[Offer], path: Path) -> Path:
    """Writes offers as Parquet and returns the path."""
    rows = [
        {
            **asdict(offer),
            "required_skills": list(offer.required_skills),
            "wished_skills": list(offer.wished_skills),
        }
        for offer in offers
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path
