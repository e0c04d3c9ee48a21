"""Every layout is read back; a loss is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobmatch_ml.assistant import from_reading
from jobmatch_ml.assistant.json_resume import to_json_resume
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.parse_back import parse_back
from jobmatch_ml.assistant.tailored_documents import FORMATS, export_cv
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.cv import extract_text
from jobmatch_ml.documents import CvDocument
from jobmatch_ml.errors import UnknownNameError

CV = """Julie Weber
Régleuse CNC
julie.weber@example.org
06 39 98 22 48
29200 Brest

Expériences professionnelles
Opératrice CN, Delta Services, Brest
10/2020 - aujourd'hui
- Cotes au centième, micromètre et MMT

Formation
2015 : BTS CPRP, CFA régional

Compétences
- Tour et fraiseuse

Langues
Anglais : B1
"""


def document() -> CvDocument:
    return tailor_cv(from_reading(extract_text(CV)), OfferContext("Usineur")).document


@pytest.mark.parametrize("layout", [(f, t) for f in ("docx", "pdf") for t in FORMATS[f]])
def test_all_fields_are_read_back_from_every_layout(layout: tuple[str, str]) -> None:
    cv = document()
    back = parse_back(cv, export_cv(cv, *layout).data)
    assert [field for field in back.fields if field.lost] == []
    assert back.recall == 1.0


def test_what_the_file_lacks_is_named() -> None:
    cv = document()
    fuller = replace(cv, skills=(*cv.skills, "Soudure"))
    back = parse_back(fuller, export_cv(cv, "docx").data)
    assert [field.lost for field in back.fields if field.lost] == [("Soudure",)]
    assert back.recall < 1


def test_json_resume_has_the_schemas_names() -> None:
    resume = to_json_resume(document())
    assert resume["basics"]["name"] == "Julie Weber"
    assert resume["basics"]["email"] == "julie.weber@example.org"
    (job,) = resume["work"]
    assert (job["name"], job["position"], job["startDate"]) == (
        "Delta Services", "Opératrice CN", "2020-10",
    )  # fmt: skip
    assert "endDate" not in job
    assert resume["education"] == [
        {"institution": "CFA régional", "area": "BTS CPRP", "endDate": "2015"}
    ]
    assert resume["languages"] == [{"language": "Anglais", "fluency": "B1"}]


def test_unknown_formats_and_layouts_are_named() -> None:
    with pytest.raises(UnknownNameError, match="docx"):
        export_cv(document(), "doc")
    with pytest.raises(UnknownNameError, match="docx_plain"):
        export_cv(document(), "docx", "docx_plein")
