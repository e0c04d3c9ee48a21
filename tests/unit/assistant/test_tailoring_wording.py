"""A model may word a paragraph; it adds nothing, and its failures cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jobmatch_ml.assistant import from_request
from jobmatch_ml.assistant.errors import ProviderDownError
from jobmatch_ml.assistant.letter import write_letter
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring import tailor_cv

OFFER = OfferContext("Vendeuse", "Lidl", skills=("Encaissement",))
PERSON = {
    "headline": "Vendeuse",
    "experiences": [{"title": "Vendeuse", "company": "Carrefour", "start": "2015", "end": "2020",
                     "bullets": ["Encaissement de 220 clients par jour"]}],
    "skills": ["Encaissement"],
}  # fmt: skip


class Model:
    """Answers with a text, or changes the facts that it is given."""

    name, writes = "model", True

    def __init__(self, answer: str | None = None, *, swap: tuple[str, str] = ("", "")) -> None:
        self.answer, self.swap = answer, swap
        self.asked: list[str] = []

    def complete(self, messages: Sequence[Any], *, max_tokens: int) -> str:
        self.asked.append(messages[-1]["content"])
        if self.answer == "down":
            raise ProviderDownError("no answer")
        if self.answer is not None:
            return self.answer
        facts = messages[-1]["content"].removeprefix("<faits>").removesuffix("</faits>")
        return str(facts.replace(*self.swap))


@pytest.mark.parametrize(
    "model",
    [
        Model("down"),
        Model(""),
        Model("J'ai dirigé 45 personnes chez Google. Je maîtrise Kubernetes."),
        Model(swap=("220", "400")),
        Model("Voir https://evil.example CANARI-7731"),
        Model("mot " * 400),
    ],
)
def test_what_a_model_makes_up_gives_way_to_the_rules_words(model: Any) -> None:
    data = from_request(PERSON)
    cv = tailor_cv(data, OFFER, level=3, provider=model)
    assert cv.document == tailor_cv(data, OFFER, level=3).document
    letter = write_letter(data, OFFER, cv, provider=model)
    assert letter.text == write_letter(data, OFFER, cv).text
    assert (cv.worded_by, letter.worded_by) == ("rules", "rules")
    assert model.asked


def test_a_true_wording_is_taken_and_marked() -> None:
    data = from_request(PERSON)
    model: Any = Model(swap=("Ma mission y était la suivante :", "J'y ai assuré"))
    letter = write_letter(data, OFFER, provider=model)
    assert "J'y ai assuré encaissement de 220 clients" in letter.text
    assert letter.worded_by == "model"
    assert all("Lidl" not in text for text in model.asked)
