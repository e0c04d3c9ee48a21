"""``jobmatch rank``: rank a BEIR corpus for its queries with any ranker, into a TREC run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option
from jobmatch_ml.ranking.registry import RANKERS

if TYPE_CHECKING:
    from jobmatch_ml.types import Direction, Document, Query, Ranker

_RANKER_LIST = "\n".join(f"  {name:<17} {spec.description}" for name, spec in RANKERS.items())
_FACTUAL = ("cascade", "ltr")  # use more of offers and candidates than their texts
_FILE = click.Path(path_type=Path)


@click.command(
    help=f"""Rank the documents of a BEIR corpus for each of its queries.

CORPUS and QUERIES hold one {{"_id", "title", "text"}} a line; the result is a TREC run. Name a
ranker, or a trained model; with neither, the champion ranks.

\b
Rankers:
{_RANKER_LIST}
"""
)
@click.option("--ranker", "ranker_name", metavar="NAME", help="One of the rankers above.")
@click.option("--model", metavar="DIR|URI", help="A bundle's folder, or models:/NAME@ALIAS.")
@click.option("--corpus", required=True, type=_FILE, help="corpus.jsonl: what is ranked.")
@click.option("--queries", required=True, type=_FILE, help="queries.jsonl: who searches.")
@click.option("--output", required=True, type=_FILE, help="The TREC run to write.")
@click.option(
    "--top-k", default=1000, show_default=True, type=click.IntRange(min=1), help="Kept a query."
)
@click.option(
    "--direction",
    default="candidate_to_offer",
    show_default=True,
    type=click.Choice(["candidate_to_offer", "offer_to_candidate"]),
    help="Which side the queries are: candidates looking for offers, or offers for candidates.",
)
@click.option(
    "--facts",
    nargs=2,
    type=_FILE,
    metavar="DATASET WORLD",
    help="For the features of cascade and ltr: a prepared data set of these offers, and the folder "
    "of CVs and log that it was prepared from.",
)
@json_option
def rank(
    ranker_name: str | None,
    model: str | None,
    corpus: Path,
    queries: Path,
    output: Path,
    *,
    top_k: int,
    direction: str,
    facts: tuple[Path, Path] | None,
    as_json: bool,
) -> None:
    """Reads both files, ranks, writes the run and says how long it took."""
    from jobmatch_ml.ranking import write_run

    searching, ranked = _read_sides(corpus, queries)
    ranker, tag = _open_ranker(
        ranker_name, model, direction=cast("Direction", direction), facts=facts
    )
    started = time.perf_counter()
    ranker.index(ranked)
    indexed = time.perf_counter()
    run = ranker.rank(searching, top_k=top_k)
    done = time.perf_counter()
    write_run(output, run, tag)
    summary = {
        "output": str(output),
        "ranker": tag,
        "direction": direction,
        "n_queries": len(searching),
        "n_documents": len(ranked),
        "top_k": top_k,
        "index_s": round(indexed - started, 3),
        "rank_s": round(done - indexed, 3),
    }
    left_out: dict[str, int] = getattr(ranker, "left_out_", {})
    if left_out:
        summary["left_out"] = "; ".join(f"{why} ({n} queries)" for why, n in left_out.items())
    if as_json:
        echo_json(summary)
    else:
        echo_table([summary])


def _read_sides(corpus: Path, queries: Path) -> tuple[list[Query], list[Document]]:
    """Returns who searches and what is ranked; ids that a run cannot hold are refused first."""
    from jobmatch_ml.ranking.beir import check_trec_ids, read_corpus, read_queries

    searching, ranked = read_queries(queries), read_corpus(corpus)
    check_trec_ids([item.query_id for item in searching], what="query id")
    check_trec_ids([item.doc_id for item in ranked], what="document id")
    return searching, ranked


def _open_ranker(
    name: str | None,
    model: str | None,
    *,
    direction: Direction,
    facts: tuple[Path, Path] | None,
) -> tuple[Ranker, str]:
    """Returns the ranker and the tag that names it in the run."""
    from jobmatch_ml.ranking.registry import RankerContext, create_ranker, ranker_class

    if facts and name not in _FACTUAL:
        raise click.UsageError(
            f"--facts is for --ranker {' or '.join(_FACTUAL)}; others rank by text"
        )
    if name is not None:
        ranker_class(name)  # an unknown name is said before anything is fetched
        if RANKERS[name].needs != "model":
            if model is not None:
                raise click.UsageError(
                    f"--ranker {name} takes no --model; give one of the two (bi_encoder takes "
                    "both, as do cross_encoder and retrieve_rerank)"
                )
            return create_ranker(name, RankerContext(direction=direction)), name
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.registry import fetch_bundle
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    bundle = load_bundle(fetch_bundle(model or f"models:/{settings.model_name}@champion", settings))
    if name is not None and name not in ("bi_encoder", bundle.manifest.ranker.kind):
        features = None
        if facts:
            from jobmatch_ml.training.ltr_data import bundle_features

            features = bundle_features(bundle, *facts)
        ranker = bundle.ranker_named(name, direction=direction, features=features)
        return ranker, f"{name}-{bundle.version}"
    return bundle.ranker(), f"{bundle.manifest.ranker.kind}-{bundle.version}"
