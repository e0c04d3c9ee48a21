"""What the pages share during one visit, and the part for the CV that three of them have."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from gradio_app.answers import Extraction
from gradio_app.callbacks import matching
from gradio_app.cards import notice_html
from gradio_app.client import ServiceClient
from gradio_app.profile import experiences_of
from gradio_app.sentences import NO_CV
from gradio_app.uploads import refuse_addresses

# The lists of a person lie in their browser alone, until the tab is closed.
KEEP_RECORDS = """(successes, pitches) => {
    sessionStorage.setItem("jobmatch-successes", successes || "[]");
    sessionStorage.setItem("jobmatch-pitches", pitches || "[]");
}"""
BRING_RECORDS = """() => [
    sessionStorage.getItem("jobmatch-successes") || "[]",
    sessionStorage.getItem("jobmatch-pitches") || "[]",
]"""


@dataclass(frozen=True)
class Session:
    """What the pages share.

    Args:
        cv: The CV as the service read it, or ``None``; in the server's memory for the visit.
        offers: The offers that were ranked last.
        successes: The person's successes as JSON, held by the browser.
        pitches: Their pitches, likewise.
    """

    cv: gr.State
    offers: gr.State
    successes: gr.Textbox
    pitches: gr.Textbox


def create_session() -> Session:
    """Adds what the pages share, all of it out of sight."""
    return Session(
        gr.State(value=None),
        gr.State(value=()),
        gr.Textbox("[]", visible="hidden", elem_id="kept-successes", label="Succès gardés"),
        gr.Textbox("[]", visible="hidden", elem_id="kept-pitches", label="Pitchs gardés"),
    )


def keep_records(session: Session, event: gr.events.Dependency) -> None:
    """Has the browser keep the lists once an event has changed them."""
    event.then(fn=None, js=KEEP_RECORDS, inputs=[session.successes, session.pitches])


def add_cv_part(client: ServiceClient, session: Session, tab: gr.Tab, name: str) -> gr.HTML:
    """Adds the CV: the one of this visit, or a file or text to read.

    Args:
        client: The service.
        session: What the pages share.
        tab: The page; the part shows what is known each time it is opened.
        name: Prefix of the elements' ids.

    Returns:
        The line that says which CV is used; its ``change`` tells that there is another.
    """
    known = gr.HTML(known_cv_html(None), elem_id=f"{name}-cv")
    with gr.Accordion("Donner ou changer de CV", open=False, elem_id=f"{name}-cv-part"):
        file = refuse_addresses(
            gr.File(
                label="Fichier PDF ou DOCX",
                height=110,
                elem_id=f"{name}-file",
                elem_classes="jm-cv-file",
            )
        )
        text = gr.Textbox(label="Ou collez le texte du CV", lines=4, max_lines=8)
        read = gr.Button("Lire ce texte", size="sm")

    def on_upload(path: str | None, cv: Extraction | None) -> tuple[object, ...]:
        found = matching.read_cv(client, path, "")
        return None, found.cv or cv, found.notice if found.cv is None else known_cv_html(found.cv)

    def on_text(pasted: str, cv: Extraction | None) -> tuple[object, ...]:
        found = matching.read_pasted(client, pasted, cv)
        return found.cv, known_cv_html(found.cv) if found.is_read else found.notice

    file.upload(
        on_upload,
        [file, session.cv],
        [file, session.cv, known],
        api_visibility="private",
        show_progress_on=known,
    )
    read.click(
        on_text,
        [text, session.cv],
        [session.cv, known],
        api_visibility="private",
        show_progress_on=known,
    )
    tab.select(known_cv_html, session.cv, known, api_visibility="private", show_progress="hidden")
    return known


def known_cv_html(cv: Extraction | None) -> str:
    """Returns the line that says which CV is used."""
    if cv is None:
        return notice_html(NO_CV)
    count = len(experiences_of(cv))
    found = f"{count} expérience{'s' if count > 1 else ''}" if count else "aucune expérience lue"
    return notice_html(
        f"CV de cette visite : {found}, {len(cv.extracted_lines)} lignes.", tone="success"
    )
