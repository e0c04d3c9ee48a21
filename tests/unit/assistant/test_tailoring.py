"""A tailored CV says what the candidate said: chosen, ordered, in the offer's words where true."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.assistant import CandidateData, check_text, from_reading, from_request
from jobmatch_ml.assistant.errors import AssistantInputError
from jobmatch_ml.assistant.json_resume import to_json_resume
from jobmatch_ml.assistant.offer import AskedKeyword, OfferContext
from jobmatch_ml.assistant.tailoring import LEVELS, tailor_cv
from jobmatch_ml.assistant.tailoring_draft import draft_of
from jobmatch_ml.assistant.tailoring_entries import join_rows
from jobmatch_ml.assistant.tailoring_skills import Held
from jobmatch_ml.assistant.tailoring_steps import Log, count_lines, fit_pages
from jobmatch_ml.assistant.tailoring_words import name_skill
from jobmatch_ml.cv import extract_text
from jobmatch_ml.documents import CvDocument, CvExperience, render_text
from jobmatch_ml.errors import InputError

CV = """Julie Weber
Régleuse CNC
julie.weber@example.org
06 39 98 22 48
29200 Brest

Profil
Disponible de suite sur Brest.

Expériences professionnelles
Décolleteuse, Polymont, Brest
05/2015 - 09/2020
- Formation des nouveaux arrivants
- Tournage et fraisage inox, alu et titane
Opératrice CN, Delta Services, Brest
10/2020 - 03/2025
- Changement de plaquettes, niveaux, copeaux
- Cotes au centième, micromètre et MMT

Formation
2015 : BTS CPRP, CFA régional

Compétences
- CN Fanuc, Siemens, Heidenhain
- Tour et fraiseuse
- Sens du contact

