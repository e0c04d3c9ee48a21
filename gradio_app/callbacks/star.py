"""The page of the successes: a turn with the coach, and the list of what was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pydantic import ValidationError

from gradio_app import sentences
from gradio_app.answers import Extraction, Score
from gradio_app.assistant_client import AssistantClient
from gradio_app.callbacks.chat import Conversation, Turn, answer, begin
from gradio_app.cards import notice_html, typeset
from gradio_app.chat_view import facts_html, generated_notice_html
from gradio_app.downloads import as_json, as_text, downloads_html
from gradio_app.profile import context_of
from gradio_app.records import SavedSuccess, put_record
from gradio_app.sentences import ServiceFailure

PARTS = ("title", "situation", "task", "action", "result")
LABELS = {
    "situation": "Situation",
    "task": "Tâche",
    "action": "Action",
    "result": "Résultat",
}
EMPTY_LIST = (
    '<p class="jm-waiting">Aucun succès enregistré pour l\'instant. Racontez-en un au coach : '
    "il s'ajoutera ici.</p>"
)


@dataclass(frozen=True)
class StarTurn:
    """A moment of the page: the turn, and the list once it has changed."""

    turn: Turn
    saved: list[SavedSuccess] | None = None
    told: SavedSuccess | None = None


def start_star(
    client: AssistantClient,
    cv: Extraction | None,
    saved: Sequence[SavedSuccess],
    chosen: int | None,
) -> Iterator[StarTurn]:
    """Opens a conversation about the line of the CV that was chosen."""
    context = context_of(cv, saved, chosen=chosen)
    yield from map(StarTurn, begin(client, "star", context))


def answer_star(
    client: AssistantClient,
    conversation: Conversation | None,
    message: str,
    saved: Sequence[SavedSuccess],
) -> Iterator[StarTurn]:
    """Answers the coach; the success joins the list when the coach has written it."""
    if conversation is None:
        empty = Conversation("star", {})
        yield StarTurn(Turn(empty, failure=sentences.NOT_STARTED))
        return
    for turn in answer(client, conversation, message):
        if turn.streaming is not None or turn.failure or not turn.conversation.is_complete:
            yield StarTurn(turn)
            continue
        try:
            told = _success_of(client, turn.conversation)
        except ServiceFailure as failure:
            yield StarTurn(Turn(turn.conversation, failure=str(failure)))
            return
        yield StarTurn(turn, put_record(saved, told), told)


def change_success(
    saved: Sequence[SavedSuccess], record_id: str | None, values: Mapping[str, str]
) -> tuple[list[SavedSuccess], str]:
    """Returns the list with one success as it was edited, and what to say about it."""
    old = next((item for item in saved if item.record_id == record_id), None)
    if old is None:
        return list(saved), notice_html(sentences.NOTHING_CHOSEN, tone="error")
    skills = [part.strip() for part in values.get("skills", "").split(",") if part.strip()]
    fields = {name: (values.get(name) or "").strip() for name in PARTS}
    try:
        new = SavedSuccess(record_id=old.record_id, **fields, skills_demonstrated=tuple(skills))
    except ValidationError:
        return list(saved), notice_html(sentences.FIELDS_TOO_LONG, tone="error")
    return put_record(saved, new), notice_html(sentences.CHANGES_KEPT, tone="success")


def successes_html(saved: Sequence[SavedSuccess]) -> str:
    """Returns the list of successes, with what each says and the exports."""
    if not saved:
        return EMPTY_LIST
    cards = "".join(f"<li>{_card(item)}</li>" for item in saved)
    links = downloads_html(
        (
            as_text("Télécharger en texte", "mes-succes.txt", successes_text(saved)),
            as_json(
                "Télécharger en JSON", "mes-succes.json", [item.for_service() for item in saved]
            ),
        )
    )
    return f'<ul class="jm-offers jm-successes">{cards}</ul>{links}{generated_notice_html()}'


def successes_text(saved: Sequence[SavedSuccess]) -> str:
    """Returns the list as plain text."""
    return "\n\n".join(_text(item) for item in saved) + "\n"


def score_html(score: Score | None) -> str:
    """Returns the score of the success that was just told, with the tips."""
    if score is None:
        return ""
    tips = "".join(f"<li>{typeset(escape(tip))}</li>" for tip in score.tips)
    advice = f"<p>Pour aller plus loin\u00a0:</p><ul>{tips}</ul>" if tips else ""
    return (
        '<section class="jm-card jm-advice" aria-label="Qualité du récit">'
        f"<p><strong>Qualité du récit\u00a0: {score.points}/100</strong> "
        "(complet, à la première personne, verbes d'action, chiffres, longueur)</p>"
        f"{advice}</section>"
    )


def _success_of(client: AssistantClient, conversation: Conversation) -> SavedSuccess:
    """Returns the success of an ended conversation; a service that sent no JSON is asked for it."""
    fields: Mapping[str, Any] | None = conversation.result
    if fields is None:
        answered = client.extract_success(conversation.conversation_id, conversation.messages)
        fields = answered.model_dump()
    try:
        # The same conversation told again is the same success.
        return SavedSuccess.model_validate({**fields, "record_id": conversation.conversation_id})
    except ValidationError:
        raise ServiceFailure(sentences.BAD_ANSWER) from None


def _card(item: SavedSuccess) -> str:
    parts = {LABELS[name]: getattr(item, name) for name in LABELS}
    skills = {"Compétences montrées": ", ".join(item.skills_demonstrated)}
    missing = [label.lower() for label, text in parts.items() if not text.strip()]
    left = f'<p class="jm-small">À compléter\u00a0: {", ".join(missing)}.</p>' if missing else ""
    return (
        f'<article class="jm-card"><h3>{escape(item.name)}</h3>'
        f"{facts_html(parts | skills)}{left}</article>"
    )


def _text(item: SavedSuccess) -> str:
    lines = [item.name, "=" * len(item.name)]
    lines += [f"{LABELS[name]} : {text}" for name in LABELS if (text := getattr(item, name))]
    if item.skills_demonstrated:
        lines.append(f"Compétences montrées : {', '.join(item.skills_demonstrated)}")
    return "\n".join(lines)


def dropped_html() -> str:
    """Returns what is said once a success was deleted."""
    return notice_html(sentences.RECORD_DROPPED, tone="success")
