"""The page of the pitch: drafts with their word counts, and the list of those that were kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pydantic import ValidationError

from gradio_app import sentences
from gradio_app.answers import Extraction, Pitch
from gradio_app.assistant_client import AssistantClient
from gradio_app.callbacks.chat import Conversation, Turn, answer, begin
from gradio_app.cards import notice_html, typeset
from gradio_app.chat_view import facts_html, generated_notice_html
from gradio_app.downloads import as_json, as_text, downloads_html
from gradio_app.profile import context_of
from gradio_app.records import SavedPitch, SavedSuccess

AUDIENCES = {"recruteur": "Recruteur", "reseau": "Salon ou réseau", "manager": "Futur manager"}
WINDOWS = {"pitch_30s": ("30 secondes", 75, 80), "pitch_3min": ("3 minutes", 400, 450)}
MOST_ROUNDS = 2
EMPTY_LIST = (
    '<p class="jm-waiting">Aucun pitch enregistré pour l\'instant. Préparez-en un, relisez-le, '
    "puis gardez-le ici.</p>"
)
_FORMAL = {
    "tes": "vos",
    "ton": "votre",
    "ta": "votre",
    "tu vises": "vous visez",
}
_FAMILIAR = re.compile(rf"\b(?:{'|'.join(_FORMAL)})\b", re.I)
_HEADINGS = ("**Pitch de 30 secondes**", "**Pitch de 3 minutes**")


@dataclass(frozen=True)
class PitchTurn:
    """A moment of the page.

    Args:
        turn: The turn.
        texts: Both texts as far as they have come.
        pitch: The whole pitch, once the turn has ended.
    """

    turn: Turn
    texts: tuple[str, str] | None = None
    pitch: Pitch | None = None


def count_words(text: str) -> int:
    """Returns the number of words as the coach counts them: what has a letter or a digit.

    Example:
        >>> count_words("J'ai vendu 12 % de plus : bravo !")
        6
    """
    return sum(any(map(str.isalnum, part)) for part in (text or "").split())


def start_pitch(
    client: AssistantClient,
    cv: Extraction | None,
    successes: Sequence[SavedSuccess],
    audience: str,
) -> Iterator[PitchTurn]:
    """Asks for a first draft."""
    if cv is None and not successes:
        yield PitchTurn(Turn(Conversation("pitch", {}), failure=sentences.PROFILE_NEEDED))
        return
    chosen = audience if audience in AUDIENCES else "recruteur"
    context = {**context_of(cv, successes), "audience": chosen}
    yield from map(_read_turn, begin(client, "pitch", context))


def answer_pitch(
    client: AssistantClient, conversation: Conversation | None, message: str
) -> Iterator[PitchTurn]:
    """Asks for a change; there are two rounds of them."""
    if conversation is None or not conversation.messages:
        empty = conversation or Conversation("pitch", {})
        yield PitchTurn(Turn(empty, failure=sentences.NOT_STARTED))
        return
    yield from map(_read_turn, answer(client, conversation, message))


def read_drafts(content: str) -> tuple[str, str]:
    """Returns the two texts of a coach's message, which may still be arriving."""
    after = content.partition(_HEADINGS[0])[2]
    short, _, long = after.partition(_HEADINGS[1])
    return _below(short), _below(long)


def counts_html(short: str, long: str) -> str:
    """Returns both word counts, with what they should be."""
    rows = []
    for (name, low, high), text in zip(WINDOWS.values(), (short, long), strict=True):
        count = count_words(text)
        fits = low <= count <= high
        said = "bonne longueur" if fits else "trop court" if count < low else "trop long"
        rows.append(
            f'<li class="{"jm-fits" if fits else ""}"><span>{name}</span> '
            f"<strong>{count} mot{'s' if count > 1 else ''}</strong> "
            f"<span>sur {low}\u2013{high}{f', {said}' if count else ''}</span></li>"
        )
    return f'<ul class="jm-counts" aria-label="Longueurs">{"".join(rows)}</ul>'


def rounds_html(conversation: Conversation | None) -> str:
    """Returns how many changes may still be asked for."""
    if conversation is None or not conversation.messages:
        return ""
    asked = sum(message["role"] == "user" for message in conversation.messages)
    left = 0 if conversation.is_complete else max(MOST_ROUNDS - asked, 0)
    said = (
        "Version finale. Vous pouvez encore la corriger à la main ci-dessous."
        if left == 0
        else f"Version {asked + 1}. Encore {left} changement{'s' if left > 1 else ''} possible"
        f"{'s' if left > 1 else ''} avec le coach."
    )
    return f'<p class="jm-small">{said}</p>'


