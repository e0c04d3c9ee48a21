"""The matching page: a CV in, ranked offers out."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from gradio_app.answers import Extraction
from gradio_app.callbacks import matching
from gradio_app.client import ServiceClient
from gradio_app.pages.session import Session
from gradio_app.profile import title_of
from gradio_app.uploads import refuse_addresses

TITLE = "Offres pour mon CV"


@dataclass(frozen=True)
class _Fields:
    file: gr.File
    notice: gr.HTML
    title: gr.Textbox
    text: gr.Textbox
    top_k: gr.Slider
    submit: gr.Button
    offers: gr.HTML
    shown: gr.State


def build_page(client: ServiceClient, session: Session, tab: gr.Tab) -> None:
    """Adds the page to the tab being built and wires it to the service."""
    with gr.Row(elem_classes="jm-columns"):
        with gr.Column(scale=5, min_width=320, elem_classes="jm-form"):
            gr.HTML("<h2>1. Votre CV</h2>")
            file = refuse_addresses(
                gr.File(
                    label="CV en PDF ou DOCX",
                    height=132,
                    elem_id="cv-file",
                    elem_classes="jm-cv-file",
                )
            )
            notice = gr.HTML(elem_id="cv-notice")
            title = gr.Textbox(
                label="Poste recherché",
                placeholder="Par exemple : aide-soignante, développeur Python…",
                max_length=matching.MAX_TITLE_CHARACTERS,
                elem_id="cv-title",
            )
            text = gr.Textbox(
                label="Texte de votre CV",
                info="Collez-le ici, ou relisez ce qui a été lu dans votre fichier.",
                lines=9,
                max_lines=11,
                elem_id="cv-text",
            )
            low, high = matching.TOP_K_RANGE
            top_k = gr.Slider(
                low,
                high,
                value=10,
                step=1,
                precision=0,
                label="Nombre d'offres",
                buttons=[],
                elem_id="top-k",
            )
            submit = gr.Button("Trouver des offres", variant="primary", elem_id="find-offers")
        with gr.Column(scale=7, min_width=320):
            gr.HTML("<h2>2. Les offres les plus proches</h2>")
            offers = gr.HTML(_WAITING, elem_id="offers")
    fields = _Fields(file, notice, title, text, top_k, submit, offers, gr.State(value=False))
    _wire(client, session, fields)
    tab.select(
        _show_cv,
        [session.cv, text],
        [text, title],
        api_visibility="private",
        show_progress="hidden",
    )


_WAITING = (
    '<p class="jm-waiting">Donnez votre CV ou le poste recherché : les offres classées '
    "s'afficheront ici.</p>"
)

# On a narrow screen the offers come below the form, out of sight.
_SHOW_ON_PHONES = """() => {
    if (window.innerWidth < 900) document.getElementById("offers").scrollIntoView();
}"""


def _wire(client: ServiceClient, session: Session, fields: _Fields) -> None:
    def on_upload(path: str | None, current_title: str) -> tuple[object, ...]:
        read = matching.read_cv(client, path, current_title)
        # The file itself was deleted: the drop zone is emptied with it.
        kept = gr.skip() if read.cv is None else read.cv
        return None, _keep_or(read.title), _keep_or(read.text), read.notice, kept

    def on_find(title: str, text: str, top_k: float) -> tuple[object, ...]:
        found = matching.find_offers(client, title, text, top_k)
        return found.html, True, found.offers

    def on_top_k(title: str, text: str, top_k: float, shown: bool) -> tuple[object, ...]:
        found = matching.update_offers(client, title, text, top_k, shown=shown)
        return (gr.skip(), gr.skip()) if found is None else (found.html, found.offers)

    def keep_text(text: str, cv: Extraction | None) -> object:
        return matching.read_pasted(client, text, cv).cv if (text or "").strip() else gr.skip()

    fields.file.upload(
        on_upload,
        [fields.file, fields.title],
        [fields.file, fields.title, fields.text, fields.notice, session.cv],
        api_visibility="private",
        show_progress_on=fields.notice,
    )
    found = gr.on(
        [fields.submit.click, fields.title.submit],
        on_find,
        [fields.title, fields.text, fields.top_k],
        [fields.offers, fields.shown, session.offers],
        api_visibility="private",
        show_progress_on=fields.offers,
    )
    found.then(fn=None, js=_SHOW_ON_PHONES)
    # The other pages start from the text as it was searched with, corrections included.
    found.then(
        keep_text,
        [fields.text, session.cv],
        session.cv,
        api_visibility="private",
        show_progress="hidden",
    )
    # `change` and not `release`: the arrow keys and the number field count as well; of many
    # quick changes only the last is sent.
    fields.top_k.change(
        on_top_k,
        [fields.title, fields.text, fields.top_k, fields.shown],
        [fields.offers, session.offers],
        api_visibility="private",
        trigger_mode="always_last",
        show_progress="minimal",
    )


def _show_cv(cv: Extraction | None, text: str) -> tuple[object, object]:
    """Shows the CV that was given on another page, where none was written here."""
    if cv is None or (text or "").strip():
        return gr.skip(), gr.skip()
    return cv.text, _keep_or(title_of(cv))


def _keep_or(value: str | None) -> object:
    return gr.skip() if value is None else value
