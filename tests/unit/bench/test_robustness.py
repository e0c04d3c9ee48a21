"""Changes of a query keep its meaning, and the bench measures what they cost."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from jobmatch_ml.bench.robustness import (
    CHANGES,
    change_query,
    mistype,
    other_gender_form,
    reorder_sections,
    run_robustness_bench,
    strip_accents,
    truncate,
)
from jobmatch_ml.errors import InputError
from jobmatch_ml.types import Query
from tests.toy import JOBS


def test_changes_by_hand() -> None:
    assert strip_accents("Œuvre à Évry") == "Œuvre a Evry"
    assert truncate("un deux trois") == "un deux"
    assert other_gender_form("Maçon (H/F)", random.Random(0)) == "Maçon"
    assert other_gender_form("Chef / Cheffe de rayon", random.Random(0)) in {
        "Chef de rayon",
        "Cheffe de rayon",
    }
    assert other_gender_form("Maçon", random.Random(0)).startswith("Maçon ")


def test_reordering_loses_no_paragraph() -> None:
    text = "\n".join(str(number) for number in range(20))
    changed = reorder_sections(text, random.Random(1))
    assert changed != text
    assert sorted(changed.split("\n")) == sorted(text.split("\n"))


def test_about_two_letters_in_a_hundred_are_mistyped() -> None:
    text = "abcdefghij" * 1000
    changed = mistype(text, random.Random(0))
    assert changed != text
    assert mistype(text, random.Random(0), share=0) == text
    assert abs(len(changed) - len(text)) < 60


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_is_the_same_each_time_and_stands_empty_texts(name: str) -> None:
    query = Query("q", "Aide-soignante H/F", "Soins.\nAide.\nÉcoute des patients.")
    assert change_query(query, CHANGES[name], seed=3) == change_query(query, CHANGES[name], seed=3)
    assert change_query(Query("q", "", ""), CHANGES[name], seed=3).text == ""


def test_the_bench_tells_what_each_change_costs(tmp_path: Path) -> None:
    documents = [{"_id": name, "title": title, "text": text} for name, title, text in JOBS]
    for file in ("corpus", "queries"):
        lines = [json.dumps(item) for item in documents]
        (tmp_path / f"{file}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    judged = ["query-id\tcorpus-id\tscore", *(f"{name}\t{name}\t1" for name, _, _ in JOBS)]
    (tmp_path / "qrels.tsv").write_text("\n".join(judged), encoding="utf-8")
    rows = run_robustness_bench(folders=str(tmp_path), rankers=("bm25", "random"))
    found = {(row["ranker"], row["change"]): row for row in rows}
    assert len(found) == 2 * len(CHANGES)
    assert found["bm25", "lower case"]["difference"] == 0
    assert found["bm25", "accents stripped"]["n_altered"] > 5
    assert found["bm25", "accents stripped"]["ndcg@10_plain"] == pytest.approx(1)
    assert found["random", "capitals"]["ndcg@10"] < 0.9
    with pytest.raises(InputError, match="folders"):
        run_robustness_bench()
