"""Offers as columns: what is stated, what is missing, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.offers import Enricher
from jobmatch_ml.ranking.features.offer_facts import (
    CONTRACTS,
    build_offer_facts,
    read_offer_facts,
)
from tests.feature_market import OFFERS, gold_table, offer_facts, space


def test_columns_hold_what_is_stated_and_nan_elsewhere() -> None:
    facts = offer_facts()
    assert facts.offer_ids == ("o1", "o2", "o3")
    assert facts.occupation.tolist()[2] == -1  # a code of no table
    np.testing.assert_array_equal(facts.numbers["experience_years"], [0, 5, np.nan])
    assert facts.required.sum(axis=1).tolist() == [1, 0, 0]
    assert facts.wished.sum(axis=1).tolist() == [1, 0, 0]


def test_a_skill_that_is_a_plus_is_not_required() -> None:
    facts = offer_facts()
    assert facts.required.multiply(facts.wished).nnz == 0


def test_an_unseen_contract_type_has_the_number_after_the_last() -> None:
    gold = gold_table({**OFFERS[0], "contract_type": "XYZ"})
    facts = build_offer_facts(gold, Enricher.load().enrich(gold)[0], space())
    assert facts.numbers["contract"].tolist() == [len(CONTRACTS)]


def test_broken_catalogues_are_refused(tmp_path: Path) -> None:
    gold = gold_table()
    read = Enricher.load().enrich(gold)[0]
    with pytest.raises(InputError, match="no offers"):
        build_offer_facts(gold.slice(0, 0), read.slice(0, 0), space())
    with pytest.raises(InputError, match="same offers"):
        build_offer_facts(gold, read.slice(1), space())
    twice = gold_table(OFFERS[0], OFFERS[0])
    read_twice = Enricher.load().enrich(twice)[0]
    with pytest.raises(InputError, match="o1"):
        build_offer_facts(twice, read_twice, space())
    with pytest.raises(MissingFileError):
        read_offer_facts(tmp_path / "none.parquet", space())
