"""Hidden facts read back: the arrays are those that were written, and the rule gives the grades."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.evaluation.hidden_market import read_hidden_market
from jobmatch_ml.world import grade_rows
from tests.hidden_world import write_hidden


def test_facts_come_back_as_they_were_written(tmp_path: Path) -> None:
    market = write_hidden(tmp_path)
    hidden = read_hidden_market(tmp_path)
    for name in ("occupation", "place", "required", "years", "salary", "remote", "hours"):
        written = getattr(market.offers, name)
        assert (getattr(hidden.market.offers, name) == written).all(), name
    people = np.arange(len(market.candidates))
    assert (grade_rows(hidden.market, people) == grade_rows(market, people)).all()
    assert hidden.offer_ids[0] == market.offers.identifiers(np.array([0]))[0].decode()


def test_what_is_told_is_by_fact_and_by_skill(tmp_path: Path) -> None:
    market = write_hidden(tmp_path, offer_facts=("place",), candidate_facts=("years",))
    hidden = read_hidden_market(tmp_path)
    assert hidden.offer_told["place"].all()
    assert not hidden.offer_told["years"].any()
    assert hidden.candidate_told["years"].all()
    first = hidden.offer_skills[: hidden.offer_bounds[1]]
    offer = market.offers.view(0, market.tables)
    assert {market.tables.skills[n] for n in first} == {*offer.required, *offer.wished}


def test_another_tables_codes_are_named(tmp_path: Path) -> None:
    write_hidden(tmp_path)
    path = tmp_path / "truth" / "offers.parquet"
    table = pq.read_table(path)
    index = table.schema.get_field_index("occupation")
    pq.write_table(table.set_column(index, "occupation", pa.array(["Z9999"] * len(table))), path)
    with pytest.raises(FormatError, match=r"occupation Z9999.*that the world was built on"):
        read_hidden_market(tmp_path)
