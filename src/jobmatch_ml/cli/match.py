"""``jobmatch match``: a CV in, ranked offers out, by the same path as the service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.cv import CvReading
    from jobmatch_ml.serving import MatchAnswer
    from jobmatch_ml.settings import Settings

_MAX_TOP_K = 200  # as in the service


@click.command()
@click.option("--cv", "cv_file", required=True, type=click.Path(path_type=Path), help="The CV.")
@click.option("--title", help="Occupation looked for; default: the CV's headline.")
@click.option(
    "--top-k", default=10, show_default=True, type=click.IntRange(1, _MAX_TOP_K), help="Offers."
)
@click.option("--ranker", metavar="NAME", help="A ranker by name (bm25, zero_shot …).")
@click.option("--model", metavar="DIR|URI", help="A bundle; default: the champion.")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Offers to rank (Parquet).")
@json_option
def match(
    cv_file: Path,
    *,
    title: str | None,
    top_k: int,
    ranker: str | None,
    model: str | None,
    catalogue: Path | None,
    as_json: bool,
) -> None:
    """Rank the offers for a CV (PDF, DOCX, scan or text)."""
    from jobmatch_ml.cv import extract_file
    from jobmatch_ml.settings import get_settings

    if ranker and model:
        raise click.UsageError("--ranker and --model exclude each other")
    settings = get_settings()
    if catalogue:
        settings = settings.model_copy(update={"catalogue": catalogue.resolve()})
    reading = extract_file(cv_file)
    if ranker:
        answer = _rank_by_name(settings, ranker, reading, title, top_k)
    else:
        answer = _rank_by_bundle(settings, model, reading, title, top_k)
    if as_json:
        echo_json(answer.model_dump(mode="json"))
        return
    _echo_answer(answer, reading)


def _rank_by_bundle(
    settings: Settings, model: str | None, reading: CvReading, title: str | None, top_k: int
) -> MatchAnswer:
    from tqdm import tqdm

    from jobmatch_ml.serving import MatchService
    from jobmatch_ml.serving.state import load_state

    with tqdm(desc="embedding offers", unit="offer", delay=2, leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        service = MatchService(
            lambda report: load_state(settings, model=model, report=report, progress=advance)
        )
        service.load()
    return service.match_reading(reading, title=title, top_k=top_k)


def _rank_by_name(
    settings: Settings, name: str, reading: CvReading, title: str | None, top_k: int
) -> MatchAnswer:
    from jobmatch_ml.serving.by_name import match_by_name

    return match_by_name(settings, name, reading, title=title, top_k=top_k)


def _echo_answer(answer: MatchAnswer, reading: CvReading) -> None:
    rows = [
        {
            "rank": offer.rank,
            "score": offer.score,
            "title": _shorten(offer.title, 48),
            "company": _shorten(offer.company, 24),
            "place": _shorten(offer.place, 20),
            "shared words": _shorten(", ".join(offer.highlights[:5]), 44),
            "offer": offer.offer_id,
        }
        for offer in answer.offers
    ]
    heading = f"Offers for: {answer.profile_title or '(no title)'} [{answer.embedding_model}]"
    echo_table(rows, title=heading)
    for warning in reading.warnings:
        click.echo(f"! {warning}", err=True)


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
