"""Every backend of an encoder side by side: speed, and what its rankings lose, in one run."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.ranking.backends_measure import (
    REFERENCE,
    candidates,
    compare_fidelity,
    time_encoders,
)
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries
from jobmatch_ml.ranking.dual_view import ZeroShotRanker
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.reference import load_occupations
from jobmatch_ml.settings import get_settings

_SHUFFLED = f"{REFERENCE}, shuffled"


def run_encode_bench(
    *,
    n_texts: int = 200,
    repeats: int = 3,
    max_length_tokens: int = 256,
    model: str = "packaged",
    backends: list[str] | str = "",
    folders: list[str] | str = "",
) -> list[dict[str, Any]]:
    """Embeds the same texts with each backend, in turns.

    Args:
        n_texts: Distinct texts, titles and bodies of offers mixed as in an index.
        repeats: Timed passes a backend, after one that does not count.
        max_length_tokens: Window of the encoder.
        model: ``packaged``, a folder or a hub name.
        backends: Backends to compare with ``torch-fp32``; default: all that are installed.
        folders: BEIR folders to compare rankings on too, by a paired test.

    Returns:
        One row a backend: texts/s, ratio to ``torch-fp32`` sorted by tokens, CPU time a text,
        latency of one text, padded tokens per real token, cosines to fp32, and nDCG@10 lost on the
        package's French retrieval sets; then one row a folder and backend.

    Raises:
        InputError: ``n_texts`` < 2 or ``repeats`` < 1.
    """
    if n_texts < 2 or repeats < 1:
        raise InputError(f"n_texts is {n_texts}, repeats {repeats}; expected at least 2 and 1")
    names = [backends] if isinstance(backends, str) else backends
    names = names if any(names) else candidates()
    encoders = {
        name: SentenceTransformerEncoder(model, max_length_tokens=max_length_tokens, backend=name)
        for name in dict.fromkeys([REFERENCE, *names])
    }
    fidelity = compare_fidelity(encoders)
    shuffled = SentenceTransformerEncoder(
        model, max_length_tokens=max_length_tokens, precision="fp32", sort_by_length=False
    )
    timed = {**encoders, _SHUFFLED: shuffled}
    texts = french_texts(n_texts)
    speeds = time_encoders(timed, texts, rounds=repeats)
    rows = []
    for name, encoder in timed.items():
        found = fidelity.get(name)
        rows.append(
            {
                "variant": name,
                **speeds[name],
                "ratio": round(speeds[name]["texts_per_s"] / speeds[REFERENCE]["texts_per_s"], 2),
                "padded_per_real_token": round(padding_ratio(encoder, texts), 2),
                "mean_cosine": None if found is None else round(found.mean_cosine, 5),
                "ndcg_loss": None if found is None else round(found.loss, 4),
                "top10_overlap": None if found is None else round(found.overlap, 3),
            }
        )
    paths = [folders] if isinstance(folders, str) else folders
    return rows + [row for path in paths if path for row in _paired(Path(path), encoders)]


def _paired(folder: Path, encoders: dict[str, SentenceTransformerEncoder]) -> list[dict[str, Any]]:
    """Returns each backend's nDCG@10 on a BEIR folder, with the paired test against fp32."""
    documents = read_corpus(folder / "corpus.jsonl")
    queries = read_queries(folder / "queries.jsonl")
    qrels = read_qrels(folder / "qrels.tsv")
    reports: dict[str, EvaluationReport] = {}
    for name, encoder in encoders.items():
        ranker = ZeroShotRanker(encoder)
        ranker.index(documents)
        reports[name] = evaluate(qrels, ranker.rank(queries, top_k=100), metrics=("ndcg@10",))
    return [
        {
            "variant": f"{folder.name}: {name}",
            **report.as_row(),
            **compare(report, reports[REFERENCE], "ndcg@10").as_row(),
        }
        for name, report in reports.items()
        if name != REFERENCE
    ]


def padding_ratio(encoder: SentenceTransformerEncoder, texts: list[str]) -> float:
    """Returns tokens computed, padding included, per token of the texts."""
    lengths = encoder.count_tokens(texts)
    batches = [[lengths[position] for position in batch] for batch in encoder.plan(lengths)]
    return sum(len(batch) * max(batch) for batch in batches) / sum(lengths)


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
