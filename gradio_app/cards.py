"""HTML of what the pages show. Every value that comes from outside is escaped here.

Offers are written by strangers and CVs by anyone: nothing of theirs may become markup, and only
http(s) addresses become links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from gradio_app.answers import HighlightSpan, MatchAnswer, RankedOffer

Tone = Literal["info", "success", "error"]

SCORE_MEANING = "Le score indiqué est un score de similarité, pas une probabilité d'être recruté."
SCORE_DETAILS = (
    "Il va de −1 à 1 : plus il est haut, plus les textes se ressemblent. C'est la moyenne pondérée "
    "de deux ressemblances (des cosinus) : entre le poste recherché et l'intitulé de l'offre, et "
    "entre votre CV et la description de l'offre. Il sert à classer les offres entre elles."
)
AI_NOTICE = (
    "Ce classement est calculé par un système d'intelligence artificielle. Il peut se tromper : "
    "il vous aide à chercher et ne décide de rien à votre place."
)
NOT_STATED = "Non précisé"


def notice_html(message: str, *, tone: Tone = "info") -> str:
    """Returns a message box; `words between backquotes` are shown as something to type."""
    if not message:
        return ""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", typeset(escape(message)))
    # Errors interrupt a screen reader, the rest waits for a pause.
    role = "alert" if tone == "error" else "status"
    return f'<div class="jm-notice jm-{tone}" role="{role}"><p>{text}</p></div>'


def typeset(text: str) -> str:
    """Returns a French text whose high punctuation cannot be parted from its word."""
    return re.sub(r" (?=[:;?!»%])", "\u00a0", text)


def offers_html(answer: MatchAnswer) -> str:
    """Returns the ranked offers as a list of cards, with what the score means and who ranked."""
    count = len(answer.offers)
    summary = "1 offre" if count == 1 else f"{count} offres"
    cards = "".join(f"<li>{offer_html(offer)}</li>" for offer in answer.offers)
    title = escape(answer.profile_title.strip())
    profile = f'<p class="jm-scale">Poste pris en compte\u00a0: {title}</p>' if title else ""
    version = escape(answer.bundle_version or "inconnue")
    return (
        '<section class="jm-results" aria-label="Offres classées">'
        f'<p class="jm-summary" role="status">{summary}, de la plus proche à la moins proche '
        "de votre CV</p>"
        f"{profile}"
        f'<p class="jm-scale">{typeset(escape(SCORE_MEANING))}</p>'
        '<details class="jm-meaning"><summary>Comment est-il calculé\u00a0?</summary>'
        f"<p>{typeset(escape(SCORE_DETAILS))}</p></details>"
        f'<ol class="jm-offers">{cards}</ol>'
        f'<p class="jm-small">{typeset(escape(AI_NOTICE))}</p>'
        f'<p class="jm-small">Modèle utilisé\u00a0: version <code>{version}</code></p>'
        "</section>"
    )


def offer_html(offer: RankedOffer) -> str:
    """Returns one offer's card."""
    facts = "".join(
        f"<div><dt>{label}</dt><dd>{escape(value or NOT_STATED)}</dd></div>"
        for label, value in (
            ("Entreprise", offer.company),
            ("Lieu", offer.place),
            ("Contrat", offer.contract_label),
            ("Collectée le", _french_date(offer.ingestion_date)),
        )
        if value or label != "Collectée le"
    )
    spans = offer.highlight_spans
    return (
        '<article class="jm-card">'
        f'<header><span class="jm-rank"><span class="jm-hidden">Rang </span>{offer.rank}</span>'
        f"<h3>{mark_spans(offer.title, spans, field='title') or 'Offre sans intitulé'}</h3>"
        f"{_score_html(offer.score)}</header>"
        f'<dl class="jm-facts">{facts}</dl>'
        f"{_excerpt_html(offer.excerpt, spans)}"
        f"{_highlights_html(offer.highlights)}"
        f"{_source_html(offer.source_url)}"
        "</article>"
    )


def format_score(score: float) -> str:
    """Returns a score the French way.

    Example:
        >>> format_score(0.6249), format_score(-0.05)
        ('0,62', '−0,05')
    """
    return f"{score:.2f}".replace("-0.00", "0.00").replace("-", "−").replace(".", ",")


def _score_html(score: float) -> str:
    # The bar shows the upper half of the scale: a negative similarity is an empty bar.
    width = round(100 * min(max(score, 0.0), 1.0))
    return (
        f'<p class="jm-score"><span class="jm-score-label">Similarité</span> '
        f"<strong>{format_score(score)}</strong>"
        f'<span class="jm-bar" aria-hidden="true"><span style="width:{width}%"></span></span></p>'
    )


def mark_spans(text: str, spans: Sequence[HighlightSpan], *, field: str) -> str:
    """Returns a text, escaped, with the words that the CV shares in ``<mark>``.

    A span that does not hold its word (a text cut elsewhere, an overlap) is left unmarked.
    """
    parts: list[str] = []
    done = 0
    for span in sorted(spans, key=lambda item: item.start):
        fits = span.field == field and done <= span.start < span.end
        if not fits or text[span.start : span.end] != span.term:
            continue
        parts += [escape(text[done : span.start]), f"<mark>{escape(span.term)}</mark>"]
        done = span.end
    return "".join([*parts, escape(text[done:])])


def _excerpt_html(excerpt: str, spans: Sequence[HighlightSpan]) -> str:
    text = excerpt.rstrip()
    if not text:
        return ""
    more = "" if text[-1] in ".!?…" else "…"
    return f'<p class="jm-excerpt">{mark_spans(text, spans, field="description")}{more}</p>'


def _highlights_html(words: Sequence[str]) -> str:
    marks = " ".join(f"<mark>{escape(word)}</mark>" for word in words if word.strip())
    if not marks:
        return ""
    return f'<p class="jm-shared"><span>En commun avec votre CV\u00a0:</span> {marks}</p>'


def _source_html(source_url: str | None) -> str:
    if not source_url or not is_web_address(source_url):
        return ""
    return (
        f'<p class="jm-source"><a href="{escape(source_url, quote=True)}" target="_blank" '
        'rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">Voir l\'offre d\'origine'
        '<span class="jm-hidden"> (nouvel onglet)</span></a></p>'
    )


def is_web_address(value: str) -> bool:
    """Says whether a value is an absolute http(s) address: nothing else becomes a link.

    Example:
        >>> is_web_address("https://candidat.francetravail.fr/1"), is_web_address("javascript:x")
        (True, False)
    """
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _french_date(value: str | None) -> str:
    try:
        return date.fromisoformat((value or "")[:10]).strftime("%d/%m/%Y")
    except ValueError:
        return ""
