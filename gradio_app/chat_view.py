"""HTML of a conversation. What the person and the service wrote is escaped, every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from gradio_app.callbacks.chat import Conversation, Turn, visible_part
from gradio_app.cards import notice_html, typeset

STAR_STEPS = (
    ("choose", "Choix"),
    ("situation", "Situation"),
    ("task", "Tâche"),
    ("action", "Action"),
    ("result", "Résultat"),
    ("create", "Succès"),
)
NOTICE = (
    "Texte composé automatiquement par un programme à partir de vos propres mots. "
    "Relisez-le avant de l'utiliser."
)


def turn_html(turn: Turn) -> str:
    """Returns the conversation with what is being said; a failure stands below it."""
    bubbles = [
        _bubble(message["role"], message["content"]) for message in turn.conversation.messages
    ]
    if turn.said:
        bubbles.append(_bubble("user", turn.said))
    if turn.streaming is not None:
        cut = bool(turn.failure)
        bubbles.append(_bubble("assistant", turn.streaming or "…", cut=cut, live=not cut))
    # While a message grows a screen reader would start over at each word.
    busy = "true" if turn.streaming is not None and not turn.failure else "false"
    log = (
        f'<div class="jm-chat" role="log" aria-label="Discussion avec le coach" tabindex="0" '
        f'aria-live="polite" aria-busy="{busy}"><div>{"".join(bubbles)}</div></div>'
    )
    return log + notice_html(turn.failure, tone="error")


def steps_html(conversation: Conversation | None) -> str:
    """Returns the steps of the STAR method, the current one marked."""
    current = conversation.step if conversation else ""
    names = [name for name, _ in STAR_STEPS]
    at = names.index(current) if current in names else -1
    items = "".join(_step(label, number, at) for number, (_, label) in enumerate(STAR_STEPS))
    return f'<ol class="jm-steps" aria-label="Étapes">{items}</ol>'


def generated_notice_html(notice: str = "") -> str:
    """Returns the notice that every generated text carries."""
    return f'<p class="jm-small jm-generated">{typeset(escape(notice or NOTICE))}</p>'


def _step(label: str, number: int, at: int) -> str:
    if number == at:
        return f'<li class="jm-now" aria-current="step">{label}</li>'
    done = number < at
    said = '<span class="jm-hidden"> (fait)</span>' if done else ""
    return f'<li class="{"jm-done" if done else ""}">{label}{said}</li>'


def _bubble(role: str, content: str, *, cut: bool = False, live: bool = False) -> str:
    who = "Vous" if role == "user" else "Coach"
    side = "jm-mine" if role == "user" else "jm-coach"
    shown = content if role == "user" else visible_part(content)
    text = escape(shown)
    if role != "user":
        text = typeset(text)
        text = re.sub(r"\*\*([^*\n]+)\*\*", r"<strong>\1</strong>", text)
    end = ' <em class="jm-cut">(interrompu)</em>' if cut else ""
    state = " jm-live" if live else ""
    return (
        f'<div class="jm-bubble {side}{state}"><span class="jm-who">{who}</span>'
        f"<p>{text}{end}</p></div>"
    )


def facts_html(facts: Mapping[str, str]) -> str:
    """Returns named texts, one below the other; empty ones are left out."""
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>"
        for name, text in facts.items()
        if text.strip()
    )
    return f'<dl class="jm-parts">{rows}</dl>' if rows else ""
