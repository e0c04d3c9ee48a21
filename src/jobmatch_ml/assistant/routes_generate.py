"""Tailored CVs and letters as tasks, and their files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from jobmatch_ml.assistant.candidate import CandidateData, from_request
from jobmatch_ml.assistant.chatting import mark
from jobmatch_ml.assistant.errors import AssistantInputError
from jobmatch_ml.assistant.schemas import GenerateBody, GenerateCv, GenerateLetter, TailorExport
from jobmatch_ml.errors import JobMatchError

if TYPE_CHECKING:
    from jobmatch_ml.assistant.routes import Assistant

logger = logging.getLogger(__name__)

_ACCEPTED = "Votre demande est prise en compte."


def begin_cv(assistant: Assistant, body: GenerateCv) -> dict[str, Any]:
    """Returns the task of a tailored CV.

    Raises:
        JobMatchError: The request cannot be answered.
    """
    from jobmatch_ml.assistant.tailoring import tailor_cv

    data, offer = _given(body)
    # A request that names an LLM which it may not is refused here as everywhere.
    provider = assistant.provider(body.llm_config)
    scorer = _scorer(assistant, body)

    def work() -> Mapping[str, Any]:
        tailored = tailor_cv(data, offer, level=body.adaptation_level, scorer=scorer,
                             provider=provider)  # fmt: skip
        found = _as_json(tailored) | {"sources": _sources(data)} | _read_again(tailored)
        return found | {"_tailored": tailored} | mark(tailored.worded_by)

    task = assistant.tasks.start("generate", work, slow=provider.writes)
    return {"task_id": task.task_id, "message": _ACCEPTED}


def begin_letter(assistant: Assistant, body: GenerateLetter) -> dict[str, Any]:
    """Returns the task of a cover letter.

    Raises:
        JobMatchError: The request cannot be answered.
    """
    from jobmatch_ml.assistant.letter import write_letter
    from jobmatch_ml.assistant.tailoring import tailor_cv
    from jobmatch_ml.assistant.tailoring_selection import select_shown

    data, offer = _given(body)
    provider = assistant.provider(body.llm_config)

    def work() -> Mapping[str, Any]:
        chosen = select_shown(data, body.custom_cv) if body.custom_cv.strip() else data
        # The same level as the CV's: what that one leaves out, the letter leaves out.
        tailored = tailor_cv(chosen, offer, level=body.adaptation_level)
        letter = write_letter(chosen, offer, tailored, provider=provider)
        sentences = orjson.loads(orjson.dumps(list(letter.sentences)))
        found = {"content": letter.text, "sentences": sentences, "sources": _sources(data)}
        return found | {"_letter": letter} | mark(letter.worded_by)

    task = assistant.tasks.start("generate", work, slow=provider.writes)
    return {"task_id": task.task_id, "message": _ACCEPTED}


def export(assistant: Assistant, body: TailorExport) -> tuple[bytes, str, str]:
    """Returns a tailored CV or a letter as a file: its bytes, media type and name.

    Raises:
        UnknownTaskError: The task is not there, or no longer.
        AssistantInputError: It is neither a finished CV nor a finished letter, or has no such
            format or layout.
    """
    from jobmatch_ml.assistant.tailored_documents import FORMATS, export_cv, export_letter

    task = assistant.tasks.get(body.task_id, "generate")
    tailored, letter = task.result.get("_tailored"), task.result.get("_letter")
    if letter is not None and body.format == "json":
        raise AssistantInputError(
            "a letter is no JSON Resume; expected docx or pdf",
            user_message="Une lettre s'enregistre en DOCX ou en PDF. Choisissez l'un des deux.",
            field="format",
        )
    if letter is not None:
        made = export_letter(letter, body.format)
        return made.data, made.media_type, f"lettre{made.suffix}"
    if tailored is None:
        raise AssistantInputError(
            "the task is no finished tailored CV",
            user_message="Ce CV n'est pas encore prêt. Attendez la fin de la préparation.",
            field="task_id",
        )
    if body.template and body.template not in FORMATS[body.format]:
        # A layout of another format would give a file that is not what its name says.
        raise AssistantInputError(
            f"no such layout for {body.format}; expected {' or '.join(FORMATS[body.format])}",
            user_message="Cette mise en page n'existe pas pour ce format. Choisissez-en une autre.",
            field="template",
        )
    made = export_cv(tailored.document, body.format, body.template)
    return made.data, made.media_type, f"cv{made.suffix}"


def offer_of(job_offer: Any) -> Any:
    """Returns a request's offer as tailoring takes it."""
    from jobmatch_ml.assistant.offer import from_request as offer_from_request

    return offer_from_request(job_offer.model_dump())


def _given(body: GenerateBody) -> tuple[CandidateData, Any]:
    data = from_request(body.candidate)
    if not _has_words(line.text for line in data.lines):
        raise AssistantInputError(
            "candidate has no line with words: there is nothing to write from",
            user_message="Votre CV est vide. Ajoutez au moins une expérience, une formation ou une "
            "compétence.",
            field="candidate",
        )
    if not _has_words((body.job_offer.title, body.job_offer.description)):
        raise AssistantInputError(
            "job_offer has no words in title or description",
            user_message="L'offre est vide. Collez son intitulé ou sa description.",
            field="job_offer",
        )
    return data, offer_of(body.job_offer)


def _has_words(texts: Iterable[str]) -> bool:
    """Tells whether there is a letter or digit: of signs and pictures alone nothing is written."""
    return any(any(map(str.isalnum, text)) for text in texts)


def _scorer(assistant: Assistant, body: GenerateBody) -> Callable[[str, str], float] | None:
    score = assistant.scorer()
    if score is None:
        return None
    title, text = body.job_offer.title, body.job_offer.description

    def of_cv(cv_title: str, cv_text: str) -> float:
        return score(cv_title, cv_text, offer_title=title, offer_text=text)

    return of_cv


def _as_json(tailored: Any) -> dict[str, Any]:
    from jobmatch_ml.documents import render_text

    whole: dict[str, Any] = orjson.loads(orjson.dumps(tailored, option=orjson.OPT_NON_STR_KEYS))
    # What the lock checked against is the candidate's data once more: the sources tell it.
    del whole["evidence"]
    return {"content": render_text(tailored.document), **whole}


def _sources(data: CandidateData) -> dict[str, str]:
    """Returns the candidate's lines by id, so that a page can show where a sentence is from."""
    return {line.line_id: line.text for line in data.lines}


def _read_again(tailored: Any) -> dict[str, Any]:
    """Returns how much of the file a parser finds again; nothing where it cannot be read."""
    from jobmatch_ml.assistant.parse_back import parse_back
    from jobmatch_ml.assistant.tailored_documents import export_cv

    try:
        made = export_cv(tailored.document, "docx")
        read = parse_back(tailored.document, made.data, f"cv{made.suffix}")
    except JobMatchError as error:
        logger.info("a tailored CV could not be read again: %s", error.code)
        return {}
    lost = [text for field in read.fields for text in field.lost]
    return {"parse_back": {"recall": read.recall, "lost": lost}}
