"""Every refusal has a French sentence, which says what the person can do and holds no input."""

from __future__ import annotations

import re

import pytest

from jobmatch_ml import errors
from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.serving import errors as serving_errors
from jobmatch_ml.serving.errors import error_body, error_codes
from jobmatch_ml.serving.speaking import speak, speak_of

# An order to the person ("-ez"), at the end of a sentence.
ADVICE = re.compile(r".*\b[\w-]+ez\b[^.]*\.", re.DOTALL)
FIELDS = (None, "title", "text", "top_k", "cv_embedding", "file", "body", "somewhere")


def _classes(module: object) -> list[type[JobMatchError]]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, JobMatchError)
    ]


@pytest.mark.parametrize("kind", {*_classes(errors), *_classes(serving_errors)})
@pytest.mark.parametrize("field", FIELDS)
def test_every_error_says_in_french_what_to_do(
    kind: type[JobMatchError], field: str | None
) -> None:
    said = error_body(kind("secret", field=field))["user_message"]
    assert ADVICE.fullmatch(said), said
    assert "secret" not in said
    assert "  " not in said


@pytest.mark.parametrize("upload", [True, False])
def test_every_status_that_a_route_may_answer_has_its_sentence(upload: bool) -> None:
    for status, codes in error_codes(upload=upload).items():
        for code in codes:
            assert ADVICE.fullmatch(speak_of(status, code=code)), (status, code)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errors.InputError("x", field="title"), "20 000 caractères"),
        (errors.LimitError("x", field="text"), "200 000 caractères"),
        (errors.InputError("x", field="top_k"), "entre 1 et 200"),
        (errors.LimitError("x", field="body"), "trop volumineux"),
        (errors.ModelMismatchError("x", field="embedding_model"), "Le modèle vient de changer"),
        (errors.InputError("x", field="cv_embedding"), "Les vecteurs"),
        (serving_errors.TooBusyError("x", field="file"), "très demandé"),
        (errors.NotReadyError("x"), "se prépare"),
        (JobMatchError("x"), "de notre côté"),
    ],
)
def test_the_sentence_is_about_what_was_wrong(error: JobMatchError, says: str) -> None:
    assert says in speak(error)


def test_what_an_error_says_itself_comes_first() -> None:
    gone = serving_errors.WithdrawnOfferError("x", field="offer_id")
    assert error_body(gone, lambda error: "autre")["user_message"] == gone.user_message
    assert error_body(JobMatchError("x"), lambda error: "autre")["user_message"] == "autre"
