"""The corpus of hidden text through the real reader, one sentence in each way."""

from __future__ import annotations

from jobmatch_ml.bench.hidden import run_hidden_bench


def test_hidden_text_is_found_left_out_and_shown_and_honest_designs_are_left_alone() -> None:
    hidden, honest = run_hidden_bench(sentences=1)[:2]
    assert hidden["cvs"] >= 30
    assert hidden["flagged"] == hidden["left_out"] == hidden["cvs"]
    assert honest["cvs"] >= 20
    assert (honest["flagged"], honest["read"]) == (0, honest["cvs"])
