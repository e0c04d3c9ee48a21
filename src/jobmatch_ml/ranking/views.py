"""How the two views of queries and documents become vectors: one place for every caller.

Notebooks, training, the command line and the service embed through here, so that a text has the
same vectors everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.types import Document, Query, TextEncoder


def embed_views(
    encoder: TextEncoder, items: Sequence[Document] | Sequence[Query]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns the title embeddings and the body embeddings of queries or documents.

    An empty body is represented by its title, and an empty title by its body, so that a missing
    view never votes for whatever the vector of the empty text is near to.

    Args:
        encoder: What embeds.
        items: Queries or documents.

    Returns:
        Two float32 arrays ``(n_items, dimension)``, rows of unit length.
    """
    views = [(join_views(item.title, ""), join_views("", item.text)) for item in items]
    titles = [title or body for title, body in views]
    bodies = [body or title for title, body in views]
    # One call: an encoder sorts all texts by length and embeds a repeated text once.
    vectors = np.asarray(encoder.encode([*titles, *bodies]), dtype=np.float32)
    return vectors[: len(items)], vectors[len(items) :]


def embed_joined(
    encoder: TextEncoder, items: Sequence[Document] | Sequence[Query]
) -> NDArray[np.float32]:
    """Returns one embedding of title and text together, ``(n_items, dimension)``."""
    texts = [join_views(item.title, item.text, separator=". ") for item in items]
    return np.asarray(encoder.encode(texts), dtype=np.float32)
