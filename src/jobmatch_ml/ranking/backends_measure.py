"""Measures an encoder's backends on this machine, and remembers the fastest faithful one.

A backend is faithful when it ranks as well as torch in fp32: its vectors are near (mean cosine),
and on French retrieval sets with known answers its nDCG@10 is lower by at most 0.005 in the mean.
What int8 costs is a matter of the model and of how its ranges were found, so it is never assumed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, IntegrityError
from jobmatch_ml.ranking.backends import BACKENDS, backend_spec, missing_packages
from jobmatch_ml.ranking.backends_cache import Choice
from jobmatch_ml.ranking.backends_choice import export_cache
from jobmatch_ml.ranking.backends_export import position_count
from jobmatch_ml.ranking.backends_texts import RetrievalSet, retrieval_sets, timing_texts
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.ranking.precision import resolve_precision, supports_bf16
from jobmatch_ml.types import TextEncoder

REFERENCE = "torch-fp32"
LARGEST_LOSS = 0.005
LEAST_MEAN_COSINE = 0.98
_ROUNDS = 3
_WINDOW = 256  # tokens
_K = 10


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a backend's ranking loses against the reference.

    Args:
        ndcg: Mean nDCG@10 over all queries.
        loss: The reference's mean nDCG@10 minus this one's; negative where this one is better.
        overlap: Mean share of the reference's ten best documents that are among this one's.
        mean_cosine: Of the texts' vectors to the reference's.
        min_cosine: The lowest.
    """

    ndcg: float
    loss: float
    overlap: float
    mean_cosine: float
    min_cosine: float

    @property
    def faithful(self) -> bool:
        """Whether the backend may take the reference's place."""
        return self.loss <= LARGEST_LOSS and self.mean_cosine >= LEAST_MEAN_COSINE


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Vectors and rankings of the retrieval sets under one backend."""

    vectors: NDArray[np.float32]
    best: NDArray[np.int64]  # (n_queries, 10), rows of document positions
    gains: NDArray[np.float64]  # (n_queries,), nDCG@10


def fastest_backend(model: str | Path, *, revision: str | None = None) -> str:
    """Returns the remembered choice for a model, measuring first where there is none.

    Args:
        model: A local folder, a hub name, or ``packaged``.
        revision: Commit or tag of a hub model.
    """
    loaded = load_model(model, revision)
    if loaded.device.type != "cpu":
        return f"torch-{resolve_precision('auto')}"
    choice = export_cache(loaded).choice()
    return (choice or measure_backends(model, revision=revision)).backend


def measure_backends(
    model: str | Path, *, revision: str | None = None, names: Iterable[str] | None = None
) -> Choice:
    """Exports, measures and compares backends on this machine; remembers and returns the choice.

    Takes a minute or two on two cores. The texts are French and come with the package.

    Args:
        model: A local folder, a hub name, or ``packaged``.
        revision: Commit or tag of a hub model.
        names: Backends to compare; default: all whose libraries are installed. The reference is
            always among them.

    Raises:
        UnknownNameError: No such backend.
        MissingExtraError: A named backend's library is not installed.
    """
    chosen = list(dict.fromkeys([REFERENCE, *(candidates() if names is None else names)]))
    for name in chosen:
        backend_spec(name)
    loaded = load_model(model, revision)
    cache, window = export_cache(loaded), min(_WINDOW, position_count(loaded))
    encoders, refused = _open_all(chosen, model, revision, window)
    speeds = time_encoders(encoders, timing_texts())
    fidelity = compare_fidelity(encoders)
    slowest = speeds[REFERENCE]["texts_per_s"]
    rows: list[dict[str, Any]] = [
        {
            "backend": name,
            "ratio": round(speeds[name]["texts_per_s"] / slowest, 2),
            **speeds[name],
            **{key: round(value, 5) for key, value in asdict(fidelity[name]).items()},
            "refused": _objection(fidelity[name]),
        }
        for name in encoders
    ]
    best = max((row for row in rows if not row["refused"]), key=lambda row: row["texts_per_s"])
    choice = Choice(
        backend=best["backend"],
        reason=(
            f"{best['ratio']} times as fast as {REFERENCE}, nDCG@10 {-best['loss']:+.4f}, "
            f"mean cosine {best['mean_cosine']:.4f}"
        ),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=[*rows, *refused],
    )
    cache.remember(choice)
    return choice


def candidates() -> list[str]:
    """Returns the backends that can be made and opened here."""
    return [
        name
        for name, spec in BACKENDS.items()
        if not missing_packages(name, to_export=True)
        and (spec.precision != "bf16" or supports_bf16())
    ]


def time_encoders(
    encoders: Mapping[str, TextEncoder], texts: Sequence[str], *, rounds: int = _ROUNDS
) -> dict[str, dict[str, float]]:
    """Times encoders on the same texts, in turns, so that a busy moment hits all of them.

    Returns:
        For each name ``texts_per_s`` (of the fastest round), ``cpu_ms_per_text`` (all threads, the
        least) and ``latency_ms`` of one middle text alone (the fastest of five).
    """
    if not texts:
        raise InputError("no texts to time with; expected at least one")
    wall: dict[str, list[float]] = {name: [] for name in encoders}
    cpu: dict[str, list[float]] = {name: [] for name in encoders}
    for encoder in encoders.values():
        encoder.encode(texts)  # compiles for these shapes
    for _ in range(rounds):
        for name, encoder in encoders.items():
            before = time.perf_counter(), time.process_time()
            encoder.encode(texts)
            wall[name].append(time.perf_counter() - before[0])
            cpu[name].append(time.process_time() - before[1])
    middle = sorted(texts, key=len)[len(texts) // 2]
    return {
        name: {
            "texts_per_s": round(len(texts) / min(wall[name]), 1),
            "cpu_ms_per_text": round(1000 * min(cpu[name]) / len(texts), 2),
            "latency_ms": round(1000 * _latency(encoder, middle), 1),
        }
        for name, encoder in encoders.items()
    }


def compare_fidelity(
    encoders: Mapping[str, TextEncoder], sets: Sequence[RetrievalSet] | None = None
) -> dict[str, Fidelity]:
    """Compares encoders with the first of them on retrieval sets with known answers.

    Args:
        encoders: By name; the first is the reference.
        sets: Retrieval sets; default: those of the package.
    """
    sets = retrieval_sets() if sets is None else sets
    ranked = {name: _rank(encoder, sets) for name, encoder in encoders.items()}
    reference = next(iter(ranked.values()))
    return {name: _fidelity(found, reference) for name, found in ranked.items()}


def _rank(encoder: TextEncoder, sets: Sequence[RetrievalSet]) -> Ranked:
    vectors, best, gains = [], [], []
    for item in sets:
        both = encoder.encode([*item.queries, *item.documents])
        queries, documents = both[: len(item.queries)], both[len(item.queries) :]
        scores = queries @ documents.T  # (n_queries, n_documents)
        # Stable, so that equal scores rank in the order of the documents.
        order = np.argsort(-scores, axis=1, kind="stable")[:, :_K]
        hits = order == np.asarray(item.answers)[:, None]
        discounts = 1 / np.log2(np.arange(2, order.shape[1] + 2))
        vectors.append(both)
        best.append(order)
        gains.append((hits * discounts).sum(axis=1))
    return Ranked(np.vstack(vectors), np.vstack(best), np.concatenate(gains))


def _fidelity(found: Ranked, reference: Ranked) -> Fidelity:
    cosines = (found.vectors * reference.vectors).sum(axis=1)
    shared = (found.best[:, :, None] == reference.best[:, None, :]).any(axis=2)
    return Fidelity(
        ndcg=float(found.gains.mean()),
        loss=float((reference.gains - found.gains).mean()),
        overlap=float(shared.mean()),
        mean_cosine=float(cosines.mean()),
        min_cosine=float(cosines.min()),
    )


def _objection(found: Fidelity) -> str:
    if found.faithful:
        return ""
    if found.loss > LARGEST_LOSS:
        return f"nDCG@10 lower by {found.loss:.4f} (at most {LARGEST_LOSS})"
    return f"mean cosine {found.mean_cosine:.4f} (at least {LEAST_MEAN_COSINE})"


def _open_all(
    names: Sequence[str], model: str | Path, revision: str | None, window: int
) -> tuple[dict[str, SentenceTransformerEncoder], list[dict[str, Any]]]:
    encoders: dict[str, SentenceTransformerEncoder] = {}
    refused: list[dict[str, Any]] = []
    for name in tqdm(names, desc="export", unit="backend", delay=2, leave=False):
        try:
            encoders[name] = SentenceTransformerEncoder(
                model, revision=revision, max_length_tokens=window, backend=name
            )
        except IntegrityError as error:
            # One backend that cannot carry this model is a result, not the end.
            refused.append({"backend": name, "refused": str(error)})
    return encoders, refused


def _latency(encoder: TextEncoder, text: str) -> float:
    times = []
    for _ in range(6):  # the first compiles for this shape
        started = time.perf_counter()
        encoder.encode([text])
        times.append(time.perf_counter() - started)
    return min(times[1:])
