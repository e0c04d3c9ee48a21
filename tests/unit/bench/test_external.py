"""Real folders are ranked by every text ranker, each compared with the same reference."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.bench import external
from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.registry import RANKERS, create_ranker


def test_each_folder_gets_a_row_a_ranker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("infirmier", "maçon", "vendeur")
    for name, key in (("corpus", "d"), ("queries", "q")):
        rows = [{"_id": f"{key}{word}", "title": word, "text": word} for word in words]
        (tmp_path / f"{name}.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    judged = [f"q{word}\td{word}\t1" for word in words]
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(judged))
    # One ranker under every name: which ranker is good is not what is tested here.
    monkeypatch.setattr(external, "create_ranker", lambda _: create_ranker("bm25"))
    rows = external.run_external_bench(folders=[str(tmp_path)], model="")
    assert [row["ranker"] for row in rows] == [
        name for name, spec in RANKERS.items() if spec.needs == "text"
    ]
    for row in rows:
        assert (row["set"], row["n_queries"], row["ndcg@10"]) == (tmp_path.name, 3, 1.0)
        assert row["difference"] == (None if row["ranker"] == "zero_shot" else 0.0)


def test_no_folder_is_refused() -> None:
    with pytest.raises(InputError, match="no folder was named"):
        external.run_external_bench()
