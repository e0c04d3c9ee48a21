"""What counts as caught and as wrongly rejected, on a corpus of three lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobmatch_ml.bench.truth_lock import (
    half_of,
    judge_honest,
    judge_planted,
    run_truth_lock_bench,
    wilson_interval,
)
from jobmatch_ml.errors import MissingFileError

PERSON = {"first_name": "Awa", "experiences": [{
    "title": "Vendeuse", "company": "Tissus Morel", "start": "2019-03", "end": "2021-02",
    "description": "Vente de 40 coupons par jour",
}]}  # fmt: skip


def corpus(folder: Path, **files: list[dict[str, object]]) -> Path:
    people: list[dict[str, object]] = [{"id": "c1", "candidate": PERSON}]
    for name, rows in {"candidates": people, **files}.items():
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def planted(item_id: str, text: str, changed: str) -> dict[str, object]:
    start = text.index(changed)
    return {"id": item_id, "candidate_id": "c1", "kind": "number", "text": text,
            "start": start, "end": start + len(changed)}  # fmt: skip


def test_a_claim_is_caught_only_where_it_was_changed(tmp_path: Path) -> None:
    text = "Vendeuse chez Tissus Morel, j'ai vendu 90 coupons par jour."
    folder = corpus(tmp_path, planted=[planted("p1", text, "90"), planted("p2", text, "Vendeuse")])
    assert [item.hit for item in judge_planted(folder)] == [True, False]


def test_an_honest_text_is_rejected_by_any_unsupported_claim(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "h1", "candidate_id": "c1", "kind": "claim", "offer": None, "text": text}
        for text in ("J'ai vendu 40 coupons par jour.", "J'ai vendu 41 coupons par jour.")
    ]
    folder = corpus(tmp_path, paraphrases=rows)
    assert [item.hit for item in judge_honest("paraphrases", folder)] == [False, True]


def test_both_halves_add_up_and_depend_on_the_id_alone(tmp_path: Path) -> None:
    texts = [planted(f"p{number}", "J'ai vendu 90 coupons par jour.", "90") for number in range(9)]
    folder = corpus(tmp_path, planted=texts, paraphrases=[], texts=[])
    rows = {(row["kind"], row["half"]): row for row in run_truth_lock_bench(corpora=folder)}
    assert rows["all", "all"]["n"] == rows["number", "all"]["n"] == 9
    assert rows["all", "development"]["n"] + rows["all", "held out"]["n"] == 9
    assert rows["all", "all"]["rate"] == 1.0
    assert half_of("p0001") == half_of("p0001")


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = wilson_interval(0, 10)
    assert low == 0.0
    assert high == pytest.approx(0.2775, abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_missing_corpora_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"planted\.jsonl|candidates\.jsonl"):
        run_truth_lock_bench(corpora=tmp_path / "nowhere")
