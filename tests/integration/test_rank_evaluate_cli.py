"""``jobmatch rank`` and ``jobmatch evaluate`` on a small BEIR folder, in process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_ml.cli.main import cli, main
from jobmatch_ml.ranking import (
    read_run,
    write_corpus,
    write_qrels,
    write_queries,
)
from jobmatch_ml.ranking.bundle import BundleExtras, write_bundle
from jobmatch_ml.training.dataset import open_dataset
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_data import open_features
from jobmatch_ml.training.ltr_fitting import fit_ltr, read_ltr_data
from tests.conftest import ROOT
from tests.toy import build_tiny_model, toy_documents, toy_queries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus.jsonl", toy_documents())
    write_queries(tmp_path / "queries.jsonl", toy_queries())
    qrels = {query.query_id: {f"d{query.query_id[1:]}": 1} for query in toy_queries()}
    write_qrels(tmp_path / "qrels.tsv", qrels | {"q99": {"d01": 0}})
    return tmp_path


def rank(folder: Path, *options: str, name: str = "run.trec") -> Result:
    files = ["--corpus", str(folder / "corpus.jsonl"), "--queries", str(folder / "queries.jsonl")]
    return CliRunner().invoke(cli, ["rank", *files, "--output", str(folder / name), *options])


def evaluate(folder: Path, *options: str, name: str = "run.trec") -> Result:
    files = ["--run", str(folder / name), "--qrels", str(folder / "qrels.tsv")]
    return CliRunner().invoke(cli, ["evaluate", *files, *options])


def test_a_run_is_written_and_scored(folder: Path) -> None:
    done = rank(folder, "--ranker", "bm25", "--top-k", "3", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["ranker"], said["n_queries"], said["n_documents"]) == ("bm25", 12, 12)
    assert {len(scores) for scores in read_run(folder / "run.trec").values()} == {3}
    scored = json.loads(evaluate(folder, "--metrics", "ndcg@10,hit@1", "--json").stdout)["run"]
    assert scored["metrics"]["hit@1"]["mean"] == 1.0
    assert (scored["n_queries"], scored["n_queries_dropped"]) == (12, 1)


def test_the_table_shows_intervals_test_and_counts(folder: Path) -> None:
    rank(folder, "--ranker", "bm25")
    rank(folder, "--ranker", "random", name="other.trec")
    shown = evaluate(folder, "--baseline", str(folder / "other.trec"))
    assert shown.exit_code == 0, shown.output
    for text in ("ndcg@10", "95 % interval", "baseline", "< 0.001", "1 dropped", "0 missing"):
        assert text in shown.stdout


def test_several_baselines_are_one_family_and_the_worst_queries_are_shown(folder: Path) -> None:
    rank(folder, "--ranker", "bm25")
    for seed, name in enumerate(("one.trec", "two.trec")):
        rank(folder, "--ranker", "random" if seed else "tfidf_char", name=name)
    baselines = ["--baseline", str(folder / "one.trec"), "--baseline", str(folder / "two.trec")]
    options = [*baselines, "--metrics", "ndcg@10,mrr", "--worst", "2"]
    value = json.loads(evaluate(folder, *options, "--json").stdout)
    assert [(row["baseline"], row["metric"]) for row in value["tests"]] == [
        ("one", "ndcg@10"),
        ("one", "mrr"),
        ("two", "ndcg@10"),
        ("two", "mrr"),
    ]
    assert all(row["adjusted_p_value"] >= row["p_value"] for row in value["tests"])
    assert len(value["worst"]) == 2
    shown = evaluate(folder, *options).stdout
    assert "two: p, Holm" in shown
    assert "lost most in ndcg@10" in shown


def test_the_direction_names_the_sides_and_leaves_the_files_their_roles(folder: Path) -> None:
    done = rank(folder, "--ranker", "tfidf_char", "--direction", "offer_to_candidate", "--json")
    assert json.loads(done.stdout)["direction"] == "offer_to_candidate"
    run = read_run(folder / "run.trec")
    assert next(iter(run["q01"])) == "d01"
    value = json.loads(evaluate(folder, "--metrics", "hit@1", "--json").stdout)
    assert value["run"]["metrics"]["hit@1"]["mean"] == 1.0


def test_a_bundle_ranks(folder: Path) -> None:
    model = build_tiny_model(folder / "tiny")
    recipe = {"kind": "bi_encoder", "encoder_name": "tiny", "dimension": 32}
    write_bundle(
        folder / "bundle",
        encoder_dir=model,
        ranker=recipe | {"max_length_tokens": 64},
        lineage={},
        metrics={},
    )
    done = rank(folder, "--model", str(folder / "bundle"), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["ranker"].startswith("bi_encoder-")
    value = json.loads(evaluate(folder, "--metrics", "hit@1", "--json").stdout)
    assert value["run"]["metrics"]["hit@1"]["mean"] == 1.0


def test_a_cascade_ranks_by_facts_where_they_are_given(tmp_path: Path) -> None:
    """The same trees on the sample: with facts they order, without the answer says why not."""
    world = ROOT / "data" / "sample"
    data = open_dataset("", run_dir=tmp_path, sample=world).dataset_dir
    source = open_features(data, world)
    config = LtrConfig(rounds=5, patience=5, min_data_in_leaf=5, threads=1)
    learnt = fit_ltr(read_ltr_data(data, source, config), config)[1].model
    learnt.save(tmp_path / "ltr")
    write_bundle(
        tmp_path / "bundle",
        encoder_dir=build_tiny_model(tmp_path / "tiny"),
        ranker={
            "kind": "bi_encoder", "encoder_name": "t", "dimension": 32, "max_length_tokens": 64,
        },
        lineage={},
        metrics={},
        extras=BundleExtras(ltr_dir=tmp_path / "ltr"),
    )  # fmt: skip
    files = ["--corpus", str(data / "corpus.jsonl"), "--queries", str(data / "test/queries.jsonl")]
    options = ["--model", str(tmp_path / "bundle"), "--ranker", "cascade", "--json", *files]
    said, runs = [], []
    for more in (["--facts", str(data), str(world)], []):
        out = ["--output", str(tmp_path / "run.trec")]
        done = CliRunner().invoke(cli, ["rank", *options, *out, *more])
        assert done.exit_code == 0, done.output
        said.append(json.loads(done.stdout))
        runs.append(read_run(tmp_path / "run.trec"))
    assert "left_out" not in said[0]
    assert "facts are not known here" in said[1]["left_out"]
    assert runs[0] != runs[1]


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--ranker", "bm52"], 1, "Did you mean 'bm25'"),
        (["--ranker", "popularity"], 1, "there is no interaction log"),
        (["--ranker", "bm25", "--model", "x"], 2, "takes no --model"),
        (["--ranker", "bm25", "--top-k", "0"], 2, "x>=1"),
        (["--ranker", "bm25", "--direction", "sideways"], 2, "candidate_to_offer"),
        (["--ranker", "bm25", "--corpus", "absent.jsonl"], 1, "absent.jsonl: no such file"),
        (["--model", "absent"], 1, "absent"),
        (["--ranker", "cascade", "--facts", "x"], 2, "requires 2 arguments"),
        (["--ranker", "bm25", "--facts", "x", "y"], 2, "for --ranker cascade or ltr"),
        ([], 1, "pipeline run train"),
    ],
)
def test_rank_says_what_is_wrong(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    options: list[str],
    code: int,
    text: str,
) -> None:
    files = ["--corpus", str(folder / "corpus.jsonl"), "--queries", str(folder / "queries.jsonl")]
    arguments = ["rank", *files, "--output", str(folder / "run.trec"), *options]
    monkeypatch.setattr(sys, "argv", ["jobmatch", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    assert stopped.value.code == code
    assert text in said.err
    assert said.out == ""
    assert not (folder / "run.trec").exists()


def test_ids_that_a_run_cannot_hold_are_refused_before_ranking(folder: Path) -> None:
    (folder / "queries.jsonl").write_text('{"_id": "two words", "title": "x"}\n')
    done = rank(folder, "--ranker", "bm25")
    assert "query id with white space" in str(done.exception)


@pytest.mark.parametrize(
    ("run", "options", "text"),
    [
        ("x Q0 d01 1 1.0 t\n", [], "shares no query id"),
        ("d01 Q0 q01 1 1.0 t\n", [], "corpus and queries exchanged"),
        ("q01 Q0 d01 1\n", [], "line 1: expected `qid Q0 docid rank score tag`"),
        ("q01 Q0 d01 1 1.0 t\n", ["--metrics", "ndgc@10"], "Did you mean 'ndcg'"),
        ("q01 Q0 d01 1 1.0 t\n", ["--metrics", ""], "no metric"),
        ("q01 Q0 d01 1 1.0 t\n", ["--baseline", "absent"], "absent: no such file"),
    ],
)
def test_evaluate_says_what_is_wrong(folder: Path, run: str, options: list[str], text: str) -> None:
    (folder / "run.trec").write_text(run)
    done = evaluate(folder, *options)
    assert done.exit_code == 1
    assert text in str(done.exception)
