"""Every sentence that a person reads about a CV that was refused, in French, keyed by code.

English messages (for logs, the command line and programs) stand beside them, so that a code cannot
have one without the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse a CV.

    Args:
        status: HTTP status.
        message: English: what is wrong, what was expected, what to do.
        user_message: French, for the page that the person is looking at.
    """

    status: int
    message: str
    user_message: str


REFUSALS: dict[str, Refusal] = {
    "cv_empty": Refusal(
        422,
        "the CV is empty; expected a PDF, a DOCX or text",
        "Le fichier est vide. Envoyez un CV au format PDF, DOCX ou texte.",
    ),
    "cv_too_large": Refusal(
        413,
        "the CV file is too large; expected at most 10 MB: export it again with smaller images",
        "Le fichier dépasse 10 Mo. Enregistrez-le avec des images plus légères et réessayez.",
    ),
    "cv_unsupported": Refusal(
        415,
        "this is not a PDF, a DOCX or a text file; save the CV as PDF or DOCX",
        "Ce format n'est pas pris en charge. Enregistrez votre CV en PDF ou en DOCX.",
    ),
    "cv_damaged": Refusal(
        422,
        "the file is damaged or is not what its first bytes say; export it again",
        "Le fichier est abîmé et ne peut pas être lu. Exportez à nouveau votre CV.",
    ),
    "cv_encrypted": Refusal(
        422,
        "the file is protected by a password; remove the password and send it again",
        "Le fichier est protégé par un mot de passe. Retirez la protection et réessayez.",
    ),
    "cv_too_many_pages": Refusal(
        413,
        "the PDF has too many pages; expected at most 30",
        "Le PDF compte trop de pages (30 au plus). Envoyez seulement votre CV.",
    ),
    "cv_too_much_text": Refusal(
        413,
        "the CV has too much text; expected at most 20,000 characters a page, and 200,000 "
        "characters, 10,000 lines and 3,000 items in all",
        "Le CV contient trop de texte. Envoyez une version plus courte.",
    ),
    "cv_archive_bomb": Refusal(
        413,
        "the DOCX unpacks to more than it may; expected at most 200 parts, 50 MB and a ratio "
        "of 100:1",
        "Le document Word est anormalement volumineux une fois ouvert. Enregistrez-le en PDF.",
    ),
    "cv_doctype": Refusal(
        422,
        "the DOCX holds a DOCTYPE, which word processors never write; save it again",
        "Le document Word contient des éléments non autorisés. Enregistrez-le à nouveau.",
    ),
    "cv_time": Refusal(
        422,
        "reading the file took longer than allowed and was stopped; save it as a simpler PDF",
        "La lecture du fichier prend trop de temps. Enregistrez votre CV dans un PDF plus simple.",
    ),
    "cv_memory": Refusal(
        422,
        "reading the file needed more memory than allowed and was stopped; save a simpler PDF",
        "Le fichier demande trop de mémoire. Enregistrez votre CV dans un PDF plus simple.",
    ),
    "cv_reader_failed": Refusal(
        422,
        "the reader stopped on this file; export the CV again or paste its text",
        "Le fichier n'a pas pu être lu. Exportez à nouveau votre CV ou collez son texte.",
    ),
    "cv_no_text": Refusal(
        422,
        "no text was found in the CV; send a text PDF or DOCX, or paste the text",
        "Aucun texte n'a été trouvé dans ce CV. Envoyez un PDF avec du texte, ou collez le texte.",
    ),
    "cv_ocr_pages": Refusal(
        413,
        "the scanned PDF has too many pages for character recognition; expected at most 10",
        "Le PDF numérisé compte trop de pages (10 au plus).",
    ),
    "cv_ocr_missing": Refusal(
        422,
        "the PDF is a scan and the program `tesseract` is not installed: run `apt-get install "
        "tesseract-ocr tesseract-ocr-fra`, or send a PDF with text",
        "Ce PDF est une image et la reconnaissance de texte n'est pas disponible ici. "
        "Envoyez un PDF avec du texte, ou collez le texte.",
    ),
    "missing_extra": Refusal(
        500,
        "a library that reads this format is not installed: run "
        '`pip install -c requirements.lock -e ".[cv]"` (or `make setup`)',
        "La lecture de ce format n'est pas installée sur ce serveur.",
    ),
}

WARNINGS: dict[str, str] = {
    "no_sections": "Aucune rubrique n'a été reconnue : le texte est pris tel quel.",
    "no_experience": "Aucune expérience n'a été reconnue dans ce CV.",
    "llm_failed": "Le modèle de langue n'a pas pu lire ce CV ({reason}) : il a été lu par les "
    "règles.",
    "unverified": "Des lignes lues par le modèle de langue ({count}) ne sont pas dans le texte "
    "reconnu : vérifiez-les, elles ne comptent pas sans votre accord.",
    "ocr": "Ce CV est une image : le texte a été reconnu automatiquement, vérifiez-le.",
}

_LLM_FAILURES: dict[str, str] = {
    "llm_unreachable": "il est injoignable",
    "llm_timeout": "il a mis trop de temps à répondre",
    "llm_key_refused": "il refuse la clé ou le modèle demandé",
    "llm_busy": "il est saturé",
    "llm_garbage": "sa réponse est inutilisable",
    "llm_not_allowed": "son adresse n'est pas autorisée",
    "too_long": "le CV est trop long pour lui",
    "too_many_pages": "il y a trop de pages à lui montrer",
    "nothing_kept": "rien de ce qu'il a relevé ne figure dans le CV",
}


def llm_warning(failed: str) -> str:
    """Returns the sentence for a CV that a language model did not read, by the failure's code."""
    reason = _LLM_FAILURES.get(failed, "il n'a pas répondu")
    return WARNINGS["llm_failed"].format(reason=reason)
