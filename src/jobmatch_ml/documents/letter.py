"""A letter as DOCX or PDF: paragraphs on one page, French typography."""

from __future__ import annotations

import orjson

from jobmatch_ml.documents.docx import clean_text, new_docx, save_docx
from jobmatch_ml.documents.pdf import compile_typst, letter_source
from jobmatch_ml.documents.view import set_french

# A firm may be called "Objets trouvés"; the colon stands behind a space that does not break.
_SUBJECT = "Objet\u00a0:"


def render_letter(text: str, *, file_format: str) -> bytes:
    """Returns a letter's file; the same text gives the same bytes.

    Args:
        text: The letter, paragraphs separated by blank lines; the first is the sender.
        file_format: ``docx`` or ``pdf``.

    Raises:
        MissingExtraError: The package that writes it is not installed.
        FormatError: The PDF could not be set.
    """
    paragraphs = [set_french(part).split("\n") for part in text.strip().split("\n\n")]
    if file_format == "pdf":
        return compile_typst(letter_source(), {"letter": orjson.dumps(paragraphs).decode()})
    return _docx(paragraphs)


def _docx(paragraphs: list[list[str]]) -> bytes:
    from docx.shared import Cm, Pt

    document = new_docx("fr-FR", title="Lettre de motivation")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    subject = next((i for i, p in enumerate(paragraphs) if p[0].startswith(_SUBJECT)), 0)
    for index, lines in enumerate(paragraphs):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(10)
        # A letter without a name ends with a sentence, which is no signature.
        signed = 0 < index == len(paragraphs) - 1 and not lines[-1].endswith(".")
        if 0 < index < subject or signed:
            # Whom it goes to and who signs stand at the right, as French letters have it.
            paragraph.paragraph_format.left_indent = Cm(9.5)
        for position, line in enumerate(lines):
            run = paragraph.add_run(clean_text(line))
            run.bold = index == subject > 0 or None
            if position < len(lines) - 1:
                run.add_break()
    return save_docx(document)
