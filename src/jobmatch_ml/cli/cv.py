"""``jobmatch cv``: read CVs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.cv import CvReading


@click.group()
def cv() -> None:
    """Read CVs into lines that can be selected, matched and exported."""


@cv.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--llm", is_flag=True, help="Let the language model of LLM_ENDPOINT read the lines.")
@click.option("--llm-endpoint", metavar="URL", help="Another one, for this file.")
@click.option("--llm-model", metavar="NAME", help="Its model.")
@click.option("--llm-vision", is_flag=True, help="That model reads pictures of scanned pages.")
@json_option
def extract(
    file: Path,
    *,
    llm: bool,
    llm_endpoint: str | None,
    llm_model: str | None,
    llm_vision: bool,
    as_json: bool,
) -> None:
    """Read FILE (PDF, DOCX, scan or text) into extracted lines.

    The model is sent the text without names, addresses and the like, and only what stands in the
    CV is kept of its answer. Of a scan it is shown the lines that identify nobody, if it reads
    pictures.
    """
    from jobmatch_ml.cv import extract_file
    from jobmatch_ml.cv.completeness import completeness_hints

    if (llm_endpoint is None) != (llm_model is None):
        raise click.UsageError("--llm-endpoint and --llm-model go together")
    if llm_vision and not (llm or llm_endpoint):
        raise click.UsageError("--llm-vision says something of a model: give --llm as well")
    if llm or llm_endpoint:
        reading = _by_model(file, llm_endpoint, llm_model, vision=llm_vision)
    else:
        reading = extract_file(file)
    if as_json:
        echo_json(reading.to_json())
        return
    rows = [
        {
            "#": line.order,
            "type": line.content_type.value,
            "content": _shorten(line.content),
            "position": _shorten(line.position or "", 32),
            "entity": _shorten(line.entity or "", 24),
            "dates": line.dates or "",
        }
        for line in reading.lines
    ]
    echo_table(rows, title=f"{file.name}: {reading.method}, {reading.language}, "
                           f"{reading.pages} page(s), {len(rows)} lines")  # fmt: skip
    for line in reading.unverified:
        click.echo(f"~ {line.content_type.value}, unverified: {_shorten(line.content)}", err=True)
    for warning in reading.warnings:
        click.echo(f"! {warning}", err=True)
    for hint in completeness_hints(reading):
        click.echo(f"? {hint}", err=True)


def _by_model(file: Path, endpoint: str | None, model: str | None, *, vision: bool) -> CvReading:
    from jobmatch_ml.assistant.providers import choose_provider
    from jobmatch_ml.cv.assisted import read_with_model
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    if endpoint:
        named = {"llm_type": "openai_compatible", "llm_endpoint": endpoint, "llm_model": model}
        settings = settings.model_copy(update=named)
    if vision and settings.llm_vision == "off":
        settings = settings.model_copy(update={"llm_vision": "masked"})
    read, run = read_with_model(file, choose_provider(settings))
    if run is None:
        raise click.UsageError(
            "no language model is set: give LLM_TYPE=openai_compatible, "
            "LLM_ENDPOINT and LLM_MODEL, or --llm-endpoint and --llm-model"
        )
    click.echo(
        f"{run.provider}: {run.seconds:.1f} s, about {run.sent_tokens} tokens sent, "
        f"{run.kept} elements kept, {run.dropped} dropped, {run.unverified} unverified "
        f"{run.failed}".rstrip(),
        err=True,
    )
    return read


def _shorten(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
