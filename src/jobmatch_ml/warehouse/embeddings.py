"""Vectors of an encoder as rows of the warehouse's embedding tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.types.tables import Table
from jobmatch_ml.warehouse.schema import arrow_schema


def embedding_rows(
    table: Table, ids: Sequence[str], vectors: NDArray[np.float32], *, model: str
) -> pa.Table:
    """Returns vectors as rows of an embedding table.

    Args:
        table: One of :data:`~jobmatch_ml.types.derived_tables.EMBEDDING_TABLES`.
        ids: Of offers or candidates, each once.
        vectors: Float32 ``(len(ids), dimension)``, no row all zero: it has no direction.
        model: Identity of what embedded (the bundle's SHA-256).

    Raises:
        InputError: Ids and vectors do not fit, an id comes twice, or a vector is zero or not
            finite.
    """
    if vectors.ndim != 2 or len(ids) != len(vectors) or len(set(ids)) != len(ids):
        raise InputError(
            f"{table.name}: expected one vector for each of {len(ids)} distinct ids; found "
            f"{len(set(ids))} distinct ids and vectors of shape {vectors.shape}"
        )
    norms = np.linalg.norm(vectors, axis=1)
    if bad := int((~(norms > 0) | ~np.isfinite(norms)).sum()):
        raise InputError(
            f"{table.name}: {bad} of {len(ids)} vectors are zero or not finite: embed them again"
        )
    dimension = vectors.shape[1]
    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
    now = datetime.now(UTC)
    columns = {
        table.id_column: pa.array(ids, pa.string()),
        "embedding": pa.FixedSizeListArray.from_arrays(flat, dimension),
        "embedding_model": pa.repeat(pa.scalar(model), len(ids)),
        "embedding_dimension": pa.repeat(pa.scalar(dimension), len(ids)),
        "ingestion_date": pa.repeat(pa.scalar(now.date()), len(ids)),
        "created_at": pa.repeat(pa.scalar(now, pa.timestamp("us", "UTC")), len(ids)),
    }
    return pa.table(columns).cast(arrow_schema(table))
