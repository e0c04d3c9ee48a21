"""Headings by their type: in unforeseen words, and not where lesser type names a theme."""

from __future__ import annotations

from jobmatch_ml.cv.outline import find_outline, guess_kind, without_signs
from jobmatch_ml.cv.reading import ContentType, Style, TextLine

BIG: Style = (12.0, True, 1)
BODY: Style = (10.0, False, 1)


def sheet(*texts: tuple[str, Style]) -> list[TextLine]:
    return [
        TextLine(text, start=100 * at, box=(0, 20.0 * at, 90, 20.0 * at + 10), style=style)
        for at, (text, style) in enumerate(texts)
    ]


def test_a_line_in_the_type_of_headings_is_one_and_its_content_tells_the_kind() -> None:
    lines = sheet(
        ("Sophie Martin", (20.0, True, 1)),
        ("Expérience", BIG),
        ("Vendeuse, Fnac, 2019 - 2021", BODY),
        ("Formation", BIG),
        ("BTS Tourisme, 2015", BODY),
        ("Je parle aussi", BIG),
        ("Anglais courant", BODY),
    )
    outline = find_outline(lines)
    assert outline[5] == (ContentType.LANGUAGE, "")
    assert set(outline) == {1, 3, 5}


def test_a_theme_in_lesser_type_opens_no_section() -> None:
    lines = sheet(
        ("Expérience", BIG),
        ("Vendeuse, Fnac, 2019 - 2021", BODY),
        ("Formation", BIG),
        ("BTS Tourisme, 2015", BODY),
        ("Compétences", BIG),
        ("Informatique", BODY),
        ("Excel, Word", BODY),
    )
    assert set(find_outline(lines)) == {0, 2, 4}


def test_the_kind_of_a_section_without_a_telling_heading_is_guessed() -> None:
    assert guess_kind(["Master Droit, 2019", "Bac, 2014"], set()) is ContentType.EDUCATION
    assert guess_kind(["Vendeur, 2019", "Serveur, 2014"], set()) is ContentType.EXPERIENCE
    assert guess_kind(["a@b.fr"], set()) is ContentType.CONTACT
    assert guess_kind(["Permis B"], set()) is ContentType.CERTIFICATION
    assert guess_kind(["Excel", "Word"], set()) is ContentType.SKILL_HARD
    assert guess_kind(["Voile"], {ContentType.SKILL_HARD}) is ContentType.INTEREST
    assert guess_kind([], set()) is ContentType.OTHER


def test_a_theme_smaller_than_all_headings_opens_no_section_unless_languages_follow() -> None:
    small: Style = (10.0, True, 1)
    lines = sheet(
        ("Experience", BIG),
        ("Clerk, Fnac, 2019 - 2021", BODY),
        ("Education", BIG),
        ("BSc Physics, 2015", BODY),
        ("Skills", BIG),
        ("Languages", small),
        ("Python, Go", BODY),
    )
    assert set(find_outline(lines)) == {0, 2, 4}
    spoken = [*lines[:6], *sheet(("French, German", BODY))]
    assert set(find_outline(spoken)) == {0, 2, 4, 5}


def test_information_is_a_section_of_contacts_where_contacts_follow() -> None:
    lines = sheet(
        ("Expérience", BIG), ("Vendeuse, Fnac, 2019 - 2021", BODY),
        ("Formation", BIG), ("BTS Tourisme, 2015", BODY),
        ("Informations", BIG), ("06 39 98 00 01", BODY), ("a@exemple.org", BODY),
    )  # fmt: skip
    assert find_outline(lines)[4] == (ContentType.CONTACT, "")


def test_a_word_names_the_section_of_a_line_in_the_type_of_headings() -> None:
    lines = sheet(
        ("Expérience", BIG), ("Vendeuse, Fnac, 2019 - 2021", BODY),
        ("Loisirs", BIG), ("Voile", BODY),
        ("Formation diplômante", BIG), ("Voir au verso", BODY),
    )  # fmt: skip
    assert find_outline(lines)[4] == (ContentType.EDUCATION, "")


def test_schools_tell_education_where_experiences_have_their_section() -> None:
    there = {ContentType.EXPERIENCE}
    body = ["2018 Comptabilité", "Lycée Condorcet", "2016 Gestion", "Université de Tours"]
    assert guess_kind(body, there) is ContentType.EDUCATION
    assert guess_kind(body, there | {ContentType.EDUCATION}) is ContentType.EXPERIENCE


def test_names_of_a_forms_fields_are_no_headings() -> None:
    lines = sheet(
        ("Expérience", BIG),
        ("Poste : Vendeur", BODY),
        ("Activités : conseil", BODY),
        ("Poste : Caissier", BODY),
        ("Activités : caisse", BODY),
        ("Formation", BIG),
        ("BTS Tourisme, 2015", BODY),
    )
    assert set(find_outline(lines)) == {0, 5}
    assert set(find_outline([*lines[:3], *lines[5:]])) == {0, 3}


def test_a_sign_before_most_headings_goes_and_offsets_stay_true() -> None:
    lines = sheet(
        ("■ Profil", BIG), ("Vendeuse depuis dix ans.", BODY),
        ("■ Expérience", BIG), ("■ Vente de livres", BODY),
        ("■ Formation", BIG), ("BTS Tourisme, 2015", BODY),
        ("■ Ce qui compte pour moi", BIG), ("Voile", BODY),
    )  # fmt: skip
    freed = without_signs(lines)
    texts = [line.text for line in freed]
    assert texts[::2] == ["Profil", "Expérience", "Formation", "Ce qui compte pour moi"]
    assert texts[3] == "■ Vente de livres"  # another type: an item
    assert [(line.start, line.end) for line in freed[:2]] == [(2, 8), (100, 124)]


def test_items_of_which_one_names_a_section_keep_their_signs() -> None:
    lines = sheet(
        ("• Informatique", BODY), ("• Accueil", BODY), ("• Langues", BODY), ("• Vente", BODY)
    )
    assert without_signs(lines) == lines


def test_positions_and_degrees_in_the_type_of_headings_are_none() -> None:
    bold: Style = (10.0, True, 1)
    lines = sheet(
        ("Expérience", bold), ("Chargée de clientèle", bold), ("Fnac, 2019 - 2021", BODY),
        ("Vendeuse", bold), ("Darty, 2015 - 2019", BODY),
        ("Formation", bold), ("BTS Tourisme", bold), ("Lycée Chaptal, 2015", BODY),
        ("Langues", bold), ("Anglais", BODY),
    )  # fmt: skip
    assert set(find_outline(lines)) == {0, 5, 8}


def test_dates_in_the_type_of_headings_tell_nothing_of_it() -> None:
    bold: Style = (10.0, True, 1)
    lines = sheet(
        ("Expérience", bold), ("Sept. 2023 - à ce jour", bold), ("Vendeuse, Fnac", BODY),
        ("Bancs d'école", bold), ("BTS Tourisme, lycée Chaptal, 2015", BODY),
        ("Langues", bold), ("Anglais", BODY),
    )  # fmt: skip
    assert set(find_outline(lines)) == {0, 3, 5}
