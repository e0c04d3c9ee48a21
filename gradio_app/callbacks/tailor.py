"""The page of the tailored CV: an offer, a level, a CV whose every sentence has its source."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradio_app import sentences
from gradio_app.answers import Extraction, RankedOffer, TailoredCv
from gradio_app.assistant_client import AssistantClient, ExportFormat, TaskT
from gradio_app.cards import notice_html, typeset
from gradio_app.chat_view import generated_notice_html
from gradio_app.downloads import Download, as_text, downloads_html
from gradio_app.profile import candidate_of
from gradio_app.records import SavedSuccess
from gradio_app.sentences import ServiceFailure
from gradio_app.tailored_view import tailored_html

LEVELS = {
    1: "1 · Fidèle : vos phrases, dans l'ordre le plus utile à l'offre",
    2: "2 · Mesuré : avec les mots de l'offre, quand ils disent ce que vous savez faire",
    3: "3 · Appuyé : phrases resserrées et un résumé pour cette offre",
    4: "4 · Audacieux : seulement ce qui répond le mieux à l'offre",
}
MAX_OFFER_CHARACTERS = 100_000
MAX_FIELD_CHARACTERS = 20_000
OFFER_FILLED = "L'offre a été reprise dans les champs ci-dessous ; vous pouvez la compléter."
WORKING = "Préparation en cours… Cela peut prendre une minute avec un modèle local."
_FORMATS: tuple[tuple[ExportFormat, str, str], ...] = (
    ("docx", "Télécharger en DOCX (Word)", "cv-adapte.docx"),
    ("pdf", "Télécharger en PDF", "cv-adapte.pdf"),
    ("json", "Télécharger en JSON Resume", "cv-adapte.json"),
)


_LETTER_FORMATS: tuple[tuple[ExportFormat, str, str], ...] = (
    ("docx", "Télécharger la lettre en DOCX (Word)", "lettre.docx"),
    ("pdf", "Télécharger la lettre en PDF", "lettre.pdf"),
)


class OfferForm(NamedTuple):
    """The offer as the page's fields hold it."""

    title: str
    company: str = ""
    location: str = ""
    description: str = ""

    def for_service(self) -> dict[str, str]:
        """Returns the ``job_offer`` of the routes."""
        return {name: (value or "").strip() for name, value in self._asdict().items()}


@dataclass(frozen=True)
class TailorView:
    """What the page shows; ``None`` leaves a part as it is."""

    html: str
    result: TailoredCv | None = None
    letter: str | None = None


def offer_choices(offers: Sequence[RankedOffer]) -> list[tuple[str, int]]:
    """Returns the ranked offers to choose from."""
    found = []
    for number, offer in enumerate(offers):
        company = f" – {offer.company}" if offer.company else ""
        label = f"{offer.rank}. {offer.title or 'Offre sans intitulé'}{company}"
        found.append((label[:140], number))
    return found


def fill_offer(
    client: AssistantClient, offers: Sequence[RankedOffer], number: int | None
) -> tuple[OfferForm, str] | None:
    """Returns an offer in full, and what to say of it.

    Where the service no longer has it, it is what the ranking showed, and why.
    """
    if number is None or not 0 <= number < len(offers):
        return None
    offer = offers[number]
    try:
        full = client.offer(offer.offer_id)
    except ServiceFailure as failure:
        shown = OfferForm(offer.title, offer.company or "", offer.place or "", offer.excerpt)
        return shown, str(failure)
    return OfferForm(full.title, full.company, full.place, full.description), OFFER_FILLED


def tailor(
    client: AssistantClient,
    cv: Extraction | None,
    successes: Sequence[SavedSuccess],
    offer: OfferForm,
    *,
    level: int,
) -> Iterator[TailorView]:
    """Prepares the CV for an offer and yields what to show meanwhile and at the end."""
    problem = _problem(cv, offer)
    if problem:
        yield TailorView(notice_html(problem, tone="error"))
        return
    body = {**_body(cv, successes, offer), "adaptation_level": level if level in LEVELS else 2}
    yield TailorView(notice_html(WORKING))
    try:
        result = _last(client.generate_cv(body))
        if result is None or not (result.sentences or result.content):
            raise ServiceFailure(sentences.BAD_ANSWER)
    except ServiceFailure as failure:
        yield TailorView(notice_html(str(failure), tone="error"))
        return
    links, lost = _exports(client, result.task_id, _FORMATS)
    yield TailorView(links + lost + tailored_html(result), result)


def write_letter(
    client: AssistantClient,
    cv: Extraction | None,
    successes: Sequence[SavedSuccess],
    offer: OfferForm,
    *,
    tailored: TailoredCv | None,
    level: int = 2,
) -> Iterator[TailorView]:
    """Writes the letter for an offer.

    It builds on the tailored CV where there is one and keeps its level; else the level is that of
    the page.
    """
    problem = _problem(cv, offer)
    if problem:
        yield TailorView(notice_html(problem, tone="error"))
        return
    chosen = tailored.level if tailored else level
    body = {
        **_body(cv, successes, offer),
        "custom_cv": tailored.content if tailored else "",
        "adaptation_level": chosen if chosen in LEVELS else 2,
    }
    yield TailorView(notice_html(WORKING))
    try:
        letter = _last(client.generate_letter(body))
        if letter is None or not letter.content.strip():
            raise ServiceFailure(sentences.BAD_ANSWER)
    except ServiceFailure as failure:
        yield TailorView(notice_html(str(failure), tone="error"))
        return
    links, lost = _exports(client, letter.task_id, _LETTER_FORMATS)
    notice = links + lost + generated_notice_html(letter.notice)
    yield TailorView(notice, letter=typeset(letter.content))


def letter_links(text: str) -> str:
    """Returns the link to the letter as it now reads, corrections included."""
    if not (text or "").strip():
        return ""
    return downloads_html((as_text("Télécharger la lettre telle quelle", "lettre.txt", text),))


def _problem(cv: Extraction | None, offer: OfferForm) -> str:
    """Returns what keeps the request from being sent, or nothing."""
    if cv is None:
        return sentences.CV_NEEDED
    fields = offer.for_service()
    if not fields["title"] and not fields["description"]:
        return sentences.OFFER_NEEDED
    long = len(fields.pop("description")) > MAX_OFFER_CHARACTERS
    long = long or any(len(text) > MAX_FIELD_CHARACTERS for text in fields.values())
    return sentences.FIELDS_TOO_LONG if long else ""


def _last(states: Iterable[TaskT]) -> TaskT | None:
    last = None
    for state in states:
        last = state
    return last


def _body(
    cv: Extraction | None, successes: Sequence[SavedSuccess], offer: OfferForm
) -> dict[str, Any]:
    return {
        "application_id": str(uuid.uuid4()),
        "candidate": candidate_of(cv, successes),
        "job_offer": offer.for_service(),
    }


def _exports(
    client: AssistantClient, task_id: str, formats: Sequence[tuple[ExportFormat, str, str]]
) -> tuple[str, str]:
    """Returns the links to the files, and what to say of those that could not be made."""
    made: list[Download] = []
    lost: list[str] = []
    for export_format, label, file_name in formats:
        try:
            made.append(Download(label, file_name, client.export(task_id, export_format)))
        except ServiceFailure as failure:
            said = sentences.EXPORT_LOST.format(name=export_format.upper(), why=failure)
            lost.append(notice_html(said, tone="error"))
    return downloads_html(made), "".join(lost)
