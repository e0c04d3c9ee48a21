"""Adaptation pairs: what means the same, what is held out, what is never a negative."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from jobmatch_ml.reference import read_esco, read_rome
from jobmatch_ml.training.adaptation.pairs import (
    DomainText,
    OpenData,
    crop_body,
    draw_pairs,
    dress_title,
    fiche_body,
    is_held_out,
    labels_of,
)
from tests.tiny_classifications import write_esco, write_rome


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> OpenData:
    folder = tmp_path_factory.mktemp("open")
    return OpenData(
        read_rome(write_rome(folder / "rome")),
        read_esco(write_esco(folder / "esco")),
        offers=(DomainText("Infirmier bloc H/F", "Soins au bloc opératoire.", "J1506"),),
        people=(DomainText("Infirmière", "Dix ans de soins.", "J1506"),),
    )


def test_a_seed_gives_its_pairs_and_another_gives_others(data: OpenData) -> None:
    assert draw_pairs(data, seed=1) == draw_pairs(data, seed=1)
    assert draw_pairs(data, seed=1) != draw_pairs(data, seed=2)


def test_both_texts_of_a_pair_belong_to_its_key(data: OpenData) -> None:
    assert data.rome
    assert data.esco
    pairs = draw_pairs(data, seed=0)
    keys = {pair.key for pair in pairs}
    assert {"J1501", "J1506", "M1805", "o/1"} <= keys
    titles = [pair for pair in pairs if pair.view == "title" and pair.key == "M1805"]
    labels = {data.rome.fiches["M1805"].label}
    assert labels & {pair.right for pair in titles}
    assert all("nfirmi" not in pair.left + pair.right for pair in titles)


def test_neighbours_by_mobility_come_with_the_pair(data: OpenData) -> None:
    nurses = [pair for pair in draw_pairs(data, seed=0) if pair.key == "J1506"]
    assert nurses
    assert {pair.neighbours for pair in nurses} == {frozenset({"M1805", "J1501"})}


def test_a_person_meets_an_offer_of_the_same_fiche_only(data: OpenData) -> None:
    apart = replace(data, people=(DomainText("Dév", "Code depuis dix ans.", "M1805"),))
    met = ("Dix ans de soins.", "Soins au bloc opératoire.")
    assert met in {(pair.left, pair.right) for pair in draw_pairs(data, seed=0)}
    assert all(
        "bloc opératoire" not in pair.right or pair.key == "J1506"
        for pair in draw_pairs(apart, seed=0)
    )


def test_what_is_held_out_is_in_no_pair(data: OpenData, monkeypatch: pytest.MonkeyPatch) -> None:
    from jobmatch_ml.training.adaptation import pairs as module

    kept = {"Infirmier de bloc", "dessinateur"}
    monkeypatch.setattr(module, "is_held_out", lambda text: text in kept)
    texts = {
        text
        for seed in range(5)
        for pair in draw_pairs(replace(data, offers=(), people=()), seed=seed)
        if pair.view == "title"
        for text in (pair.left, pair.right)
    }
    assert not any("de bloc" in text or text.startswith("dessinateur") for text in texts)
    assert any("en chef" in text for text in texts)


def test_about_one_label_in_25_is_held_out() -> None:
    held = sum(is_held_out(f"métier {number}") for number in range(5000))
    assert 150 < held < 250
    assert is_held_out("MÉTIER 1") == is_held_out("métier 1")


def test_labels_have_each_gender_once(data: OpenData) -> None:
    assert data.esco
    assert labels_of(data.esco.occupations["o/1"]) == [
        *("graphiste/graphiste", "dessinatrice", "dessinateur", "graphiste")
    ]


def test_a_fiche_reads_as_definition_and_names(data: OpenData) -> None:
    assert data.rome
    fiche = data.rome.fiches["J1501"]
    assert fiche_body(fiche) == "Soigne. Veille à l'hygiène. Aide-soignant / Aide-soignante"


def test_crops_are_runs_of_words() -> None:
    text = " ".join(str(number) for number in range(100))
    crop = crop_body(text, random.Random(0), n_words=7).split()
    assert [int(word) - int(crop[0]) for word in crop] == list(range(7))
    assert crop_body("a  b", random.Random(0), n_words=7) == "a b"


def test_dressing_keeps_the_title_readable() -> None:
    rng = random.Random(0)
    dressed = [dress_title("Boulanger", rng) for _ in range(300)]
    assert dressed.count("Boulanger") > 100
    assert any(title.endswith("H/F") for title in dressed)
    assert dress_title("a", random.Random(5))
