"""A CV for one offer: the candidate's own lines, chosen, ordered and told for it.

Levels change boldness, never truth: 1 orders; 2 also takes the offer's title and exact words where
they say what the candidate is and can; 3 also condenses and opens with a summary for the offer;
4 also keeps only what answers it best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.errors import AssistantInputError
from jobmatch_ml.assistant.offer import OfferContext, asked_keywords
from jobmatch_ml.assistant.providers import Provider
from jobmatch_ml.assistant.skill_names import folded_words, says
from jobmatch_ml.assistant.tailoring_changes import list_changes, list_sentences
from jobmatch_ml.assistant.tailoring_clean import Cleaned, without_placeholders
from jobmatch_ml.assistant.tailoring_draft import Draft, document_of, draft_of, in_time
from jobmatch_ml.assistant.tailoring_english import is_english, with_french_facts
from jobmatch_ml.assistant.tailoring_lock import keep_true
from jobmatch_ml.assistant.tailoring_parts import (
    Change,
    TailoredCv,
    TailoredSentence,
)
from jobmatch_ml.assistant.tailoring_relevance import Relevance
from jobmatch_ml.assistant.tailoring_skills import Coverage, cover
from jobmatch_ml.assistant.tailoring_steps import (
    Log,
    fit_pages,
    name_keywords,
    order_by_offer,
    reword_missions,
    select_strongest,
    without_doubles,
)
from jobmatch_ml.assistant.tailoring_titles import choose_headline
from jobmatch_ml.assistant.tailoring_words import write_summary
from jobmatch_ml.cv import build_profile, extract_text
from jobmatch_ml.documents import CvDocument, not_shown, render_text
from jobmatch_ml.errors import InputError

__all__ = ["LEVELS", "Change", "Scorer", "TailoredCv", "TailoredSentence", "tailor_cv"]

Scorer = Callable[[str, str], float]
"""Gets a profile's title and text, returns how well they match the offer."""

LEVELS = (1, 2, 3, 4)
_KEYWORDS, _WORDING, _CHOICE = 2, 3, 4
_SECTIONS = {
    "exp": "experiences", "edu": "education", "skill": "skills", "summary": "summary",
    "certification": "certifications", "language": "languages", "interest": "interests",
}  # fmt: skip
_SHOWN = 40  # characters of a line in a warning
_BOXES = 5  # signs in a warning


def tailor_cv(
    data: CandidateData,
    offer: OfferContext,
    *,
    level: int = 2,
    scorer: Scorer | None = None,
    provider: Provider | None = None,
) -> TailoredCv:
    """Returns a CV for an offer, made of the candidate's own lines.

    Args:
        data: What the candidate said.
        offer: The offer.
        level: 1 to 4, see the module.
        scorer: Scores a profile against this offer; both versions are read by the same rules as
            any CV before they are scored.
        provider: Who words the opening of levels 3 and 4, behind the truth lock; nothing else is
            ever a model's. By default, and where it fails, the rules.

    Raises:
        InputError: The level is none of 1 to 4.
        AssistantInputError: The candidate's data hold nothing to write a CV from.
    """
    if level not in LEVELS:
        raise InputError(f"level is {level}; expected 1 to 4", field="adaptation_level")
    cleaned = without_placeholders(data)
    data = with_french_facts(cleaned.data)
    _check_filled(data)
    coverage = cover(data, asked_keywords(offer))
    original = draft_of(data)
    log = Log([_not_filled(text, line_id) for line_id, text in cleaned.removed])
    choice = choose_headline(data, offer) if level >= _KEYWORDS else original.headline
    draft = order_by_offer(in_time(without_doubles(original, log)), Relevance(offer, coverage))
    draft = _shape(replace(draft, headline=choice), data, coverage, level=level, log=log)
    evidence = evidence_with(data, draft, coverage)
    draft = keep_true(draft, evidence, original)
    by_rules = draft
    if provider is not None and provider.writes:
        draft = _worded(draft, evidence, provider)
    document, before = document_of(draft), document_of(original)
    texts = render_text(before, contacts=False), render_text(document, contacts=False)
    scores = [_score(text, scorer) for text in texts]
    return TailoredCv(
        document=document,
        sentences=list_sentences(draft),
        diff=(*list_changes(original, draft), *log.changes),
        missing=tuple(keyword.text for keyword in coverage.missing),
        covered_before=_standing(texts[0], coverage),
        covered_after=_standing(texts[1], coverage),
        score_before=scores[0],
        score_after=scores[1],
        warnings=_warnings(data, document, cleaned),
        level=level,
        evidence=evidence,
        headline_of_offer=bool(draft.headline.reason),
        worded_by=provider.name if provider and draft is not by_rules else "rules",
    )