def strengths_html(pitch: Pitch | None) -> str:
    """Returns the points to remember, and what is missing for a whole pitch."""
    if pitch is None:
        return ""
    points = "".join(f"<li>{escape(text)}</li>" for text in pitch.key_strengths)
    found = f"<p>Vos points forts\u00a0:</p><ul>{points}</ul>" if points else ""
    # The coach says "tu", the page says "vous".
    missing = ", ".join(_FAMILIAR.sub(_formal, text) for text in pitch.missing)
    lacks = notice_html(f"Pour atteindre la longueur, ajoutez : {missing}.") if missing else ""
    return f'<div class="jm-advice">{found}</div>{lacks}' if found or lacks else ""


def _formal(found: re.Match[str]) -> str:
    return _FORMAL[found[0].lower()]


def keep_pitch(
    saved: Sequence[SavedPitch], pitch: Pitch | None, short: str, long: str
) -> tuple[list[SavedPitch], str]:
    """Returns the list with the pitch as it now reads, and what to say about it."""
    if not (short or "").strip() and not (long or "").strip():
        return list(saved), notice_html(sentences.NO_PITCH, tone="error")
    known = pitch or Pitch()
    try:
        new = SavedPitch(
            audience=known.audience,
            pitch_30s=(short or "").strip(),
            pitch_3min=(long or "").strip(),
            key_strengths=known.key_strengths,
        )
    except ValidationError:
        return list(saved), notice_html(sentences.FIELDS_TOO_LONG, tone="error")
    return [*saved, new], notice_html(sentences.PITCH_KEPT, tone="success")


def pitch_name(number: int, pitch: SavedPitch) -> str:
    """Returns what lists call a pitch."""
    return f"Pitch {number} ({AUDIENCES.get(pitch.audience, 'Recruteur').lower()})"


def pitches_html(saved: Sequence[SavedPitch]) -> str:
    """Returns the list of pitches with the exports."""
    if not saved:
        return EMPTY_LIST
    cards = "".join(f"<li>{_card(*item)}</li>" for item in enumerate(saved, start=1))
    text = "\n\n".join(_text(*item) for item in enumerate(saved, start=1)) + "\n"
    values = [item.model_dump(mode="json", exclude={"record_id"}) for item in saved]
    links = downloads_html(
        (
            as_text("Télécharger en texte", "mes-pitchs.txt", text),
            as_json("Télécharger en JSON", "mes-pitchs.json", values),
        )
    )
    return f'<ul class="jm-offers">{cards}</ul>{links}{generated_notice_html()}'


def _read_turn(turn: Turn) -> PitchTurn:
    if turn.streaming is not None:
        return PitchTurn(turn, read_drafts(turn.streaming))
    messages = turn.conversation.messages
    if turn.failure or not messages:
        return PitchTurn(turn)
    short, long = read_drafts(messages[-1]["content"])
    fields: Mapping[str, Any] = turn.conversation.result or {}
    try:
        pitch = Pitch.model_validate(fields)
    except ValidationError:
        pitch = Pitch()
    # What was read stands in the message; the object beside it may be missing.
    pitch = pitch.model_copy(
        update={"pitch_30s": pitch.pitch_30s or short, "pitch_3min": pitch.pitch_3min or long}
    )
    return PitchTurn(turn, (pitch.pitch_30s, pitch.pitch_3min), pitch)


def _below(text: str) -> str:
    """Returns the paragraph below a heading's line."""
    below = text.partition("\n")[2].strip()
    return below.split("\n")[0].strip()


def _card(number: int, pitch: SavedPitch) -> str:
    texts = {
        f"{name} ({count_words(getattr(pitch, field))} mots)": getattr(pitch, field)
        for field, (name, _, _) in WINDOWS.items()
    }
    strengths = {"Points forts": " · ".join(pitch.key_strengths)}
    name = typeset(escape(pitch_name(number, pitch)))
    return f'<article class="jm-card"><h3>{name}</h3>{facts_html(texts | strengths)}</article>'


def _text(number: int, pitch: SavedPitch) -> str:
    lines = [pitch_name(number, pitch)]
    for field, (name, _, _) in WINDOWS.items():
        text = getattr(pitch, field)
        lines += ["", f"{name} ({count_words(text)} mots)", text]
    if pitch.key_strengths:
        lines += ["", "Points forts : " + " ; ".join(pitch.key_strengths)]
    return "\n".join(lines)
