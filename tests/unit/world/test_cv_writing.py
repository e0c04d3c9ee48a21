"""CVs: told truthfully, in the person's language and gender, the same from the same seed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobmatch_ml.documents import SECTIONS, render_text
from jobmatch_ml.world.config import ORIGINS, CandidateConfig
from jobmatch_ml.world.cv_phrases import load_cv_phrases
from jobmatch_ml.world.facts import CandidateFacts, Position
from tests.cv_people import NURSE_AIDE, PLACES, TABLE, make_person, write


def people() -> list[CandidateFacts]:
    """Returns one person for every tenth occupation, of both genders and languages."""
    return [
        make_person(
            occupation.code, woman=index % 2 == 0, language="en" if index % 5 == 0 else "fr"
        )
        for index, occupation in enumerate(TABLE.occupations[::10])
    ]


def test_the_same_seed_writes_the_same_cv_and_another_seed_does_not() -> None:
    person = make_person()
    assert write(person, 7) == write(person, 7)
    assert render_text(write(person, 7).document) != render_text(write(person, 8).document)


def test_every_skill_told_stands_in_the_text_in_one_of_its_wordings() -> None:
    for seed, person in enumerate(people()):
        written = write(person, seed)
        text = render_text(written.document).casefold()
        for skill_id in written.told & TABLE.skills.keys():
            if skill_id == "business_english":
                assert "anglais" in text or "english" in text
                continue
            skill = TABLE.skills[skill_id]
            words = (skill.offer, *skill.cv, skill.en)
            assert any(word and word.casefold() in text for word in words), skill_id


def test_nothing_is_told_of_skills_when_nothing_is_to_be_told() -> None:
    config = CandidateConfig(skill_told_share=0, inflated_share=0)
    for seed, person in enumerate(people()):
        written = write(person, seed, config)
        assert written.told & TABLE.skills.keys() <= {"business_english"}
        assert not written.levels


def test_inflated_skills_are_told_as_often_as_configured() -> None:
    person = make_person(skills=frozenset())
    all_of_them = write(person, config=CandidateConfig(inflated_share=1)).told
    assert set(person.occupation.required) <= all_of_them
    assert not write(person, config=CandidateConfig(inflated_share=0)).told & TABLE.skills.keys()


def test_levels_are_told_in_words_and_kept_beside_the_text() -> None:
    config = CandidateConfig(level_told_share=1, skill_told_share=1, inflated_share=0)
    seen = set()
    for seed in range(12):
        written = write(make_person(), seed, config)
        assert set(written.levels.values()) == {3}
        told = [line for line in written.document.skills if "(" in line or " – " in line]
        seen |= {line.rpartition("(")[2] for line in told}
    assert any("avancé" in line or "expert" in line for line in seen)


def test_facts_are_told_exactly_where_the_text_says_them() -> None:
    town = PLACES[3].name
    for seed in range(60):
        written = write(make_person(), seed, CandidateConfig(place_told_share=0.5))
        cv = written.document
        own_words = " ".join((cv.summary, *cv.contacts))
        assert ("place" in written.told) == (town in own_words)
        assert ("radius" in written.told) == ("30 km" in cv.summary)
        assert ("salary" in written.told) == ("24" in cv.summary.replace("24 000", "24"))
        assert ("contract" in written.told) == ("CDD ou CDI" in cv.summary)
        assert ("remote" in written.told) == ("élétravail" in cv.summary)
        assert ("licence" in written.told) == any("ermis B" in x for x in cv.certifications)


def test_wishes_that_a_person_does_not_have_are_never_told() -> None:
    person = make_person(
        salary_min=0, contracts=frozenset(), remote=0, hours=frozenset({"day"}), licence=False
    )
    config = CandidateConfig(wish_told_share=1, licence_told_share=1)
    for seed in range(20):
        told = write(person, seed, config).told
        assert not told & {"salary", "contract", "remote", "hours", "licence"}


def test_a_driving_licence_is_told_once() -> None:
    config = CandidateConfig(licence_told_share=1, skill_told_share=1)
    driver = make_person(skills=frozenset({"driving_licence"}))
    for seed in range(10):
        written = write(driver, seed, config)
        lines = [line for line in written.document.certifications if "ermis B" in line]
        assert len(lines) == 1
        assert {"licence", "driving_licence"} <= written.told


def test_a_vague_headline_tells_the_occupation_only_by_the_latest_title() -> None:
    vague = CandidateConfig(vague_title_share=1)
    other = TABLE.by_code[NURSE_AIDE.neighbours[0]]
    changer = make_person(career=(Position(other, 30, 0),))
    assert "occupation" in write(make_person(), config=vague).told
    assert "occupation" not in write(changer, config=vague).told
    assert "occupation" in write(changer, config=CandidateConfig(vague_title_share=0)).told


def test_titles_agree_with_the_gender() -> None:
    config = CandidateConfig(other_title_share=0, vague_title_share=0)
    assert write(make_person(), config=config).document.headline == "Aide-soignante"
    man = write(make_person(woman=False), config=config).document
    assert man.headline == "Aide-soignant"
    assert all("(e)" not in line for line in (man.summary, *man.skills, *man.contacts))


def test_peoples_own_titles_agree_with_the_gender_too() -> None:
    config = CandidateConfig(other_title_share=1, vague_title_share=0)
    cashier = replace(NURSE_AIDE, cv_titles=("Caissier polyvalent", "Homme de ménage"))
    cashier = replace(cashier, abbreviations=())
    hers = {
        write(make_person(occupation=cashier), seed, config).document.headline for seed in range(9)
    }
    assert hers == {"Caissière polyvalente"}


def test_gender_agrees_within_sentences() -> None:
    config = CandidateConfig(summary_share=1)
    her = {write(make_person(), seed, config).document.summary for seed in range(60)}
    him = {write(make_person(woman=False), seed, config).document.summary for seed in range(60)}
    assert any("dotée d'un" in text or "Professionnelle" in text for text in her)
    assert any("doté d'un" in text or "Professionnel " in text for text in him)
    assert not any("motivée" in text or "sérieuse" in text for text in him)


def test_an_english_cv_says_nothing_in_french_that_it_could_say_in_english() -> None:
    french = {
        heading for headings in load_cv_phrases("fr").headings.values() for heading in headings
    } - {heading for headings in load_cv_phrases("en").headings.values() for heading in headings}
    for seed in range(30):
        written = write(make_person(language="en"), seed)
        text = render_text(written.document)
        lines = set(text.splitlines())
        assert not lines & french
        assert written.document.language == "en"
        tasks = [bullet for job in written.document.experiences for bullet in job.bullets]
        assert any(task.en in tasks for task in NURSE_AIDE.tasks)
        assert "aujourd'hui" not in text


def test_an_occupation_without_english_names_falls_back_to_french() -> None:
    bare = replace(
        NURSE_AIDE,
        english_title="",
        tasks=tuple(replace(task, en="") for task in NURSE_AIDE.tasks),
    )
    person = make_person(occupation=bare, career=(Position(bare, 40, 0),), language="en")
    document = write(person, config=CandidateConfig(vague_title_share=0, typo_rate=0)).document
    assert document.headline == "Aide-soignante"
    assert {task.cv for task in bare.tasks} & set(document.experiences[0].bullets)


def test_who_someone_is_changes_names_contacts_and_nothing_else() -> None:
    config = CandidateConfig(age_told_share=1, disability_told_share=1, typo_rate=0.02)
    plain = make_person()
    for seed in range(10):
        first = write(plain, seed, config)
        for origin in ORIGINS:
            other = write(
                replace(plain, origin=origin, age=58, disability=True, address="priority_district"),
                seed,
                config,
            )
            assert other.told == first.told
            assert other.profiles == first.profiles
            same = replace(
                other.document,
                full_name=first.document.full_name,
                contacts=first.document.contacts,
            )
            assert same == first.document
            assert any("RQTH" in line for line in other.document.contacts)
            assert not any("RQTH" in line for line in first.document.contacts)


def test_a_second_profile_has_a_title_of_its_own() -> None:
    config = CandidateConfig(other_title_share=0, vague_title_share=0)
    second = TABLE.by_code["M1805"]
    written = write(make_person(second=second, woman=False), config=config)
    assert list(written.profiles) == [
        {"name": "Principal", "title": "Aide-soignant"},
        {"name": "Autre recherche", "title": second.masculine},
    ]
    assert len(write(make_person()).profiles) == 1


def test_every_order_holds_every_section_once() -> None:
    for seed in range(20):
        assert sorted(write(make_person(), seed).document.order) == sorted(SECTIONS)


@pytest.mark.parametrize("place", ["e-mail", "phone"])
def test_contacts_are_nobodys(place: str) -> None:
    for seed in range(20):
        email, phone, *_ = write(make_person(), seed).document.contacts
        assert email.endswith("@example.org") if place == "e-mail" else "06 39 98" in phone
