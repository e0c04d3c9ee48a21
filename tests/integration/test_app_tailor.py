"""The page of the tailored CV over a fake client: sources, scores, files, and what is refused."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import sentences
from gradio_app.answers import RankedOffer, TailoredCv, TailoredSentence
from gradio_app.callbacks import tailor
from gradio_app.downloads import as_text, downloads_html
from gradio_app.tailored_view import tailored_html
from tests.app_fakes import CV, HOSTILE, FakeAssistant, last

FORM = tailor.OfferForm("Vendeur", "Octets", "Lyon", "Caisse")


def test_a_tailored_cv_shows_files_scores_and_what_is_missing() -> None:
    client = FakeAssistant()
    client.result = TailoredCv(
        status="completed",
        task_id="t",
        content="CV",
        sentences=(
            TailoredSentence(text="Vente", section="skills", source_line_ids=("skill-1",)),
            TailoredSentence(text="Encaissement", section="skills", source_line_ids=("exp-1",)),
        ),
        sources={"skill-1": "Vente", "exp-1": "Vendeuse\nTenue de la caisse", "skill-2": "Judo"},
        missing=("Anglais",),
        covered_after=("Vente",),
        score_before=0.5,
        score_after=0.61,
        warnings=("Vérifiez vos dates.",),
    )
    views = list(tailor.tailor(client, CV, [], FORM, level=3))
    assert client.asked[0]["adaptation_level"] == 3
    assert client.asked[0]["job_offer"]["company"] == "Octets"
    assert "Préparation en cours" in views[0].html
    html = views[-1].html
    for text in ("0,50", "0,61", "pas que vous avez plus de chances", "<li>Anglais</li>"):
        assert text in html
    assert html.count("repris tel quel") == 1
    assert html.count("reformulé") == 1
    assert "1 ligne n'est pas reprise" in html
    assert "Judo" in html
    assert html.count('class="jm-download"') == 3
    assert base64.b64encode(b"t.docx").decode() in html
    assert views[-1].result == client.result


@pytest.mark.parametrize(("after", "told"), [(0.49, True), (0.4951, False), (0.6, False)])
def test_a_score_that_falls_says_why(after: float, told: bool) -> None:
    cv = TailoredCv(status="completed", content="CV", score_before=0.5, score_after=after, level=3)
    assert ("Elle a baissé" in tailored_html(cv)) is told
    assert ("Comparez avec le niveau 2" in tailored_html(cv)) is told
    assert "Comparez" not in tailored_html(cv.model_copy(update={"level": 2}))


def test_a_source_is_the_row_that_says_it_and_names_a_success_as_such() -> None:
    cv = TailoredCv(
        status="completed",
        sentences=(
            TailoredSentence(text="Vendeuse, 8 ans en tout", source_line_ids=("exp-1",)),
            TailoredSentence(text="Octets, Vendeuse", source_line_ids=("exp-1",)),
            TailoredSentence(text="Caisse", source_line_ids=("success-1.result",)),
        ),
        sources={
            "exp-1": "Vendeuse, Octets\nMise en place en caisse en tout temps",
            "success-1.result": "Caisse plus rapide",
        },
    )
    html = tailored_html(cv)
    assert "Dans votre CV\u00a0: «\u00a0Vendeuse, Octets\u00a0»" in html
    assert "Dans votre succès\u00a0: «\u00a0Caisse plus rapide\u00a0»" in html
    # Parts of a head in another order are the person's own words still.
    assert html.count("repris tel quel") == 2
    assert html.count("reformulé") == 1


def test_a_file_that_cannot_be_made_does_not_take_the_others_along() -> None:
    html = last(tailor.tailor(FakeAssistant(lost="pdf"), CV, [], FORM, level=1)).html
    assert html.count('class="jm-download"') == 2
    assert "Le fichier PDF n&#x27;a pas pu être préparé\u00a0: trop tard." in html


@pytest.mark.parametrize(
    ("cv", "form", "sentence"),
    [
        (None, FORM, sentences.CV_NEEDED),
        (CV, tailor.OfferForm(" ", "Octets"), sentences.OFFER_NEEDED),
        (CV, tailor.OfferForm("a", description="x" * 100_001), sentences.FIELDS_TOO_LONG),
        (CV, tailor.OfferForm("a" * 20_001), sentences.FIELDS_TOO_LONG),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(cv: Any, form: Any, sentence: str) -> None:
    client = FakeAssistant()
    told = last(tailor.tailor(client, cv, [], form, level=2)).html
    assert "jm-error" in told
    assert sentence.split(" ", maxsplit=1)[0] in told
    assert "jm-error" in last(tailor.write_letter(client, cv, [], form, tailored=None)).html
    assert client.asked == []


def test_a_service_that_fails_is_its_sentence() -> None:
    view = last(tailor.tailor(FakeAssistant(failure="Plus tard."), CV, [], FORM, level=2))
    assert "Plus tard." in view.html
    assert view.result is None


def test_a_letter_builds_on_the_tailored_cv() -> None:
    client = FakeAssistant()
    view = last(tailor.write_letter(client, CV, [], FORM, tailored=client.result))
    assert client.asked[0]["custom_cv"] == "CV"
    assert view.letter == "Madame, Monsieur,"
    assert view.html.count('class="jm-download"') == 2
    assert "lettre.txt" in tailor.letter_links("Corrigée")
    assert tailor.letter_links(" ") == ""


def test_a_letter_has_the_level_of_its_cv_else_of_the_page() -> None:
    client = FakeAssistant()
    bold = client.result.model_copy(update={"level": 4})
    for tailored, level in ((bold, 1), (None, 3), (None, 9)):
        last(tailor.write_letter(client, CV, [], FORM, tailored=tailored, level=level))
    assert [body["adaptation_level"] for body in client.asked] == [4, 3, 2]


def test_an_offer_of_the_search_fills_the_fields() -> None:
    offers = (RankedOffer(rank=1, offer_id="a", title="Vendeur", score=0.1, company="Octets"),)
    assert tailor.offer_choices(offers) == [("1. Vendeur – Octets", 0)]
    assert tailor.fill_offer(FakeAssistant(), offers, 0) == (
        tailor.OfferForm("Vendeur", "Octets", "", "Tout"),
        tailor.OFFER_FILLED,
    )
    gone = (RankedOffer(rank=1, offer_id="gone", title="Vendeur", score=0.1, excerpt="Caisse"),)
    # What the ranking showed, and why it is not more.
    assert tailor.fill_offer(FakeAssistant(), gone, 0) == (
        tailor.OfferForm("Vendeur", "", "", "Caisse"),
        "gone",
    )
    assert tailor.fill_offer(FakeAssistant(), offers, 7) is None
    assert tailor.fill_offer(FakeAssistant(), offers, None) is None


def test_nothing_of_a_tailored_cv_is_markup() -> None:
    result = TailoredCv(
        status="completed",
        sentences=(TailoredSentence(text=HOSTILE, section=HOSTILE, source_line_ids=(HOSTILE,)),),
        sources={HOSTILE: HOSTILE, "other": HOSTILE},
        missing=(HOSTILE,),
        covered_after=(HOSTILE,),
        warnings=(HOSTILE,),
        notice=HOSTILE,
    )
    assert "<script" not in tailored_html(result).lower()


def test_a_download_is_a_link_without_a_file() -> None:
    html = downloads_html((as_text(HOSTILE, 'a".txt', "é\n"),))
    assert "<script" not in html
    assert 'download="a&quot;.txt"' in html
    data = re.findall(r"base64,([^\"]+)", html)[0]
    assert base64.b64decode(data) == b"\xef\xbb\xbf\xc3\xa9\r\n"
    assert downloads_html(()) == ""
