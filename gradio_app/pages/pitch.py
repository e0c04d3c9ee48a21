"""The page of the pitch: a first draft at once, two rounds of changes, a list to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from gradio_app.answers import Extraction, Pitch
from gradio_app.callbacks import pitch
from gradio_app.callbacks.chat import MAX_MESSAGE_CHARACTERS, Conversation
from gradio_app.cards import notice_html
from gradio_app.chat_view import generated_notice_html, turn_html
from gradio_app.client import ServiceClient
from gradio_app.pages.session import Session, add_cv_part, keep_records
from gradio_app.records import (
    SavedPitch,
    SavedSuccess,
    drop_record,
    read_records,
    write_records,
)
from gradio_app.sentences import RECORD_DROPPED

TITLE = "Mon pitch"

_WAITING = (
    '<p class="jm-waiting">Votre CV et vos succès suffisent pour un premier jet de 30 secondes et '
    "de 3 minutes. Vous pourrez le faire changer deux fois.</p>"
)


@dataclass(frozen=True)
class _Fields:
    audience: gr.Radio
    start: gr.Button
    counting: gr.HTML
    counts: gr.HTML
    log: gr.HTML
    rounds: gr.HTML
    box: gr.Textbox
    send: gr.Button
    short: gr.Textbox
    long: gr.Textbox
    strengths: gr.HTML
    keep: gr.Button
    notice: gr.HTML
    saved: gr.HTML
    choice: gr.Dropdown
    drop: gr.Button
    conversation: gr.State
    pitch: gr.State


def build_page(client: ServiceClient, session: Session, tab: gr.Tab) -> None:
    """Adds the page to the tab being built and wires it to the service."""
    with gr.Row(elem_classes="jm-columns"):
        with gr.Column(scale=5, min_width=320):
            gr.HTML("<h2>1. Pour qui ?</h2>")
            add_cv_part(client, session, tab, "pitch")
            used = gr.HTML(elem_id="pitch-used")
            audience = gr.Radio(
                [(label, value) for value, label in pitch.AUDIENCES.items()],
                value="recruteur",
                label="À qui parlez-vous ?",
                elem_id="pitch-audience",
            )
            start = gr.Button("Préparer mon pitch", variant="primary", elem_id="pitch-start")
        with gr.Column(scale=7, min_width=320):
            gr.HTML("<h2>2. Le premier jet et vos changements</h2>")
            counting = gr.HTML(pitch.counts_html("", ""), elem_id="pitch-counting")
            log = gr.HTML(_WAITING, elem_id="pitch-log", elem_classes="jm-log")
            rounds = gr.HTML(elem_id="pitch-rounds")
            box = gr.Textbox(
                label="Que faut-il changer ?",
                placeholder="Par exemple : insiste sur la gestion d'équipe",
                lines=1,
                max_lines=6,
                max_length=MAX_MESSAGE_CHARACTERS,
                elem_id="pitch-message",
            )
            send = gr.Button("Demander ce changement", elem_id="pitch-send")
    gr.HTML("<h2>3. Mon pitch, à relire à voix haute</h2>")
    counts = gr.HTML(pitch.counts_html("", ""), elem_id="pitch-counts")
    short = gr.Textbox(label="En 30 secondes", lines=4, max_lines=8, elem_id="pitch-short")
    long = gr.Textbox(label="En 3 minutes", lines=10, max_lines=18, elem_id="pitch-long")
    strengths = gr.HTML(elem_id="pitch-strengths")
    keep = gr.Button("Garder ce pitch", variant="primary", elem_id="pitch-keep")
    notice = gr.HTML(elem_id="pitch-notice")
    gr.HTML("<h2>4. Mes pitchs enregistrés</h2>")
    saved = gr.HTML(pitch.EMPTY_LIST, elem_id="pitch-saved")
    with gr.Row():
        choice = gr.Dropdown([], label="Pitch à supprimer", visible=False, elem_id="pitch-choice")
        drop = gr.Button("Supprimer ce pitch", variant="stop", visible=False)
    fields = _Fields(
        *(audience, start, counting, counts, log, rounds, box, send, short, long, strengths, keep),
        *(notice, saved, choice, drop, gr.State(value=None), gr.State(value=None)),
    )
    _wire_chat(client, session, fields)
    _wire_list(session, fields, tab)
    tab.select(
        _used_html,
        [session.successes],
        [used],
        api_visibility="private",
        show_progress="hidden",
    )


def _wire_chat(client: ServiceClient, session: Session, fields: _Fields) -> None:
    def on_start(cv: Extraction | None, kept: str, audience: str) -> Iterator[list[object]]:
        successes = read_records(kept, SavedSuccess)
        for moment in pitch.start_pitch(client.assistant, cv, successes, audience):
            yield _show(moment)

    def on_send(conversation: Conversation | None, message: str) -> Iterator[list[object]]:
        for moment in pitch.answer_pitch(client.assistant, conversation, message):
            yield _show(moment)

    outputs = [
        fields.conversation,
        fields.log,
        fields.rounds,
        fields.box,
        fields.counting,
        fields.counts,
        fields.short,
        fields.long,
        fields.strengths,
        fields.pitch,
    ]
    fields.start.click(
        on_start,
        [session.cv, session.successes, fields.audience],
        outputs,
        api_visibility="private",
        show_progress="hidden",
    )
    gr.on(
        [fields.send.click, fields.box.submit],
        on_send,
        [fields.conversation, fields.box],
        outputs,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="once",
    )
    gr.on(
        [fields.short.input, fields.long.input],
        pitch.counts_html,
        [fields.short, fields.long],
        fields.counts,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="always_last",
    )


def _wire_list(session: Session, fields: _Fields, tab: gr.Tab) -> None:
    def on_keep(kept: str, made: Pitch | None, short: str, long: str) -> list[object]:
        saved, notice = pitch.keep_pitch(read_records(kept, SavedPitch), made, short, long)
        return [write_records(saved), notice, *_listed(saved)]

    def on_drop(kept: str, record_id: str | None) -> list[object]:
        saved = drop_record(read_records(kept, SavedPitch), record_id)
        said = notice_html(RECORD_DROPPED, tone="success")
        return [write_records(saved), said, *_listed(saved)]

    listed = [fields.saved, fields.choice, fields.drop]
    changed = [session.pitches, fields.notice, *listed]
    kept = fields.keep.click(
        on_keep,
        [session.pitches, fields.pitch, fields.short, fields.long],
        changed,
        api_visibility="private",
    )
    dropped = fields.drop.click(
        on_drop, [session.pitches, fields.choice], changed, api_visibility="private"
    )
    keep_records(session, kept)
    keep_records(session, dropped)
    tab.select(
        lambda kept: _listed(read_records(kept, SavedPitch)),
        [session.pitches],
        listed,
        api_visibility="private",
        show_progress="hidden",
    )


def _show(moment: pitch.PitchTurn) -> list[object]:
    turn = moment.turn
    box = gr.skip() if turn.box is None else turn.box
    texts = moment.texts
    counts = gr.skip() if texts is None else pitch.counts_html(*texts)
    if moment.pitch is None:
        # While the coach speaks, and when it failed, the fields keep the version before.
        kept = turn.conversation if turn.failure else gr.skip()
        return [kept, turn_html(turn), gr.skip(), box, counts, *[gr.skip()] * 5]
    made = moment.pitch
    return [
        turn.conversation,
        turn_html(turn) + generated_notice_html(turn.conversation.notice),
        pitch.rounds_html(turn.conversation),
        box,
        counts,
        counts,
        made.pitch_30s,
        made.pitch_3min,
        pitch.strengths_html(made),
        made,
    ]


def _listed(saved: list[SavedPitch]) -> list[object]:
    choices = [
        (pitch.pitch_name(number, item), item.record_id)
        for number, item in enumerate(saved, start=1)
    ]
    value = choices[-1][1] if choices else None
    return [
        pitch.pitches_html(saved),
        gr.Dropdown(choices=choices, value=value, visible=bool(saved)),
        gr.Button(visible=bool(saved)),
    ]


def _used_html(kept: str) -> str:
    count = len(read_records(kept, SavedSuccess))
    if not count:
        return notice_html(
            "Racontez un ou deux succès au coach STAR : le pitch en sera plus vivant."
        )
    return notice_html(f"{count} succès enregistré{'s' if count > 1 else ''} à votre disposition.")
