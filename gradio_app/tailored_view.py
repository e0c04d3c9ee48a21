"""HTML of a tailored CV: what it gained, what is missing, and where each sentence comes from."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from gradio_app.answers import TailoredCv, TailoredSentence
from gradio_app.cards import SCORE_MEANING, format_score, notice_html, typeset
from gradio_app.chat_view import generated_notice_html

SECTIONS = {
    "title": "Titre",
    "headline": "Titre",
    "summary": "Profil",
    "achievements": "Réalisations",
    "others": "Autres",
    "experience": "Expériences",
    "experiences": "Expériences",
    "education": "Formation",
    "skill": "Compétences",
    "skills": "Compétences",
    "certification": "Certifications",
    "certifications": "Certifications",
    "language": "Langues",
    "languages": "Langues",
    "interest": "Centres d'intérêt",
    "interests": "Centres d'intérêt",
}
SCORES_MEANING = (
    "La similarité dit à quel point les mots de votre CV et de l'offre se ressemblent pour le "
    "moteur de classement. Une hausse veut dire que le CV parle mieux le langage de l'offre, pas "
    "que vous avez plus de chances d'être recruté."
)
_LOWER = (
    "Elle a baissé\u00a0: ce niveau ajoute ou retire du texte pour un recruteur, et le moteur lit "
    "surtout le titre et les premières lignes."
)
_MILD = 2  # the level that adds the offer's words and no sentence
_SMALL_WORD = 3  # letters: "de", "en" and "une" say nothing of where a sentence is from
_MISSING = (
    "L'offre demande ces points et votre CV n'en dit rien. Ils n'ont pas été ajoutés : si vous les "
    "avez, écrivez-le dans votre CV ; sinon, ce sont des pistes à acquérir."
)


def tailored_html(result: TailoredCv) -> str:
    """Returns everything that a person should know of their tailored CV."""
    return (
        '<section class="jm-results" aria-label="CV adapté">'
        f"{_scores(result)}{_keywords(result)}{_missing(result.missing)}"
        f"{''.join(notice_html(text) for text in result.warnings)}{_read_again(result)}"
        f"{_sentences(result)}{_left_out(result)}{generated_notice_html(result.notice)}</section>"
    )


def _scores(result: TailoredCv) -> str:
    before, after = result.score_before, result.score_after
    if before is None or after is None:
        return notice_html("La similarité n'a pas pu être calculée pour cette offre.")
    # What is not seen in the two figures is not spoken of.
    fell = after < before and format_score(after) != format_score(before)
    lower = f" {escape(_LOWER)}" if fell else ""
    if fell and result.level > _MILD:
        lower += " Comparez avec le niveau 2."
    return (
        '<div class="jm-card jm-scores"><p><span>Similarité avec l\'offre</span> '
        f"<strong>{format_score(before)}</strong> <span>avant</span> "
        '<span aria-hidden="true">→</span> '
        f"<strong>{format_score(after)}</strong> <span>après</span></p>"
        f'<p class="jm-small">{typeset(escape(SCORES_MEANING))} '
        f"{typeset(escape(SCORE_MEANING))}{lower}</p></div>"
    )


def _keywords(result: TailoredCv) -> str:
    if not result.covered_after:
        return ""
    known = set(result.covered_before)
    marks = " ".join(
        f"<mark>{escape(word)}{'' if word in known else ' (nouveau mot, déjà votre compétence)'}"
        "</mark>"
        for word in result.covered_after
    )
    label = "Mots de l'offre que votre CV emploie\u00a0:"
    return f'<p class="jm-shared"><span>{label}</span> {marks}</p>'


def _missing(missing: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in missing)
    if not items:
        return ""
    return (
        '<section class="jm-card jm-missing" aria-label="À acquérir ou à confirmer">'
        f"<h3>À acquérir / à confirmer</h3><p>{typeset(escape(_MISSING))}</p><ul>{items}</ul>"
        "</section>"
    )


def _read_again(result: TailoredCv) -> str:
    recall = result.parse_back.recall if result.parse_back else None
    if recall is None:
        return ""
    percent = f"{100 * recall:.0f}\u00a0%"
    return (
        f'<p class="jm-small">Relecture du fichier comme le ferait un logiciel de recrutement'
        f"\u00a0: {percent} des informations retrouvées.</p>"
    )


def _sentences(result: TailoredCv) -> str:
    if not result.sentences:
        return ""
    parts = []
    for section, group in groupby(result.sentences, key=lambda item: item.section):
        rows = "".join(f"<li>{_sentence(item, result)}</li>" for item in group)
        name = escape(SECTIONS.get(section, section.capitalize() or "CV"))
        parts.append(f"<h4>{name}</h4><ul>{rows}</ul>")
    return (
        '<section class="jm-card jm-diff" aria-label="Chaque phrase et sa source">'
        "<h3>Votre CV adapté, phrase par phrase, avec sa source</h3>"
        f"{''.join(parts)}</section>"
    )


def _sentence(sentence: TailoredSentence, result: TailoredCv) -> str:
    sources = [
        (_where(line_id), text)
        for line_id in sentence.source_line_ids
        if (text := result.sources.get(line_id))
    ]
    kept = any(_says(text, sentence.text) for _, text in sources)
    label = "repris tel quel" if kept else "reformulé"
    tag = f'<span class="jm-tag {"" if kept else "jm-changed"}">{label}</span>'
    rows = dict.fromkeys((where, _shortened(text, sentence.text)) for where, text in sources)
    quoted = "".join(
        f'<span class="jm-from">{where}\u00a0: {_quoted(row for _, row in group)}</span>'
        for where, group in groupby(rows, key=lambda pair: pair[0])
    )
    if not quoted:
        ids = ", ".join(sentence.source_line_ids) or "aucune"
        quoted = f'<span class="jm-from">Source\u00a0: {escape(ids)}</span>'
    return f"<p>{escape(sentence.text)} {tag}</p>{quoted}"


def _quoted(rows: Iterable[str]) -> str:
    return ", ".join(f"«\u00a0{escape(row)}\u00a0»" for row in rows)


def _where(line_id: str) -> str:
    return "Dans votre succès" if line_id.startswith("success") else "Dans votre CV"


def _says(source: str, sentence: str) -> bool:
    """Tells whether the person's words stand there: a head may have its parts in another order."""
    flat = _folded(source)
    return _folded(sentence) in flat or all(
        _folded(part) in flat for part in sentence.split(", ") if _folded(part)
    )


def _left_out(result: TailoredCv) -> str:
    used = {line_id for item in result.sentences for line_id in item.source_line_ids}
    rest = [text for line_id, text in result.sources.items() if line_id not in used]
    if not rest or not used:
        return ""
    items = "".join(f"<li>{escape(_shortened(text))}</li>" for text in rest)
    said = "ligne n'est" if len(rest) == 1 else "lignes ne sont"
    taken = "reprise" if len(rest) == 1 else "reprises"
    return (
        f'<details class="jm-meaning"><summary>{len(rest)} {said} pas {taken} dans ce CV</summary>'
        f"<ul>{items}</ul></details>"
    )


def _shortened(text: str, wanted: str = "", most: int = 240) -> str:
    """Returns the row of a unit that is nearest to a sentence, or the unit's beginning."""
    rows = [row for row in text.split("\n") if row.strip()]
    words = {word for word in _folded(wanted).split() if len(word) > _SMALL_WORD}
    if len(rows) > 1 and words:
        text = max(rows, key=lambda row: len(words & set(_folded(row).split())))
    else:
        text = " · ".join(rows)
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + "…"


def _folded(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
