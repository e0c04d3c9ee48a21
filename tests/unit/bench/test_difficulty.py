"""Chance is worst, the oracle best, words in between."""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.bench.difficulty import ORACLE, run_difficulty_bench
from jobmatch_ml.world import WorldConfig, build_world


def test_words_help_and_do_not_suffice(tmp_path: Path) -> None:
    config = WorldConfig(
        n_offers=400,
        n_candidates=30,
        occupations=("J1501", "J1506", "K1302", "M1805", "N1103", "D1507", "F1602", "M1203"),
        n_pdf=0,
        n_docx=0,
    )
    build_world(config, tmp_path / "world")
    rows = run_difficulty_bench(world=tmp_path / "world", rankers=("random", "bm25"))
    scores = {row["ranker"]: row["ndcg@10"] for row in rows}
    assert scores["random"] < 0.6 * scores["bm25"]
    assert scores["bm25"] < 0.9 * scores[ORACLE]
    assert scores[ORACLE] < 1
