"""The model card that lies in the encoder's folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobmatch_ml.ranking.hybrid import COMPONENTS
from jobmatch_ml.training.adaptation.fusion import FusionReport

_TEXT = """# {name}

Two encoders of French job texts and the weights of their fusion, ready without training:

- `transformer/`: a sentence-transformers model (6 layers, 384 dimensions, bf16) with French word
  pieces, adapted from {base};
- `static/`: a table of character n-grams (int8), microseconds a text, started as TF-IDF;
- `fusion.json`: how much each view and ranker counts in `jobmatch rank --ranker hybrid`.

## Intended use

Ranking job offers for people, people for offers, and finding occupations for titles and offers, in
French. English texts are read, less well. The scores order; they are no probabilities and must not
be the only ground for rejecting a person.

## Made from

| what | licence | SHA-256 of the texts |
|---|---|---|
{sources}

Base model: all-MiniLM-L6-v2 (Apache-2.0). ROME 4.0: France Travail, Licence Ouverte 2.0. ESCO:
European Commission, free reuse with attribution ("This service uses the ESCO classification of the
European Commission"). The market is written by this project's own code.{real}

## Made again by

```
jobmatch encoder adapt --rome DIR --esco DIR
```

Seconds by stage on the machine that made it: {seconds}.

## On what was kept from training

nDCG@10 of each part alone, of all with equal weights, and of the fusion. These tasks taught the
weights; for tests on other data see `docs/results.md`.

{table}

## Limits

Trained on occupations as ROME and ESCO see them: new trades and firm-specific titles are read by
their parts. Texts of a CV beyond its window are cut or chunked by the transformer and read whole by
the static table. Biases of the base model and of the official wordings (masculine forms first)
remain.
"""
_NOT_REAL = " No real job offer and no\nreal CV was used."
_REAL = " Real job\noffers were used too: these weights are for own use and must not be passed on."
_LICENCES = {
    "ROME": "Licence Ouverte 2.0",
    "ESCO": "free reuse with attribution",
    "market offers": "this project's",
    "market people": "this project's",
    "local offers": "their owner's: for own use only",
}


def model_card(about: Mapping[str, Any], fusion: FusionReport) -> str:
    """Returns the card as Markdown.

    Args:
        about: What the manifest says: name, base, data hashes, seconds.
        fusion: The weights and what they are worth on validation.
    """
    sources = "\n".join(
        f"| {name} | {_LICENCES[name]} | `{digest[:16]}…` |"
        for name, digest in sorted(about["data_sha256"].items())
    )
    seconds = ", ".join(f"{name} {value:.0f}" for name, value in about["seconds"].items())
    return _TEXT.format(
        name=about["name"],
        base=about["base"],
        sources=sources,
        seconds=seconds or "none",
        real=_REAL if "local offers" in about["data_sha256"] else _NOT_REAL,
        table=_validation_table(fusion),
    )


def _validation_table(fusion: FusionReport) -> str:
    columns = (*COMPONENTS, "equal weights", "fusion")
    tasks = list(fusion.ndcg)
    lines = ["| part | " + " | ".join(tasks) + " |", "|---" * (len(tasks) + 1) + "|"]
    for name in columns:
        found = (fusion.ndcg[task].get(name) for task in tasks)
        values = " | ".join("" if value is None else f"{value:.3f}" for value in found)
        lines.append(f"| {name} | {values} |")
    return "\n".join(lines)
