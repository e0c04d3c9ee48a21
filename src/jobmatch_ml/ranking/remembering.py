"""An encoder that embeds a text once: stages that look at the same corpus share its vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.types import TextEncoder


class RememberingEncoder:
    """Keeps the vector of every text that it has embedded, for as long as it lives.

    Args:
        encoder: What embeds. A batch gives other last bits than a text alone; here a text has one
            vector, whichever stage asked first.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        self.encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """Name of the encoder."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns embeddings ``(n_texts, dimension)``; only new texts cost time."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            found = np.asarray(self.encoder.encode(new), dtype=np.float32)
            self._vectors.update(zip(new, found, strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._vectors[text] for text in texts])
