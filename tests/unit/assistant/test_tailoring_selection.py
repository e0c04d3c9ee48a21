"""A letter goes with the CV that the person keeps, and says nothing that it does not say."""

from __future__ import annotations

from jobmatch_ml.assistant import from_request
from jobmatch_ml.assistant.letter import write_letter
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring_selection import select_shown

PERSON = {
    "first_name": "Nadia",
    "headline": "Vendeuse",
    "experiences": [
        {"title": "Vendeuse", "company": "Carrefour", "bullets": ["Encaissement de 220 clients",
                                                                  "Inventaire du rayon textile"]},
        {"title": "Serveuse", "company": "Brasserie Roux", "bullets": ["Service en salle"]},
    ],
    "skills": ["Encaissement", "Excel"],
}  # fmt: skip
SHOWN = "Nadia\nVendeuse, Carrefour\n- Encaissement de 220 clients\nCompétences : Excel"


def test_only_rows_whose_words_stand_in_the_cv_are_kept() -> None:
    chosen = select_shown(from_request(PERSON), SHOWN)
    assert chosen.headline == "Vendeuse"
    text = "\n".join(line.text for line in chosen.lines)
    assert "220 clients" in text
    assert "Excel" in text
    assert not any(word in text for word in ("Inventaire", "Serveuse", "salle"))
    letter = write_letter(chosen, OfferContext("Vendeuse", "Lidl"))
    assert "220 clients" in letter.text
    assert "Brasserie" not in letter.text


def test_a_figure_that_the_cv_does_not_show_is_not_told() -> None:
    chosen = select_shown(from_request(PERSON), SHOWN.replace("220", "210"))
    assert "220" not in "".join(line.text for line in chosen.lines)


def test_a_cv_of_somebody_else_selects_nothing() -> None:
    data = from_request(PERSON)
    assert select_shown(data, "Grutier chez Vinci") == data