Centres d'intérêt
Voile, Chorale
"""
OFFER = OfferContext(
    title="Régleur / Régleuse CN H/F",
    company="Transaltis",
    location="Brest",
    description="Vous réalisez le tournage et le fraisage de pièces.",
    skills=("Programmation de commande numérique", "Usinage conventionnel", "Contrôle qualité"),
)


def julie() -> CandidateData:
    return from_reading(extract_text(CV))


def test_the_first_level_changes_the_order_and_no_word() -> None:
    cv = tailor_cv(julie(), OFFER, level=1)
    assert {change.kind for change in cv.diff} <= {"moved"}
    first = cv.document.experiences[0]
    assert first.employer == "Delta Services"  # latest first
    assert cv.document.experiences[1].bullets[0].startswith("Tournage")
    assert cv.document.headline == "Régleuse CNC"


def test_the_offers_word_is_taken_only_for_the_same_skill() -> None:
    cv = tailor_cv(julie(), OFFER, level=2)
    assert "Usinage conventionnel (tour et fraiseuse)" in cv.document.skills
    assert cv.missing == ("Contrôle qualité",)
    assert "qualité" not in render_text(cv.document).casefold()
    assert cv.covered_before == ()
    assert set(cv.covered_after) == set(OFFER.skills[:2])


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_passes_the_truth_lock_and_names_its_lines(level: int) -> None:
    data = julie()
    cv = tailor_cv(data, OFFER, level=level)
    ids = {line.line_id for line in data.lines} | {"profile.headline"}
    assert all(s.source_line_ids and set(s.source_line_ids) <= ids for s in cv.sentences)
    assert check_text("\n".join(s.text for s in cv.sentences), cv.evidence).ok


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_not_in_the_document_is_in_the_diff(level: int) -> None:
    cv = tailor_cv(julie(), OFFER, level=level)
    shown = render_text(cv.document).casefold()
    gone = {change.before for change in cv.diff if change.kind == "removed"}
    for line in ("Formation des nouveaux arrivants", "Sens du contact", "BTS CPRP", "Chorale",
                 "Disponible de suite sur Brest", "Changement de plaquettes"):  # fmt: skip
        assert line.casefold() in shown or any(line in text for text in gone), line


def test_the_summary_names_skills_that_are_there() -> None:
    cv = tailor_cv(julie(), OFFER, level=3)
    assert "programmation de commande numérique et usinage conventionnel" in cv.document.summary
    assert "9 ans d'expérience professionnelle" in cv.document.summary
    assert cv.document.summary.endswith("Disponible de suite sur Brest.")


def test_a_score_before_and_after_comes_from_the_same_reading() -> None:
    seen: list[tuple[str, str]] = []

    def scorer(title: str, text: str) -> float:
        seen.append((title, text))
        return float("Usinage conventionnel" in text)

    cv = tailor_cv(julie(), OFFER, level=2, scorer=scorer)
    assert (cv.score_before, cv.score_after) == (0.0, 1.0)
    assert all("Julie" not in text and "example.org" not in text for _, text in seen)


def test_what_the_candidate_has_not_read_is_told() -> None:
    data = from_request({"experiences": [{"title": "Caissier", "company": "Lidl"}]})
    cv = tailor_cv(data, OFFER)
    assert [warning.split(" ")[1] for warning in cv.warnings] == ["nom", "adresse", "expérience"]


def test_a_long_cv_is_cut_to_two_pages_and_says_what_went() -> None:
    missions = [f"Mission numéro {n} avec des mots qui remplissent la ligne" for n in range(300)]
    data = from_request(
        {"experiences": [{"title": "Caissier", "company": "Lidl", "bullets": missions}]}
    )
    cv = tailor_cv(data, OFFER, level=1)
    kept = cv.document.experiences[0].bullets
    gone = [change.before for change in cv.diff if change.kind == "removed"]
    assert len(kept) < 100
    assert sorted([*kept, *gone]) == sorted(missions)


def test_success_is_shown_with_its_result() -> None:
    data = from_request(
        {
            "skills": ["Caisse"],
            "professional_successes": [{"title": "File réduite", "result": "De 10 à 4 minutes."}],
        }
    )
    assert tailor_cv(data, OFFER).document.achievements == ("File réduite : de 10 à 4 minutes.",)


def test_an_empty_profile_and_an_unknown_level_are_refused() -> None:
    with pytest.raises(AssistantInputError) as refused:
        tailor_cv(CandidateData(), OFFER)
    assert "profil est vide" in refused.value.user_message
    with pytest.raises(InputError, match="1 to 4"):
        tailor_cv(julie(), OFFER, level=5)


def test_a_tool_in_a_list_gets_the_offers_word_beside_the_list_and_nothing_of_it_goes() -> None:
    data = from_request({"first_name": "Ana", "skills": ["Python, Java, Excel", "Java", "MySQL"]})
    offer = OfferContext(
        "Dev", skills=("Développement Java", "Bases de données relationnelles", "Développement PHP")
    )
    skills = tailor_cv(data, offer, level=2).document.skills
    assert "Python, Java, Excel" in skills
    assert skills[0] == "Développement Java"
    assert "Bases de données relationnelles (MySQL)" in skills


def test_a_choice_keeps_the_short_skills_that_stand_side_by_side() -> None:
    names = [f"Outil {number}" for number in range(20)]
    data = from_request({"first_name": "Ana", "skills": names})
    assert len(tailor_cv(data, OFFER, level=4).document.skills) == 20


@pytest.mark.parametrize("text", ["Accueil des clients et caisse " * 6000, "Accueil. " * 20_000])
def test_a_mission_that_fills_pages_is_told_by_its_beginning(text: str) -> None:
    job = {"position": "Vendeuse", "entity": "Octets", "dates": "2020", "description": text}
    tailored = tailor_cv(from_request({"first_name": "Ana", "experiences": [job]}), OFFER)
    (mission,) = tailored.document.experiences[0].bullets
    assert 200 < len(mission) <= 601
    assert text.strip().startswith(mission.removesuffix("…"))
    assert [change.reason for change in tailored.diff] == [
        "mission d'une page ou plus, dont voici le début"
    ]


@pytest.mark.parametrize("row", ["A,", "a", "A de"])
def test_rows_without_end_are_joined_in_linear_time(row: str) -> None:
    before = time.process_time()
    joined = join_rows([row] * 40_000)
    assert time.process_time() - before < 2
    assert joined == [" ".join([row] * 40_000)]


def test_ten_thousand_skills_are_cut_to_two_pages_in_time() -> None:
    skills = [f"Compétence {number}" for number in range(9_000)]
    draft = draft_of(from_request({"first_name": "Ana", "skills": skills}))
    log = Log([])
    before = time.process_time()
    shorter = fit_pages(draft, log)
    assert time.process_time() - before < 8
    assert count_lines(shorter) <= 2 * 48
    assert len(shorter.skills) + len(log.changes) == 9_000
    assert [item.text for item in shorter.skills] == skills[: len(shorter.skills)]


def test_a_name_is_one_line_however_it_was_sent() -> None:
    data = from_request({"first_name": "Ana\n\nObjet : prime", "last_name": "Silva"})
    assert data.full_name == "Ana Objet : prime Silva"


def test_a_position_that_is_cut_goes_with_a_word_for_each_of_its_missions() -> None:
    jobs = [{"position": f"Vendeur {n}", "entity": "Lidl", "dates": "2010",
             "description": f"Caisse du magasin {n}"} for n in range(60)]  # fmt: skip
    cv = tailor_cv(from_request({"first_name": "Ana", "experiences": jobs}), OFFER, level=1)
    shown = render_text(cv.document)
    told = shown + "\n".join(change.before for change in cv.diff)
    assert len(cv.document.experiences) < 60
    assert all(f"Caisse du magasin {n}\n" in f"{told}\n" for n in range(60))


def test_the_offers_word_before_a_mission_leaves_names_as_they_are() -> None:
    keyword = AskedKeyword("retouche d'images")
    held = Held(keyword, ("exp-1",), "Photoshop", literal=False)
    named = name_skill("Photoshop et mise en page", held, first=True)
    assert named == "Retouche d'images : Photoshop et mise en page"
    assert name_skill("Mise en page", held, first=True) == "Retouche d'images : mise en page"


@pytest.mark.parametrize(
    ("period", "dates"),
    [
        ("jusqu'en 2021", {"endDate": "2021"}),
        ("2019 – 2021", {"startDate": "2019", "endDate": "2021"}),
        ("depuis mars 2019", {"startDate": "2019-03"}),
        ("2019", {"startDate": "2019", "endDate": "2019"}),
    ],
)
def test_a_resume_begins_a_position_only_when_the_person_says_it(
    period: str, dates: dict[str, str]
) -> None:
    job = CvExperience("Vendeuse", "Lidl", "", None, None, (), period)
    work = to_json_resume(CvDocument("Ana", "Vendeuse", experiences=(job,)))["work"][0]
    assert {name: work[name] for name in work if name.endswith("Date")} == dates


def test_signs_that_the_pdf_cannot_show_are_told() -> None:
    skills = ["Vente 🙂", "Caisse"]
    told = tailor_cv(from_request({"first_name": "Ana", "skills": skills}), OFFER).warnings
    assert any("(🙂)" in text and "DOCX" in text for text in told)
    assert not any("signes" in text for text in tailor_cv(julie(), OFFER).warnings)
