"""What recognition mistakes in any text is put right, and what is right stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jobmatch_ml.cv.scan_boxes import Grey
from jobmatch_ml.cv.scan_mends import join_broken, mend, mended
from jobmatch_ml.cv.scan_words import ScanWord

BLANK: Grey = np.full((400, 400), 245, dtype=np.uint8)


def word(text: str, x0: float, x1: float, **more: float) -> ScanWord:
    found = ScanWord(0, text, 90.0, x0, 100.0, x1, 120.0, size=30.0, base=120.0, stroke=3.0)
    return replace(found, **more)


def line(text: str, gap: float = 10.0) -> list[ScanWord]:
    """Words of ten pixels a letter."""
    found: list[ScanWord] = []
    x = 0.0
    for part in text.split():
        found.append(word(part, x, x + 10.0 * len(part)))
        x = found[-1].x1 + gap
    return found


def read(text: str, at: int) -> str:
    words = line(text)
    return mended(words[at], words, at, BLANK).text


@pytest.mark.parametrize(
    ("read", "meant"),
    [("lkechukwu", "Ikechukwu"), ("lait", "lait"), ("-—", "–"), ("l'aide", "l'aide"),
     ("-09/19", "– 09/19"), ("-", "–"), ("sous-chef", "sous-chef"), ("ldap", "ldap"),
     ("lxml", "lxml"), ("lvm", "lvm"), ("ldaps,", "ldaps,"), ("Cl", "C1"), ("(Al)", "(A1)"),
     ("Al-Fassi", "Al-Fassi"), ("BI", "BI"), ("1er", "1er"), ("ler", "1er"), ("Ier", "1er"),
     ("lerne", "lerne"), ("PSCI", "PSC1"), ("2O15", "2015"), ("CO2", "CO2"), ("112011", "11.2011"),
     ("132011", "132011")],
)  # fmt: skip
def test_usual_mistakes_are_mended(read: str, meant: str) -> None:
    assert mend(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [("theo.lacombeGexemple.fr", "theo.lacombe@exemple.fr"),
     ("w.trabelsiäexemple.org", "w.trabelsi@exemple.org"),
     ("a.cisseG@exemple.org", "a.cisse@exemple.org"), ("k.d59@exemplefr", "k.d59@exemple.fr"),
     ("k.d59@exemple.fr", "k.d59@exemple.fr"), ("www.groupGroup.com/x", "www.groupGroup.com/x"),
     ("@exemple", "@exemple"), ("exemple.com", "exemple.com"), ("k@confr.com", "k@confr.com")],
)  # fmt: skip
def test_the_sign_and_the_last_point_of_an_address_are_put_right(read: str, meant: str) -> None:
    assert mend(read) == meant


def test_a_dash_before_an_item_stays_what_it_is() -> None:
    assert mend("-", first=True) == "-"
    assert mend("-5", first=True) == "-5"


def test_a_level_beside_a_language_is_a_figure_and_elsewhere_a_word() -> None:
    assert read("Anglais BI", 1) == "B1"
    assert read("Anglais : BI", 2) == "B1"
    assert read("Power BI", 1) == "BI"


def test_the_word_for_oneself_is_told_from_a_bar_and_from_the_word_behind_it() -> None:
    assert read("What | do", 1) == "I"
    assert read("Who lam", 1) == "I am"
    assert read("Iam a nurse", 0) == "I am"
    assert read("Mr lam", 1) == "lam"


@pytest.mark.parametrize("sign", ["+", "=", ">", "»"])
def test_an_arrow_between_dates_is_a_dash(sign: str) -> None:
    assert read(f"04.2019 {sign} now", 1) == "–"
    assert read(f"2016 {sign} 2019", 1) == "–"
    assert read(f"depuis 2016 {sign} mars 2019", 2) == "–"
    assert read(f"Word {sign} Excel", 1) == sign
    assert read(f"2016 {sign} Excel", 1) == sign


def marked(*, high: bool) -> tuple[Grey, ScanWord]:
    """An address whose third sign stands on the baseline, or half as high as small letters."""
    grey = BLANK.copy()
    for at in range(12):
        if at != 2:
            grey[104:120, 20 * at : 20 * at + 14] = 10
    grey[110 : 113 if high else 114, 42:54] = 10
    if not high:
        grey[110:114, 42:54] = 245
        grey[116:120, 45:49] = 10
    return grey, word("ab-cdef@g.fr", 0, 240)


def test_a_point_of_an_address_read_as_a_dash_is_told_by_the_picture() -> None:
    grey, address = marked(high=False)
    assert mended(address, [address], 0, grey).text == "ab.cdef@g.fr"
    grey, address = marked(high=True)
    assert mended(address, [address], 0, grey).text == "ab-cdef@g.fr"
    assert mended(address, [address], 0, BLANK).text == "ab-cdef@g.fr"


@pytest.mark.parametrize(
    ("read", "meant"),
    [("kevin.delaporte @exemple.fr", ["kevin.delaporte@exemple.fr"]),
     ("kevin. d59@ex.fr", ["kevin.d59@ex.fr"]), ("Excel @ee00", ["Excel", "@ee00"]),
     ("06 @exemple.fr", ["06", "@exemple.fr"]), ("sous- traitants", ["sous-traitants"]),
     ("CLERMONT -FERRAND", ["CLERMONT-FERRAND"]), ("pré- et", ["pré-", "et"]),
     ("2018 -2020", ["2018", "-2020"]), ("Vente - Caisse", ["Vente", "-", "Caisse"]),
     ("malik.ouadah äexemple.org", ["malik.ouadah@exemple.org"]), ("20 15", ["2015"]),
     ("chez Google.fr", ["chez", "Google.fr"])],
)  # fmt: skip
def test_parts_of_one_word_are_one_again(read: str, meant: list[str]) -> None:
    assert [found.text for found in join_broken(line(read))] == meant


def test_words_that_stand_apart_stay_apart() -> None:
    words = line("sous- traitants kevin. d59@ex.fr", gap=20.0)
    assert [found.text for found in join_broken(words)] == [found.text for found in words]
