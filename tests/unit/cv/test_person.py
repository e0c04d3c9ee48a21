"""Name and contacts: in a head, in a form, broken by a narrow column."""

from __future__ import annotations

import time

from jobmatch_ml.cv.person import find_missing, find_name_below, read_contacts, read_head_of_cv
from jobmatch_ml.cv.reading import TextLine
from jobmatch_ml.cv.text import lay_out


def lines_of(text: str) -> list[TextLine]:
    return list(lay_out([[(line, None, None) for line in text.split("\n")]])[1])


def found(text: str) -> dict[str, str | None]:
    read = read_head_of_cv(lines_of(text))
    names = ("first_name", "last_name", "email", "phone", "location")
    return {
        name: next((value for line in read if (value := getattr(line, name))), None)
        for name in names
    }


def test_a_form_of_fields_names_the_person() -> None:
    assert found(
        "Nom | Ghislaine Roussel\nAdresse | 2 rue Basse | Ville | Tours\nTéléphone | 06 39 98 11 03"
    ) == {
        "first_name": "Ghislaine",
        "last_name": "Roussel",
        "email": None,
        "phone": "06 39 98 11 03",
        "location": "Tours",
    }


def test_fields_of_a_name_may_stand_apart() -> None:
    names = found("Prénom : Théo\nNom : LACOMBE\nCourriel : theo@exemple.fr")
    assert (names["first_name"], names["last_name"]) == ("Théo", "LACOMBE")


def test_cells_beside_the_name_are_contacts() -> None:
    read = found("Théo LACOMBE | theo.lacombe@exemple.fr\nVendeur | Tours")
    assert (read["last_name"], read["email"]) == ("LACOMBE", "theo.lacombe@exemple.fr")
    assert read["location"] == "Tours"


def test_an_address_broken_by_a_narrow_column_is_one() -> None:
    read = read_contacts(lines_of("3 place Haute, 38000\nGrenoble\nmalik@\nexemple.org"))
    assert [line.location for line in read if line.location] == ["38000 Grenoble"]
    assert [line.email for line in read if line.email] == ["malik@exemple.org"]


def test_the_name_is_found_in_the_largest_type_below_another_column() -> None:
    lines = [
        TextLine("Contact", start=0, style=(12.0, True, 1)),
        TextLine("Sophie Martin", start=8, style=(22.0, True, 1)),
    ]
    assert find_name_below(lines) == 1
    assert find_name_below(lines[:1]) is None
    broken = [
        lines[0],
        TextLine("Sophie", start=8, style=(22.0, False, 1)),
        TextLine("MARTIN", start=15, style=(22.0, True, 1)),
    ]
    assert find_name_below(broken) == 1


def test_the_type_of_most_lines_tells_no_name() -> None:
    body = (10.0, False, 0)
    lines = [
        TextLine("Contact", start=0, style=(9.0, True, 1)),
        *(TextLine("Sophie Martin", start=8 + 14 * at, style=body) for at in range(4)),
    ]
    assert find_name_below(lines) is None


def test_contacts_below_another_heading_are_found_and_none_twice() -> None:
    lines = lines_of("Compétences\nExcel\nSophie Martin\n06 39 98 11 03\nsophie.martin@exemple.fr")
    missing = find_missing(lines, [])
    assert [line.email for line in missing if line.email] == ["sophie.martin@exemple.fr"]
    assert [line.last_name for line in missing if line.last_name] == ["Martin"]
    assert find_missing(lines, missing) == []


def test_scraps_beside_the_headline_introduce_nobody() -> None:
    read = read_head_of_cv(lines_of("Sophie Martin\nVendeuse\nMobile partout\ns.martin@exemple.fr"))
    assert [line.content for line in read if line.content_type == "summary"] == ["Vendeuse"]
    assert [line.content for line in read if line.content_type == "other"] == ["Mobile partout"]


def test_a_hostile_line_of_hyphens_is_read_at_once() -> None:
    line = TextLine("A" + "-a" * 3_000 + " 1 rue")
    started = time.process_time()
    assert read_contacts([line])[0].location is None
    assert time.process_time() - started < 10


def test_towns_stand_behind_their_code_or_before_it_in_brackets() -> None:
    text = "{}\na@exemple.org"
    assert found(text.format("77 cours Pasteur - 33000 BORDEAUX"))["location"] == "33000 BORDEAUX"
    assert found(text.format("56 rue de Paris, 93100 Montreuil"))["location"] == "93100 Montreuil"
    assert found(text.format("A. Roubaix (59100)"))["location"] == "Roubaix (59100)"


