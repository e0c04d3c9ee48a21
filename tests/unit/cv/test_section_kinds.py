"""Sections whose heading promises what their lines do not hold."""

from __future__ import annotations

from jobmatch_ml.cv.reading import ContentType, TextLine
from jobmatch_ml.cv.section_kinds import Section, settle_kinds

JOBS = "Vendeuse, Fnac, 2019 - 2021"
PROSE = (
    "Gestionnaire de paie rigoureuse, habituée aux conventions collectives et aux logiciels de RH."
)


def section(kind: ContentType, *texts: str) -> Section:
    return kind, [TextLine(text, page=1, start=0, box=None) for text in texts]


def kinds(*sections: Section) -> list[ContentType | None]:
    return [kind for kind, _ in settle_kinds(sections)]


def test_prose_above_the_dated_positions_is_a_summary() -> None:
    jobs = section(ContentType.EXPERIENCE, JOBS)
    assert kinds(section(ContentType.EXPERIENCE, PROSE), jobs) == [
        ContentType.SUMMARY,
        ContentType.EXPERIENCE,
    ]


def test_positions_without_dates_stay_positions() -> None:
    jobs, none = section(ContentType.EXPERIENCE, JOBS), section(ContentType.EXPERIENCE, "Caissière")
    assert kinds(none, jobs) == [ContentType.EXPERIENCE] * 2
    assert kinds(jobs, section(ContentType.EXPERIENCE, PROSE)) == [ContentType.EXPERIENCE] * 2
    assert kinds(section(ContentType.EXPERIENCE, PROSE)) == [ContentType.EXPERIENCE]


def test_qualifications_beside_dated_degrees_are_skills() -> None:
    degrees = section(ContentType.EDUCATION, "BTS Tourisme, Lycée du Lac, 2012")
    list_of_skills = section(ContentType.EDUCATION, "Strong analytical skills", "Test planning")
    assert kinds(list_of_skills, degrees) == [ContentType.SKILL_HARD, ContentType.EDUCATION]
    assert kinds(section(ContentType.EDUCATION, PROSE), degrees)[0] is ContentType.OTHER


def test_a_degree_or_a_school_without_a_year_stays_an_education() -> None:
    degrees = section(ContentType.EDUCATION, "BTS Tourisme, 2012")
    for text in ("Licence de lettres", "Lycée du Lac", "High School Diploma"):
        assert kinds(degrees, section(ContentType.EDUCATION, text)) == [ContentType.EDUCATION] * 2
    assert kinds(section(ContentType.EDUCATION, "Test planning")) == [ContentType.EDUCATION]


def test_a_numbered_list_beside_positions_is_none_of_them() -> None:
    jobs = section(ContentType.EXPERIENCE, JOBS)
    talks = section(
        ContentType.EXPERIENCE, "2. Le sommeil (Lille, 2021)", "1. La paie (Metz, 2019)"
    )
    assert kinds(jobs, talks) == [ContentType.EXPERIENCE, ContentType.OTHER]
    assert kinds(talks) == [ContentType.EXPERIENCE]
