"""Lists: one line is one item unless the list says otherwise; evidence stays right."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.cv.lists import is_level, split_items, split_language
from jobmatch_ml.cv.reading import ContentType, TextLine
from jobmatch_ml.cv.text import lay_out

HARD, LANGUAGE = ContentType.SKILL_HARD, ContentType.LANGUAGE


def items(text: str, kind: ContentType = HARD, *, wide: bool = False) -> list[str]:
    """Items of a list; ``wide`` gives lines boxes of 5 points a letter."""
    boxes = [
        (40.0, 12.0 * n, 40.0 + 5 * len(line), 12.0 * n + 10) if wide else None
        for n, line in enumerate(text.split("\n"))
    ]
    raw, lines = lay_out(
        [[(part, box, None) for part, box in zip(text.split("\n"), boxes, strict=True)]]
    )
    found = []
    for pieces in split_items(kind, lines):
        for piece in pieces:
            assert raw[piece.start : piece.end] == piece.text
        found.append(" ".join(piece.text for piece in pieces))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Excel, Sage, TVA", ["Excel", "Sage", "TVA"]),
        ("Excel · Sage • TVA", ["Excel", "Sage", "TVA"]),
        ("Excel | Saisie, lettrage | TVA", ["Excel", "Saisie, lettrage", "TVA"]),
        ("- Saisie, lettrage\n- Excel", ["Saisie, lettrage", "Excel"]),
        ("Saisie, lettrage, rapprochements\nExcel\nTVA",
         ["Saisie, lettrage, rapprochements", "Excel", "TVA"]),
        ("Langages : Python, Java\nOutils : Git, Docker", ["Python", "Java", "Git", "Docker"]),
        ("Bureautique :\n- Excel\n- Word", ["Excel", "Word"]),
        ("Langages | Python, R\nOutils | Git, Docker", ["Python", "R", "Git", "Docker"]),
        ("Langages | Python, R\nMéthodes | Scrum", ["Python", "R", "Scrum"]),
        ("Word | Excel\nSage | EBP", ["Word", "Excel", "Sage", "EBP"]),
        ("Langages (Python, R)\nOutils (Git, Docker)", ["Python", "R", "Git", "Docker"]),
        ("Excel (TCD, macros)\nSage\nTVA\nPaie", ["Excel (TCD, macros)", "Sage", "TVA", "Paie"]),
        ("Paie\n• Silae\n• DSN\nRH\n• Recrutement", ["Silae", "DSN", "Recrutement"]),
        ("Excel (TCD, macros), Sage, TVA", ["Excel (TCD, macros)", "Sage", "TVA"]),
        ("Excel, 5 ans de pratique", ["Excel, 5 ans de pratique"]),
        ("5 ans de pratique : Excel", ["5 ans de pratique : Excel"]),
        ("- Tenue des comptes de\nclients", ["Tenue des comptes de clients"]),
    ],
)  # fmt: skip
def test_items_are_parted_where_the_list_says_so(text: str, expected: list[str]) -> None:
    assert items(text) == expected


def test_an_item_broken_by_the_margin_is_mended() -> None:
    text = "Gestion des stocks · Suivi des\ncommandes · Inventaire"
    assert items(text, wide=True) == ["Gestion des stocks", "Suivi des commandes", "Inventaire"]
    text = "Accueil des clients en\nboutique\nCaisse"
    assert items(text, wide=True) == ["Accueil des clients en boutique", "Caisse"]


def test_languages_keep_their_level() -> None:
    assert items("Anglais : B1\nEspagnol : notions", LANGUAGE) == [
        "Anglais : B1",
        "Espagnol : notions",
    ]
    assert items("Anglais | B1", LANGUAGE) == ["Anglais | B1"]
    assert items("Anglais (B1), espagnol (lu, écrit)", LANGUAGE) == [
        "Anglais (B1)",
        "espagnol (lu, écrit)",
    ]
    assert is_level("courant")
    assert not is_level("Espagnol")


def test_certificates_have_no_commas_between_them() -> None:
    assert items("Permis B, véhicule personnel\nSST", ContentType.CERTIFICATION) == [
        "Permis B, véhicule personnel",
        "SST",
    ]


@pytest.mark.parametrize(
    "text", ["(a), " * 40_000, "a, " * 60_000, "(a) | " * 30_000, "a: b" * 49_000]
)
def test_endless_lists_are_split_in_linear_time(text: str) -> None:
    started = time.process_time()
    assert list(split_items(HARD, [TextLine(text)]))
    assert time.process_time() - started < 15


def test_a_language_is_told_from_its_level() -> None:
    assert split_language("Anglais : courant (B2)") == ("Anglais", "courant (B2)")
    assert split_language("Espagnol (B1)") == ("Espagnol", "B1")
    assert split_language("Langue des signes") == ("Langue des signes", None)


def test_names_of_themes_and_ratings_are_no_skills() -> None:
    text = "Langages\nPython, Go\nBases\nPostgreSQL, Redis\nMéthodes\nScrum, Kanban"
    found = split_items(
        ContentType.SKILL_HARD, lay_out([[(t, None, None) for t in text.split("\n")]])[1]
    )
    assert [" ".join(piece.text for piece in item) for item in found] == [
        "Python", "Go", "PostgreSQL", "Redis", "Scrum", "Kanban",
    ]  # fmt: skip
    rated = lay_out(
        [[("Excel ●●●○○", None, None), ("Word ★★☆", None, None), ("Sage 80 %", None, None)]]
    )
    assert [item[0].text for item in split_items(ContentType.SKILL_HARD, rated[1])] == [
        "Excel", "Word", "Sage",
    ]  # fmt: skip


def test_the_items_of_a_theme_run_on_over_lines() -> None:
    text = "Soins : Toilette au lit, Prise des\nconstantes, Pansements,\nTriage\nOutils : Titan"
    assert items(text, wide=True) == [
        "Toilette au lit", "Prise des constantes", "Pansements", "Triage", "Outils : Titan",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Soins : Triage, Pansements\nOutils : Titan\n", ["Triage", "Pansements", "Titan"]),
        ("Excel : avancé\nSage : notions", ["Excel : avancé", "Sage : notions"]),
        ("Titan / Sillage /\nNetSoins", ["Titan", "Sillage", "NetSoins"]),
    ],
)
def test_a_theme_of_one_item_is_left_out_beside_themes_of_several(
    text: str, expected: list[str]
) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- C#", ["C#"]),
        ("Java, C#, F#", ["Java", "C#", "F#"]),
        ("- .NET", [".NET"]),
        ("C++, .NET Core., SQL#", ["C++", ".NET Core", "SQL"]),
    ],
)
def test_a_sign_that_is_part_of_a_name_stays(text: str, found: list[str]) -> None:
    assert items(text) == found


def test_words_in_bold_above_single_ones_are_items_like_any_other() -> None:
    bold, plain = (10.0, True, 0), (10.0, False, 0)
    texts = ("Python", "Java", "SQL", "Perl", "Ruby, Rails")
    lines = [
        TextLine(text, start=10 * at, style=bold if at in (0, 2) else plain)
        for at, text in enumerate(texts)
    ]
    found = [pieces[0].text for pieces in split_items(HARD, lines)]
    assert found[:4] == ["Python", "Java", "SQL", "Perl"]


def test_what_is_rated_behind_a_colon_stays() -> None:
    assert items("Anglais : ★★★★\nEspagnol : 50 %", LANGUAGE) == ["Anglais", "Espagnol"]
    assert items("Excel : ●●●○\nBureautique :\nWord 4/5") == ["Excel", "Word"]


def test_a_share_in_a_sentence_is_no_rating() -> None:
    text = "Baisse des délais de 30 %\nExcel 80 %"
    assert items(text) == ["Baisse des délais de 30 %", "Excel"]