def test_a_name_below_a_running_head_is_told_by_its_type_alone() -> None:
    def sheet(height: float) -> list[TextLine]:
        texts = ["Informaticienne – Rennes", "Inès Caradec", "Développeuse", "Curieuse et posée"]
        tall = [10.0, height, 14.0, 10.0]
        return [
            TextLine(text, page=1, start=0, box=(40.0, 50.0 * at, 300.0, 50.0 * at + high))
            for at, (text, high) in enumerate(zip(texts, tall, strict=True))
        ]

    assert [line.last_name for line in read_head_of_cv(sheet(30.0))].count("Caradec") == 1
    assert not any(line.last_name for line in read_head_of_cv(sheet(14.5)))


def test_a_form_below_a_heading_names_the_person_too() -> None:
    read = read_contacts(
        lines_of("Nom | Le Bihan\nPrénom | Yohan\nTél. | 06 39 98 13 08\nAdresse | 49000 Angers")
    )
    assert (read[0].first_name, read[0].last_name) == ("Yohan", "Le Bihan")
    assert [line.phone for line in read if line.phone] == ["06 39 98 13 08"]
    assert [line.location for line in read if line.location] == ["49000 Angers"]


def test_contacts_without_a_name_stay_whole_lines() -> None:
    (line,) = read_contacts(lines_of("Téléphone | 06 39 98 13 08"))
    assert line.content == "Téléphone | 06 39 98 13 08"


def test_a_name_and_an_occupation_may_share_the_first_line() -> None:
    read = read_head_of_cv(lines_of("Inès Caradec – Développeuse web\nines@example.org"))
    assert (read[0].first_name, read[0].last_name) == ("Inès", "Caradec")
    assert [line.position for line in read if line.position] == ["Développeuse web"]
    assert found("Développeuse web – Rennes\nines@example.org")["last_name"] is None


def test_a_sign_at_a_lines_end_breaks_no_address_where_none_goes_on() -> None:
    text = "Suivez-moi @\nVendeuse\ninfo@exemple.org.\nPermis B"
    assert [line.content for line in read_contacts(lines_of(text))] == text.split("\n")


def test_the_span_of_a_broken_address_ends_with_its_last_letter() -> None:
    text = "Tours\nmalik@\nexemple.org\nPermis B"
    (line,) = [line for line in read_contacts(lines_of(text)) if line.email]
    assert line.content == "malik@exemple.org"
    assert line.evidence is not None
    assert text[line.evidence.start : line.evidence.end] == "malik@\nexemple.org"


def test_words_beside_a_link_are_kept_unless_they_only_name_it() -> None:
    (named,) = read_contacts(lines_of("Mon site : https://exemple.fr"))
    assert named.url == "https://exemple.fr"
    words, link = read_contacts(lines_of("Développeuse libre https://exemple.fr"))
    assert words.content == "Développeuse libre https://exemple.fr"
    assert link.url == "https://exemple.fr"


def test_a_head_in_other_letters_is_kept() -> None:
    read = read_head_of_cv(lines_of("Sophie Martin\n王小明\n•••\ns.martin@exemple.fr"))
    assert [line.content for line in read] == ["Sophie Martin", "王小明", "s.martin@exemple.fr"]


def test_the_day_of_the_last_change_is_no_headline() -> None:
    read = read_head_of_cv(lines_of("Sophie Martin\nLast updated in May 2024\nVendeuse\na@b.fr"))
    assert [line.position for line in read if line.position] == ["Vendeuse"]
    assert any(line.content == "Last updated in May 2024" for line in read)


def test_lines_of_one_type_are_joined_downwards_only() -> None:
    def sheet(top: float) -> list[TextLine]:
        tops = [300.0, top]
        texts = ["Conseillère en", "insertion"]
        starts = [0, 15]
        return [
            TextLine(text, start=start, box=(40.0, at, 200.0, at + 20.0))
            for text, start, at in zip(texts, starts, tops, strict=True)
        ]

    assert [line.content for line in read_head_of_cv(sheet(324.0))] == ["Conseillère en insertion"]
    assert len(read_head_of_cv(sheet(50.0))) == 2


def test_a_town_and_its_state_are_the_location() -> None:
    read = read_head_of_cv(lines_of("Sophie Martin\nNew York, NY • s.martin@exemple.fr"))
    assert [line.location for line in read if line.location] == ["New York, NY"]
    assert found("Sophie Martin\nSanta Clara, CA\na@b.fr")["location"] == "Santa Clara, CA"


def test_neither_an_address_nor_an_icons_text_is_the_headline() -> None:
    text = "Sophie Martin\nexemple.fr\n\uf3c5 San Francisco, CA\n\uf09b smartin\nVendeuse\na@b.fr"
    read = read_head_of_cv(lines_of(text))
    assert [line.position for line in read if line.position] == ["Vendeuse"]
    assert [line.location for line in read if line.location] == ["San Francisco, CA"]
    icon = read_head_of_cv(lines_of("Sophie Martin\n\uf0b1 Vendeuse\na@b.fr"))
    assert [line.position for line in icon if line.position] == ["Vendeuse"]
