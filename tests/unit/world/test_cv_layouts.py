"""Layouts of files: shares met as exactly as whole files allow."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from jobmatch_ml.documents import TEMPLATES
from jobmatch_ml.errors import ConfigError
from jobmatch_ml.world.config import LAYOUTS, CandidateConfig
from jobmatch_ml.world.cv_layouts import allot_layouts


def test_shares_are_met_among_the_files_of_a_kind() -> None:
    shares = {"classic": 3.0, "table": 1.0, "docx_plain": 9.0}
    assert Counter(allot_layouts(shares, 8, suffix=".pdf")) == {"classic": 6, "table": 2}
    assert set(allot_layouts(shares, 3, suffix=".docx")) == {"docx_plain"}


def test_few_files_show_many_layouts() -> None:
    assert len(set(allot_layouts(LAYOUTS, 9, suffix=".pdf"))) >= 7
    assert len(set(allot_layouts(LAYOUTS, 2, suffix=".docx"))) == 2


def test_at_least_six_layouts_of_the_known_ones_have_a_share_by_default() -> None:
    assert set(LAYOUTS) <= set(TEMPLATES)
    assert len(LAYOUTS) >= 6
    assert all(share > 0 for share in LAYOUTS.values())


def test_a_kind_without_any_share_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no layout of \.docx files"):
        allot_layouts({"classic": 1.0}, 1, suffix=".docx")
    assert allot_layouts({"classic": 1.0}, 0, suffix=".docx") == ()


def test_an_unknown_layout_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValidationError, match="Did you mean 'sidebar'"):
        CandidateConfig(layouts={"side_bar": 1.0})
