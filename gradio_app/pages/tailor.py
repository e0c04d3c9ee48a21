"""The page of the tailored CV and its letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import gradio as gr

from gradio_app.answers import Extraction, RankedOffer, TailoredCv
from gradio_app.callbacks import tailor
from gradio_app.client import ServiceClient
from gradio_app.pages.session import Session, add_cv_part
from gradio_app.records import SavedSuccess, read_records

TITLE = "CV et lettre sur mesure"

_WAITING = (
    '<p class="jm-waiting">Choisissez une offre et un niveau : votre CV adapté s\'affichera ici, '
    "chaque phrase avec la ligne de votre CV dont elle vient.</p>"
)
_LETTER = (
    '<p class="jm-small">Elle dit ce que dit votre CV adapté, au même niveau. Sans CV adapté, elle '
    "suit le niveau choisi avec l'offre.</p>"
)
_NO_OFFERS = "Aucune recherche faite : collez une offre ci-dessous, ou cherchez-en d'abord."


@dataclass(frozen=True)
class _Fields:
    choice: gr.Dropdown
    offer: tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Textbox]
    level: gr.Radio
    make: gr.Button
    result: gr.HTML
    write: gr.Button
    letter_notice: gr.HTML
    letter: gr.Textbox
    letter_links: gr.HTML
    tailored: gr.State


def build_page(client: ServiceClient, session: Session, tab: gr.Tab) -> None:
    """Adds the page to the tab being built and wires it to the service."""
    with gr.Row(elem_classes="jm-columns"):
        with gr.Column(scale=5, min_width=320):
            gr.HTML("<h2>1. Votre CV</h2>")
            add_cv_part(client, session, tab, "tailor")
            gr.HTML("<h2>2. L'offre visée</h2>")
            choice = gr.Dropdown(
                [], label="Offre de votre recherche", info=_NO_OFFERS, elem_id="tailor-choice"
            )
            title = gr.Textbox(label="Intitulé de l'offre", elem_id="tailor-title")
            with gr.Row():
                company = gr.Textbox(label="Entreprise", min_width=140)
                location = gr.Textbox(label="Lieu de travail", min_width=140)
            description = gr.Textbox(
                label="Texte de l'offre",
                info="Collez l'annonce entière : la recherche n'en donne que le début.",
                lines=6,
                max_lines=10,
                elem_id="tailor-description",
            )
            level = gr.Radio(
                [(label, value) for value, label in tailor.LEVELS.items()],
                value=2,
                label="Niveau d'adaptation",
                info="Aucun niveau n'invente : chaque phrase vient de vos propres données.",
                elem_id="tailor-level",
                elem_classes="jm-levels",
            )
            make = gr.Button("Adapter mon CV", variant="primary", elem_id="tailor-make")
        with gr.Column(scale=7, min_width=320):
            gr.HTML("<h2>3. Votre CV adapté</h2>")
            result = gr.HTML(_WAITING, elem_id="tailor-result")
            gr.HTML(f"<h2>4. Votre lettre</h2>{_LETTER}")
            write = gr.Button("Écrire la lettre", elem_id="tailor-letter-make")
            notice = gr.HTML(elem_id="tailor-letter-notice")
            letter = gr.Textbox(
                label="Lettre, à relire et à corriger",
                lines=10,
                max_lines=40,
                visible=False,
                elem_id="tailor-letter",
            )
            links = gr.HTML(elem_id="tailor-letter-links")
    offer = (title, company, location, description)
    made = gr.State(value=None)
    fields = _Fields(choice, offer, level, make, result, write, notice, letter, links, made)
    _wire_offer(client, session, fields, tab)
    _wire_making(client, session, fields)


def _wire_offer(client: ServiceClient, session: Session, fields: _Fields, tab: gr.Tab) -> None:
    def on_choice(offers: Sequence[RankedOffer], number: int | None) -> list[object]:
        found = tailor.fill_offer(client.assistant, offers, number)
        if found is None:
            return [gr.skip()] * 5
        form, said = found
        return [*form, gr.Dropdown(info=said)]

    tab.select(
        _choices,
        [session.offers],
        [fields.choice],
        api_visibility="private",
        show_progress="hidden",
    )
    # `input` and not `change`: opening the page must not write over what was typed.
    fields.choice.input(
        on_choice,
        [session.offers, fields.choice],
        [*fields.offer, fields.choice],
        api_visibility="private",
        show_progress="hidden",
    )


def _wire_making(client: ServiceClient, session: Session, fields: _Fields) -> None:
    def on_make(
        cv: Extraction | None, kept: str, level: int, *offer: str
    ) -> Iterator[list[object]]:
        successes, form = read_records(kept, SavedSuccess), tailor.OfferForm(*offer)
        for view in tailor.tailor(client.assistant, cv, successes, form, level=level):
            yield [view.html, gr.skip() if view.result is None else view.result]

    def on_write(
        cv: Extraction | None, kept: str, made: TailoredCv | None, level: int, *offer: str
    ) -> Iterator[list[object]]:
        successes, form = read_records(kept, SavedSuccess), tailor.OfferForm(*offer)
        written = tailor.write_letter(
            client.assistant, cv, successes, form, tailored=made, level=level
        )
        for view in written:
            text = view.letter
            shown = gr.skip() if text is None else gr.Textbox(value=text, visible=True)
            yield [view.html, shown, gr.skip() if text is None else tailor.letter_links(text)]

    fields.make.click(
        on_make,
        [session.cv, session.successes, fields.level, *fields.offer],
        [fields.result, fields.tailored],
        api_visibility="private",
        show_progress="hidden",
    )
    fields.write.click(
        on_write,
        [session.cv, session.successes, fields.tailored, fields.level, *fields.offer],
        [fields.letter_notice, fields.letter, fields.letter_links],
        api_visibility="private",
        show_progress="hidden",
    )
    fields.letter.input(
        tailor.letter_links,
        fields.letter,
        fields.letter_links,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="always_last",
    )


def _choices(offers: Sequence[RankedOffer]) -> gr.Dropdown:
    choices = tailor.offer_choices(offers or ())
    info = "Son intitulé et le début de son texte seront repris." if choices else _NO_OFFERS
    return gr.Dropdown(choices=choices, value=None, info=info)
