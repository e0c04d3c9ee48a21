"""The page of the successes: a coach that listens, and the list of what was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from gradio_app.answers import Extraction
from gradio_app.callbacks import star
from gradio_app.callbacks.chat import MAX_MESSAGE_CHARACTERS, Conversation
from gradio_app.chat_view import steps_html, turn_html
from gradio_app.client import ServiceClient
from gradio_app.pages.session import Session, add_cv_part, keep_records
from gradio_app.profile import experiences_of
from gradio_app.records import SavedSuccess, drop_record, read_records, write_records

TITLE = "Mes succès (STAR)"

_WAITING = (
    '<p class="jm-waiting">Le coach vous fait raconter une réussite pas à pas, puis l\'écrit avec '
    "vos propres mots. Choisissez une expérience, ou commencez directement.</p>"
)
_INVITE = "Votre réponse au coach"


@dataclass(frozen=True)
class _Fields:
    experience: gr.Dropdown
    start: gr.Button
    steps: gr.HTML
    log: gr.HTML
    box: gr.Textbox
    send: gr.Button
    score: gr.HTML
    saved: gr.HTML
    conversation: gr.State


@dataclass(frozen=True)
class _Editor:
    part: gr.Accordion
    choice: gr.Dropdown
    texts: tuple[gr.Textbox, ...]
    keep: gr.Button
    drop: gr.Button
    notice: gr.HTML


def build_page(client: ServiceClient, session: Session, tab: gr.Tab) -> None:
    """Adds the page to the tab being built and wires it to the service."""
    with gr.Row(elem_classes="jm-columns"):
        with gr.Column(scale=5, min_width=320):
            gr.HTML("<h2>1. L'expérience à raconter</h2>")
            known = add_cv_part(client, session, tab, "star")
            experience = gr.Dropdown(
                [],
                label="Expérience de votre CV",
                info="Le coach proposera celle-ci pour commencer.",
                elem_id="star-experience",
            )
            start = gr.Button("Commencer avec le coach", variant="primary", elem_id="star-start")
        with gr.Column(scale=7, min_width=320):
            gr.HTML("<h2>2. La discussion</h2>")
            steps = gr.HTML(steps_html(None), elem_id="star-steps")
            log = gr.HTML(_WAITING, elem_id="star-log", elem_classes="jm-log")
            box = gr.Textbox(
                label=_INVITE,
                info="Entrée pour envoyer.",
                # On a field of one row to begin with, and only there, Enter sends.
                lines=1,
                max_lines=8,
                max_length=MAX_MESSAGE_CHARACTERS,
                submit_btn=False,
                elem_id="star-message",
            )
            send = gr.Button("Envoyer", variant="primary", elem_id="star-send")
            score = gr.HTML(elem_id="star-score")
    gr.HTML("<h2>3. Mes succès enregistrés</h2>")
    saved = gr.HTML(star.EMPTY_LIST, elem_id="star-saved")
    editor = _add_editor()
    fields = _Fields(experience, start, steps, log, box, send, score, saved, gr.State(value=None))
    _wire_chat(client, session, fields, editor)
    _wire_editor(session, fields, editor)
    refresh = {
        "fn": _experiences,
        "inputs": [session.cv],
        "outputs": [experience],
        "api_visibility": "private",
        "show_progress": "hidden",
    }
    known.change(**refresh)
    tab.select(**refresh)
    tab.select(
        _listing,
        [session.successes],
        [saved, editor.part, editor.choice],
        api_visibility="private",
        show_progress="hidden",
    )


def _add_editor() -> _Editor:
    with gr.Accordion(
        "Modifier ou supprimer un succès", open=False, visible=False, elem_id="star-editor"
    ) as part:
        choice = gr.Dropdown([], label="Succès à modifier", elem_id="star-choice")
        labels = {
            "title": "Titre",
            **star.LABELS,
            "skills": "Compétences, séparées par des virgules",
        }
        texts = tuple(
            gr.Textbox(
                label=label, lines=1 if name in ("title", "skills") else 2, elem_id=f"star-{name}"
            )
            for name, label in labels.items()
        )
        with gr.Row():
            keep = gr.Button("Enregistrer les modifications", variant="primary")
            drop = gr.Button("Supprimer ce succès", variant="stop")
    notice = gr.HTML(elem_id="star-notice")
    return _Editor(part, choice, texts, keep, drop, notice)


def _wire_chat(client: ServiceClient, session: Session, fields: _Fields, editor: _Editor) -> None:
    def on_start(cv: Extraction | None, kept: str, chosen: int | None) -> Iterator[list[object]]:
        saved = read_records(kept, SavedSuccess)
        for moment in star.start_star(client.assistant, cv, saved, chosen):
            yield _show(moment)

    def on_send(
        conversation: Conversation | None, message: str, kept: str
    ) -> Iterator[list[object]]:
        saved = read_records(kept, SavedSuccess)
        for moment in star.answer_star(client.assistant, conversation, message, saved):
            yield _show(moment)

    outputs = [
        fields.conversation,
        fields.log,
        fields.steps,
        fields.box,
        fields.score,
        session.successes,
        fields.saved,
        editor.part,
        editor.choice,
    ]
    fields.start.click(
        on_start,
        [session.cv, session.successes, fields.experience],
        outputs,
        api_visibility="private",
        show_progress="hidden",
    )
    said = gr.on(
        [fields.send.click, fields.box.submit],
        on_send,
        [fields.conversation, fields.box, session.successes],
        outputs,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="once",
    )
    keep_records(session, said)


def _wire_editor(session: Session, fields: _Fields, editor: _Editor) -> None:
    def on_keep(kept: str, record_id: str | None, *texts: str) -> list[object]:
        names = (*star.PARTS, "skills")
        values = dict(zip(names, texts, strict=True))
        saved, notice = star.change_success(read_records(kept, SavedSuccess), record_id, values)
        return [write_records(saved), *_listed(saved, chosen=record_id), notice]

    def on_drop(kept: str, record_id: str | None) -> list[object]:
        saved = drop_record(read_records(kept, SavedSuccess), record_id)
        return [write_records(saved), *_listed(saved), star.dropped_html()]

    listed = [session.successes, fields.saved, editor.part, editor.choice, editor.notice]
    editor.choice.change(
        _texts_of,
        [session.successes, editor.choice],
        list(editor.texts),
        api_visibility="private",
        show_progress="hidden",
    )
    inputs = [session.successes, editor.choice]
    kept = editor.keep.click(on_keep, [*inputs, *editor.texts], listed, api_visibility="private")
    dropped = editor.drop.click(on_drop, inputs, listed, api_visibility="private")
    keep_records(session, kept)
    keep_records(session, dropped)


def _show(moment: star.StarTurn) -> list[object]:
    turn = moment.turn
    box = gr.skip() if turn.box is None else turn.box
    shown = [turn.conversation, turn_html(turn), steps_html(turn.conversation), box]
    if turn.streaming is not None and not turn.failure:
        # Only what the coach says changes from token to token.
        shown[0] = gr.skip()
    score = star.score_html(turn.conversation.score)
    if moment.saved is None:
        return [*shown, score, *[gr.skip()] * 4]
    chosen = moment.told.record_id if moment.told else None
    return [*shown, score, write_records(moment.saved), *_listed(moment.saved, chosen=chosen)]


def _listing(kept: str) -> list[object]:
    return _listed(read_records(kept, SavedSuccess))


def _listed(saved: list[SavedSuccess], *, chosen: str | None = None) -> list[object]:
    choices = [(item.name[:80], item.record_id) for item in saved]
    ids = [record_id for _, record_id in choices]
    value = chosen if chosen in ids else (ids[-1] if ids else None)
    return [
        star.successes_html(saved),
        gr.Accordion(visible=bool(saved)),
        gr.Dropdown(choices=choices, value=value),
    ]


def _texts_of(kept: str, record_id: str | None) -> list[str]:
    for item in read_records(kept, SavedSuccess):
        if item.record_id == record_id:
            parts = [getattr(item, name) for name in star.PARTS]
            return [*parts, ", ".join(item.skills_demonstrated)]
    return [""] * (len(star.PARTS) + 1)


def _experiences(cv: Extraction | None) -> gr.Dropdown:
    choices = experiences_of(cv)
    return gr.Dropdown(choices=choices, value=choices[0][1] if choices else None)
