"""What identifies a person is found and replaced; what looks like it stays."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from jobmatch_ml.cv import build_profile, extract_text
from jobmatch_ml.cv.redaction import find_identifiers, names_of, redact, remove


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Écrire à a.b@example.org", "Écrire à [E-MAIL]"),
        ("Tél : +33 (0)6 12 34 56 78.", "Tél : [TÉLÉPHONE]."),
        ("12 rue des Lilas, 69003 Lyon", "[ADRESSE]"),
        ("14 Station Road, Leeds LS1 4DY", "[ADRESSE]"),
        ("Née le 14/03/1988 à Lyon", "Née le [NAISSANCE] à Lyon"),
        ("Date of birth: 3 May 1991", "Date of birth: [NAISSANCE]"),
        ("n° 2 92 05 75 110 123 45", "n° [NIR]"),
        ("profil : https://example.org/moi?x=1", "profil : [LIEN]"),
        ("![moi](data:image/png;base64,iVBORw0KGgo=)", "[PHOTO]"),
        ("Référence : Mme Hélène Caron, directrice", "Référence : Mme [NOM], directrice"),
        ("Je m'appelle Lucie Fontaine.", "Je m'appelle [NOM]."),
    ],
)
def test_each_kind_is_replaced_by_its_mask(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Cabinet Durand, Lyon - 2019 - 2022",
        "SIRET 552 100 554 00013, budget 1 250 000 euros",
        "Norme ISO 9001:2015, réseau 192.168.10.254",
        "personnes âgées de plus de 80 ans",
        "5 ans d'expérience en Python 3.11",
        "Bouygues, agence de la rue de Rennes, Paris",
        "métré au domicile des clients",
    ],
)
def test_what_does_not_identify_the_person_stays(text: str) -> None:
    assert redact(text, whole=False).text == text


def test_a_name_at_the_head_is_found_again_in_any_order_and_by_the_first_name() -> None:
    text = "Chloé PETIT\nVendeuse\nchloe.petit@example.fr\nPETIT Chloé aime un petit rayon\nChloé"
    assert redact(text).text.split("\n") == [
        "[NOM]", "Vendeuse", "[E-MAIL]", "[NOM] aime un petit rayon", "[NOM]",
    ]  # fmt: skip


def test_finds_do_not_overlap_and_are_in_order() -> None:
    text = "M. Paul Verdier, 4 rue Haute, 31000 Toulouse, paul@example.fr, 06 11 22 33 44"
    found = find_identifiers(text)
    assert [item.kind for item in found] == ["name", "address", "email", "phone"]
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_a_line_loses_its_identifiers_and_keeps_its_capitalised_words() -> None:
    assert remove("Microsoft Excel, joindre Sophie Martin au 06 12 34 56 78",
                  ("Sophie Martin",)) == "Microsoft Excel, joindre au"  # fmt: skip


def test_what_is_embedded_has_no_identifier_left() -> None:
    cv = (
        "Sophie MARTIN\nComptable\nsophie.martin@example.org\nCOMPÉTENCES\nExcel, Sage\n"
        "EXPÉRIENCE\nComptable - Cabinet Durand - 2019 - 2022\n- joindre Mme Hélène Caron au "
        "01 44 55 66 77, 12 rue des Lilas, 69003 Lyon\nINTÉRÊTS\nné le 14/03/1988, NIR "
        "1 88 03 69 123 123 45, https://example.org/moi"
    )
    reading = extract_text(cv)
    assert names_of(reading) == ("Sophie MARTIN",)
    profile = build_profile(reading)
    embedded = f"{profile.title}\n{profile.text}"
    assert "Cabinet Durand" in embedded
    for secret in ("Sophie", "MARTIN", "Caron", "01 44", "Lilas", "14/03", "1 88", "example"):
        assert secret not in embedded


@pytest.mark.parametrize("text", ["a" * 100_000, "1 " * 50_000, "rue " * 25_000, "A B " * 25_000])
def test_hostile_text_is_searched_in_linear_time(text: str) -> None:
    started = time.process_time()
    find_identifiers(text)
    assert time.process_time() - started < 10
