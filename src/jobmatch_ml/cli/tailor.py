"""``jobmatch tailor``: a CV and a letter for one offer, from the candidate's own lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option, shorten

if TYPE_CHECKING:
    from jobmatch_ml.assistant.parse_back import ParseBack
    from jobmatch_ml.assistant.tailoring import Scorer, TailoredCv
    from jobmatch_ml.settings import Settings
    from jobmatch_ml.types import Offer

_KINDS = {"moved": "déplacé", "reworded": "reformulé", "added": "ajouté", "removed": "retiré"}
_MEANING = (
    "Le score est celui du classement : la proximité de sens entre votre profil (titre et texte) "
    "et l'offre, de -1 à 1. Il sert à comparer deux versions de votre CV pour cette offre ; ce "
    "n'est pas une probabilité d'être recruté."
)


@click.command()
@click.option("--cv", "cv_file", required=True, type=click.Path(path_type=Path), help="The CV.")
@click.option("--offer", "offer_id", required=True, metavar="ID", help="Offer of the catalogue.")
@click.option("--output", required=True, type=click.Path(path_type=Path),
              help="File to write: .docx, .pdf or .json (JSON Resume).")  # fmt: skip
@click.option("--level", default=2, show_default=True, type=click.IntRange(1, 4),
              help="Boldness: 1 order, 2 keywords, 3 wording, 4 selection.")  # fmt: skip
@click.option("--template", default="", metavar="NAME",
              help="docx_plain, docx_compact; classic, compact for PDF.")  # fmt: skip
@click.option(
    "--letter", type=click.Path(path_type=Path), help="Also write a letter (.docx, .pdf)."
)
@click.option("--name", "full_name", default="", help="Your name, where the CV's is not read.")
@click.option("--model", metavar="DIR|URI", help="A bundle; default: the champion.")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Offers (Parquet).")
@click.option("--score/--no-score", default=True, help="Score before and after.")
@json_option
def tailor(  # noqa: PLR0913 - one for each option
    cv_file: Path,
    *,
    offer_id: str,
    output: Path,
    level: int,
    template: str,
    letter: Path | None,
    full_name: str,
    model: str | None,
    catalogue: Path | None,
    score: bool,
    as_json: bool,
) -> None:
    """Write a CV (and a letter) for one offer; nothing is invented."""
    from jobmatch_ml.assistant.letter import write_letter
    from jobmatch_ml.assistant.offer import from_offer
    from jobmatch_ml.assistant.parse_back import parse_back
    from jobmatch_ml.assistant.tailored_documents import export_cv, export_letter
    from jobmatch_ml.assistant.tailoring import tailor_cv
    from jobmatch_ml.files import write_bytes
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    if catalogue:
        settings = settings.model_copy(update={"catalogue": catalogue.resolve()})
    file_format = _format_of(output, ("docx", "pdf", "json"))
    letter_format = _format_of(letter, ("docx", "pdf")) if letter else ""
    data, warnings = _read_candidate(cv_file, full_name)
    offer = _find_offer(settings, offer_id)
    scorer = _scorer(settings, model, offer) if score else None
    context = from_offer(offer)
    tailored = tailor_cv(data, context, level=level, scorer=scorer)
    made = export_cv(tailored.document, file_format, template)
    write_bytes(output, [made.data])
    back = parse_back(tailored.document, made.data) if file_format != "json" else None
    if letter:
        written = write_letter(data, context, tailored)
        write_bytes(letter, [export_letter(written, letter_format).data])
    warnings += tailored.warnings
    if as_json:
        echo_json(_as_dict(tailored, back, warnings, output, letter))
        return
    _echo(tailored, back, offer)
    for warning in warnings:
        click.echo(f"! {warning}", err=True)
    click.echo(f"\nCV : {output}" + (f"\nLettre : {letter}" if letter else ""))


def _format_of(path: Path, allowed: tuple[str, ...]) -> str:
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in allowed:
        raise click.UsageError(
            f"{path.name}: expected a file name that ends in {', '.join('.' + f for f in allowed)}"
        )
    return suffix


def _read_candidate(cv_file: Path, full_name: str) -> tuple[Any, tuple[str, ...]]:
    from dataclasses import replace

    from jobmatch_ml.assistant import from_reading
    from jobmatch_ml.cv import extract_file

    reading = extract_file(cv_file)
    data = from_reading(reading)
    if full_name.strip():
        first, _, last = full_name.strip().partition(" ")
        data = replace(data, first_name=first, last_name=last)
    return data, reading.warnings


def _find_offer(settings: Settings, offer_id: str) -> Offer:
    from jobmatch_ml.errors import UnknownNameError, suggest
    from jobmatch_ml.offers import find_catalogue, read_catalogue

    path = find_catalogue(settings)
    offers = {offer.offer_id: offer for offer in read_catalogue(path)}
    if offer_id not in offers:
        near = suggest(offer_id, offers, kind="offer") if len(offers) <= 50 else ""
        raise UnknownNameError(
            near
            or f"no offer '{offer_id}' among the {len(offers)} of {path.name}; "
            "`jobmatch match --cv FILE` lists offers with their ids",
            field="offer",
        )
    return offers[offer_id]


def _scorer(settings: Settings, model: str | None, offer: Offer) -> Scorer:
    from jobmatch_ml.offers import offer_document
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.serving.offer_score import offer_scorer
    from jobmatch_ml.serving.state import find_bundle

    folder, _ = find_bundle(settings, model)
    bundle = load_bundle(folder)
    encoder = bundle.encoder()
    weight = bundle.ranker(encoder).title_weight
    return offer_scorer(encoder, offer_document(offer), title_weight=weight)


def _echo(tailored: TailoredCv, back: ParseBack | None, offer: Offer) -> None:
    rows = [
        {
            "quoi": _KINDS[change.kind],
            "section": change.section,
            "avant": shorten(change.before, width=44),
            "après": "(même texte)" if change.kind == "moved" else shorten(change.after, width=60),
            "lignes": shorten(", ".join(change.source_line_ids), width=24),
            "pourquoi": shorten(change.reason, width=50),
        }
        for change in tailored.diff
    ]
    echo_table(rows, title=f"CV pour : {offer.title} [niveau {tailored.level}]")
    if tailored.missing:
        click.echo("\nÀ acquérir ou à confirmer (demandé, absent de votre CV, jamais ajouté) :")
        for keyword in tailored.missing:
            click.echo(f"  - {keyword}")
    click.echo(
        f"\nMots-clés de l'offre que vous avez vraiment : {len(tailored.covered_before)} mot pour "
        f"mot dans le CV avant, {len(tailored.covered_after)} après."
    )
    if tailored.score_before is not None and tailored.score_after is not None:
        click.echo(
            f"Score avant : {tailored.score_before:.3f} ; après : {tailored.score_after:.3f}. "
            f"{_MEANING}"
        )
    if back:
        click.echo(f"\nRelecture du fichier : {back.recall:.1%} des informations retrouvées.")
        for field in back.fields:
            if field.lost:
                lost = "; ".join(shorten(text, width=40) for text in field.lost[:3])
                click.echo(f"  - {field.field}: {field.found} sur {field.total} (perdu : {lost})")


def _as_dict(
    tailored: TailoredCv,
    back: ParseBack | None,
    warnings: tuple[str, ...],
    output: Path,
    letter: Path | None,
) -> dict[str, Any]:
    from dataclasses import asdict

    values = asdict(tailored)
    # The whole CV again, and what the lock checked against: the file and the diff say it.
    del values["document"], values["evidence"]
    parsed = None
    if back:
        parsed = {"recall": back.recall, "fields": [asdict(field) for field in back.fields]}
    return {
        **values,
        "warnings": list(warnings),
        "score_meaning": _MEANING,
        "parse_back": parsed,
        "output": str(output),
        "letter": str(letter) if letter else None,
    }
