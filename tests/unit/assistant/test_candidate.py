"""The candidate's own data from a CV, a request and a coach's context: the same lines."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.candidate import from_reading, from_request, from_user_context
from jobmatch_ml.cv import extract_text
from jobmatch_ml.errors import InputError

CV = """Nadia Ferrand
Assistante comptable
nadia@example.org
06 12 34 56 78
69003 Lyon

Expériences professionnelles
Assistante comptable, Cabinet Morel, Lyon
03/2019 - aujourd'hui
- Saisie de 400 factures par mois
- Relance des clients
Employée de banque, Crédit du Rhône, Lyon
01/2016 - 02/2019
- Accueil des clients

Formation
2015 : BTS Comptabilité et gestion, Lycée Lumière

Compétences
- Sage
- Excel

Langues
Anglais : B2
"""


def test_a_cv_becomes_lines_with_stable_ids() -> None:
    data = from_reading(extract_text(CV))
    assert (data.full_name, data.headline) == ("Nadia Ferrand", "Assistante comptable")
    jobs = data.of_kind("experience")
    assert [job.line_id for job in jobs] == ["exp-1", "exp-2"]
    assert (jobs[0].title, jobs[0].entity) == ("Assistante comptable", "Cabinet Morel")
    assert jobs[0].details == ("Saisie de 400 factures par mois", "Relance des clients")
    assert [line.text for line in data.of_kind("skill")] == ["Sage", "Excel"]
    assert data.line("skill-2") == data.of_kind("skill")[1]
    assert data.line("skill-9") is None


def test_a_request_may_hold_texts_or_objects() -> None:
    data = from_request(
        {
            "first_name": "Nadia",
            "experiences": [
                {
                    "title": "Comptable",
                    "company": "Morel",
                    "start_date": "2019",
                    "end_date": None,
                    "missions": ["Paie", "TVA"],
                },
                "Serveuse, Le Zinc, 2015",
            ],
            "skills": ["Sage", {"name": "Excel"}],
            "languages": [{"name": "Anglais", "level": "B2"}],
            "professional_successes": [
                {"title": "Clôture", "result": "Clôture en 5 jours", "skills_demonstrated": ["TVA"]}
            ],
        }
    )
    assert [line.line_id for line in data.lines] == [
        "exp-1", "exp-2", "skill-1", "skill-2", "language-1",
        "success-1.title", "success-1.result", "success-1.skills",
    ]  # fmt: skip
    job = data.lines[0]
    assert (job.title, job.entity, job.dates) == ("Comptable", "Morel", "2019 - aujourd'hui")
    assert job.text == "Comptable, Morel\n2019 - aujourd'hui\nPaie\nTVA"
    assert job.details == ("Paie", "TVA")
    assert data.lines[4].text == "Anglais : B2"
    assert data.lines[6].origin == "success"


def test_lines_of_a_reading_may_be_sent_back_as_they_are() -> None:
    reading = extract_text(CV)
    sent = [line.to_json() for line in reading.lines if line.content_type.value == "experience"]
    job = from_request({"experiences": sent}).lines[0]
    assert job.entity == "Cabinet Morel"
    assert job.text.count("400 factures") == 1


def test_a_coachs_context_has_the_profiles_title_and_whole_successes() -> None:
    data = from_user_context(
        {
            "profile_title": "Comptable",
            "experiences": ["Comptable chez Morel"],
            "existing_successes": [{"title": "A", "situation": "B", "is_draft": True}],
        }
    )
    assert data.headline == "Comptable"
    assert [line.text for line in data.of_kind("success")] == ["A", "B"]


def test_what_the_person_says_is_evidence_too() -> None:
    data = from_user_context({}).with_said(["J'ai formé trois personnes.", "  "])
    again = data.with_said(["Oui."])
    assert [line.line_id for line in again.lines] == ["said-1", "said-2"]
    assert again.lines[0].origin == "user"


@pytest.mark.parametrize("empty", [{}, {"experiences": None, "skills": "", "education": [{}]}])
def test_an_empty_candidate_has_no_lines(empty: dict[str, object]) -> None:
    data = from_request(empty)
    assert data.lines == ()
    assert data.full_name == ""


@pytest.mark.parametrize("wrong", [[], "texte", None])
def test_something_else_than_an_object_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match="must be an object"):
        from_request(wrong)  # type: ignore[arg-type]


def test_a_list_that_is_something_else_names_its_field() -> None:
    with pytest.raises(InputError) as caught:
        from_request({"skills": 3})
    assert caught.value.field == "candidate.skills"


def test_signs_that_belong_to_the_words_stay_with_them() -> None:
    cv = (
        "Ana Silva\nDéveloppeuse\nExpériences professionnelles\nDéveloppeuse, Octets, Lyon\n"
        "2019 - 2021\n-5 % de pannes\n- Services en C#\n- 30 tests\n"
        "Compétences\n- C++, C#\n- .NET\n"
    )
    data = from_reading(extract_text(cv))
    assert data.of_kind("experience")[0].details == ("-5 % de pannes", "Services en C#", "30 tests")
    assert [line.text for line in data.of_kind("skill")] == ["C++, C#", ".NET"]
