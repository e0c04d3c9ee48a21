"""Texts are embedded once, and come back in the order asked for."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.ranking.remembering import RememberingEncoder
from tests.toy import ToyEncoder


def test_a_text_is_embedded_once_whoever_asks() -> None:
    inner = ToyEncoder()
    encoder = RememberingEncoder(inner)
    first = encoder.encode(["pain", "levain", "pain"])
    again = encoder.encode(["levain", "maçon", "pain"])
    np.testing.assert_array_equal(first[[1, 0]], again[[0, 2]])
    np.testing.assert_array_equal(again, ToyEncoder().encode(["levain", "maçon", "pain"]))
    assert inner.calls == [2, 1]
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert (encoder.name, encoder.dimension) == (inner.name, inner.dimension)