def evidence_with(data: CandidateData, draft: Draft, coverage: Coverage) -> CandidateData:
    """Returns the data with the offer's words for skills and a title that the candidate has.

    The reference bears them out, not the candidate's words: the truth lock is told so, under the
    ids of the lines that they stand for.
    """
    added = [
        EvidenceLine(held.line_ids[0], "skill", held.keyword.text)
        for held in coverage.held
        if not held.literal
    ]
    if draft.headline.reason:
        added.append(
            EvidenceLine(
                draft.headline.line_ids[0], "other", draft.headline.text, draft.headline.text
            )
        )
    return replace(data, lines=(*data.lines, *added))


def _shape(draft: Draft, data: CandidateData, coverage: Coverage, *, level: int, log: Log) -> Draft:
    if level >= _KEYWORDS:
        draft = name_keywords(draft, coverage)
    if level >= _WORDING:
        draft = reword_missions(draft, coverage, bold=level >= _CHOICE)
        opening = write_summary(data, draft.headline.text, coverage)
        draft = replace(draft, summary=(*opening, *draft.summary))
    if level >= _CHOICE:
        draft = select_strongest(draft, log)
    return fit_pages(draft, log)


def _worded(draft: Draft, evidence: CandidateData, provider: Provider) -> Draft:
    """Puts the sentences that were written for the offer in a model's words."""
    from jobmatch_ml.assistant.tailoring_wording import word_paragraph

    written = [item for item in draft.summary if item.added]
    text = " ".join(item.text for item in written)
    if not text:
        return draft
    worded = word_paragraph(text, "cv_summary", provider, evidence)
    if worded == text:
        return draft
    ids = tuple(dict.fromkeys(line_id for item in written for line_id in item.line_ids))
    opening = replace(written[0], text=worded, line_ids=ids)
    rest = [item for item in draft.summary if not item.added]
    return replace(draft, summary=(opening, *rest))


def _check_filled(data: CandidateData) -> None:
    if any(line.kind != "contact" for line in data.lines) or data.headline:
        return
    raise AssistantInputError(
        "the candidate has no line to write a CV from",
        user_message="Votre profil est vide : ajoutez au moins une expérience, une formation ou "
        "une compétence, ou envoyez votre CV.",
        field="candidate",
    )


def _score(text: str, scorer: Scorer | None) -> float | None:
    if scorer is None:
        return None
    profile = build_profile(extract_text(text))
    return float(scorer(profile.title, profile.text))


def _standing(text: str, coverage: Coverage) -> tuple[str, ...]:
    """Returns the held keywords that stand word for word in a text."""
    words = folded_words(text)
    return tuple(h.keyword.text for h in coverage.held if says(words, h.keyword.text))


def _not_filled(text: str, line_id: str) -> Change:
    reason = "texte d'un modèle de CV qui n'a pas été remplacé"
    section = _SECTIONS.get(line_id.partition("-")[0], "others")
    return Change("removed", section, text, "", (line_id,), reason)


def _warnings(data: CandidateData, document: CvDocument, cleaned: Cleaned) -> tuple[str, ...]:
    left = list(dict.fromkeys(text for _, text in cleaned.removed))
    shown = ", ".join(f"« {text[:_SHOWN]} »" for text in left[:3]) + ("…" if left[3:] else "")
    boxes = not_shown(render_text(document))[:_BOXES]
    absent: Sequence[tuple[bool, str]] = (
        (bool(left), f"Votre CV contient des textes de modèle non remplacés : {shown}. "
         "Ils n'ont pas été repris : complétez votre CV."),
        (is_english(data), "Votre CV est en anglais : ses phrases sont reprises telles quelles. "
         "Traduisez-les pour un recruteur français."),
        (bool(boxes), f"Le PDF ne peut pas montrer certains signes de votre CV ({boxes}). "
         "Remplacez-les, ou choisissez le DOCX."),
        (not data.full_name, "Votre nom n'a pas été trouvé : ajoutez-le en tête du CV."),
        (not (data.email or data.phone),
         "Ni adresse e-mail ni téléphone n'ont été trouvés : ajoutez-les."),
        (not document.experiences,
         "Aucune expérience n'a été trouvée : vérifiez la lecture de votre CV."),
        (any(not job.period for job in document.experiences),
         "Une expérience au moins n'a pas de dates : un recruteur les cherchera."),
    )  # fmt: skip
    return tuple(text for holds, text in absent if holds)
