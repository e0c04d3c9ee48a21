"""Comparing offers: alike is chance, different is seen, and nothing real is given away."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.world.offer_json import Record, write_offer
from jobmatch_ml.world.realism import (
    compare_offers,
    form_of,
    halves,
    heaps_exponent,
    read_offer_records,
    two_sides,
)
from jobmatch_ml.world.realism_classifier import auc_interval, tell_texts
from tests.world_offers import facts, writer

FIELDS = ("intitule", "experienceLibelle", "typeContratLibelle")


@pytest.fixture(scope="module")
def offers() -> list[Record]:
    writes = writer()
    return [
        write_offer(writes, index, facts(index, offer_id=f"{index:07}")).record
        for index in range(400)
    ]


def test_two_halves_of_a_world_cannot_be_told_apart(offers: list[Record]) -> None:
    first, second = halves(offers, seed=1)
    result = compare_offers(first, second, match_on="none", fields=FIELDS)
    assert result.n_world == result.n_other == 200
    for test in result.tests:
        assert test.low - 0.06 <= 0.5 <= test.high + 0.06, test
    assert result.most_different() < 0.16
    assert set(result.aucs()) == {"(which fields are there)", "intitule, form", *FIELDS}


def test_a_field_that_is_written_otherwise_is_told_by_what_the_world_writes(
    offers: list[Record],
) -> None:
    first, second = halves(offers, seed=1)
    other = [{**item, "intitule": f"{item['intitule']} @real", "competences": []}
             for item in second]  # fmt: skip
    result = compare_offers(first, other, match_on="none", fields=("intitule",))
    titles = next(test for test in result.tests if test.field == "intitule")
    assert titles.auc > 0.99
    assert not any("@" in piece for piece in titles.tells), "the other side is never printed"
    present = next(row for row in result.presence if row["field"] == "competences")
    assert present["other"] == 1.0 > present["world"]
    assert result.test_rows()[0]["field"] == "(which fields are there)"


def test_both_sides_hold_as_many_offers_of_each_occupation(offers: list[Record]) -> None:
    one_field = [item for item in offers if item["romeCode"].startswith("M18")]
    result = compare_offers(offers, one_field, match_on="field", fields=())
    assert result.n_world == result.n_other == len(one_field)
    with pytest.raises(InputError, match="no occupation in common"):
        compare_offers(offers, [{**offers[0], "romeCode": "Z9999"}], match_on="code", fields=())


def test_the_measures_are_what_they_say() -> None:
    def offer(number: int, title: str, text: str) -> Record:
        return {"id": str(number), "romeCode": "M1805", "intitule": title, "description": text}

    alike = [offer(number, "Maçon", "même texte") for number in range(4)]
    varied = [offer(number, f"Maçon {number}", f"texte numéro {number}") for number in range(4)]
    result = compare_offers(alike, varied, fields=())
    values = {row["measure"]: (row["world"], row["other"]) for row in result.summary}
    assert values["distinct titles, share"] == (0.25, 1.0)
    assert values["entropy of titles, bits"] == (0.0, 2.0)
    assert values["descriptions posted before, share"] == (0.75, 0.0)
    assert values["offers with a near-duplicate, share"][0] == 1.0
    assert [row["q50"] for row in result.lengths if row["side"] == "world"] == [5, 10]


def test_the_form_of_a_text_is_free_of_what_it_says() -> None:
    assert form_of("Électricien / Électricienne H/F - LYON 03") == "Aa / Aa A/A - A 9"
    assert form_of("DBA Œnologue, 2x8") == "A Aa, 9a9"


def test_heaps_law_is_fitted_on_logarithms() -> None:
    points = [(n, round(7 * n**0.6)) for n in (1_000, 10_000, 100_000)]
    assert heaps_exponent(points) == pytest.approx(0.6, abs=0.001)
    assert heaps_exponent([(100, 10)]) == 0.0


def test_equal_texts_are_not_recognised_by_having_been_learned() -> None:
    """Forty texts, each five times, sides by chance: memory would tell, likeness cannot."""
    words = [f"{chr(97 + n % 26) * 3}{n * 7919 % 1000:03}" for n in range(80)]
    world, other = words[:40] * 5, words[40:] * 5
    learned = tell_texts("x", world, other, seed=0)
    honest = tell_texts("x", world, other, seed=0, once=True)
    assert learned is not None
    assert honest is not None
    assert learned.auc > 0.95 > honest.auc + 0.1
    assert tell_texts("x", ["a"] * 10, ["b"] * 10, seed=0) is None


def test_the_interval_of_an_area_narrows_with_the_sample() -> None:
    low, high = auc_interval(0.8, 100, 100)
    # By hand: Q1 = 0.8/1.2, Q2 = 1.28/1.8; se^2 = (0.16 + 99*(0.02667 + 0.07111)) / 10,000.
    assert (high - low) / 2 == pytest.approx(1.96 * 0.03140, abs=1e-4)
    narrow = auc_interval(0.8, 10_000, 10_000)
    assert narrow[1] - narrow[0] < (high - low) / 5


def test_collections_are_read_in_every_form_and_marked_records_left_out(
    tmp_path: Path, offers: list[Record]
) -> None:
    lines = tmp_path / "real.jsonl"
    marked = {**offers[0], "_rebuilt": True}
    lines.write_bytes(b"\n".join(orjson.dumps(item) for item in (marked, *offers[1:10])))
    assert len(read_offer_records(lines)) == 10
    assert len(read_offer_records(lines, skip_marked="_rebuilt")) == 9
    bronze = tmp_path / "world" / "bronze"
    bronze.mkdir(parents=True)
    (bronze / "offers.json").write_bytes(orjson.dumps({"resultats": offers[:30]}))
    ours, theirs = two_sides(tmp_path / "world", "")
    assert (len(ours), len(theirs)) == (15, 15)
    ours, theirs = two_sides(tmp_path / "world", str(lines), skip_marked="_rebuilt")
    assert (len(ours), len(theirs)) == (30, 9)
    with pytest.raises(MissingFileError):
        two_sides(tmp_path / "world", str(tmp_path / "nowhere"))
