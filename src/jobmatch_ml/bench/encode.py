"""What sorting by length and bf16 weights are worth when French texts are embedded."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from jobmatch_ml.bench.harness import measure
from jobmatch_ml.ranking.encoder import Precision, SentenceTransformerEncoder
from jobmatch_ml.reference import load_occupations
from jobmatch_ml.settings import get_settings

# name, weights, sorted by length; the first is what the others are compared with.
_VARIANTS: tuple[tuple[str, Precision, bool], ...] = (
    ("fp32, shuffled", "fp32", False),
    ("fp32, sorted", "fp32", True),
    ("bf16, sorted", "bf16", True),
)


def run_encode_bench(
    *, n_texts: int = 200, repeats: int = 3, max_length_tokens: int = 256, model: str = "packaged"
) -> list[dict[str, Any]]:
    """Embeds the same texts with each variant of the encoder.

    Args:
        n_texts: Distinct texts, titles and bodies of offers mixed as in an index.
        repeats: Timed passes a variant, after one over a few texts that does not count.
        max_length_tokens: Window of the encoder.
        model: ``packaged``, a folder or a hub name.

    Returns:
        One row a variant: texts/s, ratio to the first variant, padded tokens per real token, mean
        and lowest cosine to the first variant's vectors.
    """
    texts = french_texts(n_texts)
    rows: list[dict[str, Any]] = []
    reference: NDArray[np.float32] | None = None
    for name, precision, by_length in _VARIANTS:
        encoder = SentenceTransformerEncoder(
            model,
            max_length_tokens=max_length_tokens,
            precision=precision,
            sort_by_length=by_length,
        )
        encoder.encode(texts[: encoder.batch_size])
        vectors = encoder.encode(texts)
        reference = vectors if reference is None else reference
        timing = measure(lambda encoder=encoder: encoder.encode(texts), repeats=repeats, warmup=0)  # type: ignore[misc]
        cosines = (vectors * reference).sum(axis=1)
        rows.append(
            {
                "variant": name,
                "texts_per_s": round(len(texts) / timing.median_s, 1),
                "ratio": 1.0,
                "padded_per_real_token": round(padding_ratio(encoder, texts), 2),
                "mean_cosine": round(float(cosines.mean()), 5),
                "min_cosine": round(float(cosines.min()), 5),
            }
        )
        rows[-1]["ratio"] = round(rows[-1]["texts_per_s"] / rows[0]["texts_per_s"], 2)
    return rows


def padding_ratio(encoder: SentenceTransformerEncoder, texts: list[str]) -> float:
    """Returns tokens computed, padding included, per token of the texts."""
    counts = [encoder.count_tokens(batch) for batch in encoder.batches(texts)]
    return sum(len(batch) * max(batch) for batch in counts) / sum(map(sum, counts))


def french_texts(n_texts: int) -> list[str]:
    """Returns distinct French texts in a fixed shuffled order, half titles and half bodies.

    They are the sample world's offers; where the checkout has none, the occupations' own wording.
    """
    folder = get_settings().under_root(Path("data/sample/bronze/france_travail/offers"))
    pairs = [
        (offer["intitule"], offer["description"])
        for path in sorted(folder.rglob("offer_*.json"))
        for offer in orjson.loads(path.read_bytes())["resultats"]
    ]
    pairs = pairs or [(o.label, " ".join(t.offer for t in o.tasks)) for o in load_occupations()]
    titles, bodies = (
        [*dict.fromkeys(column)][: n_texts // 2] for column in zip(*pairs, strict=True)
    )
    texts = [*dict.fromkeys([*titles, *bodies])]
    random.Random(0).shuffle(texts)
    return texts
