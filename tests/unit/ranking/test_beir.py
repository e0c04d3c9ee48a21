"""BEIR files and TREC runs: round trips, and every kind of broken line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.ranking import (
    read_corpus,
    read_qrels,
    read_queries,
    read_run,
    write_corpus,
    write_qrels,
    write_queries,
    write_run,
)
from jobmatch_ml.types import Document, Query

HEADER = "query-id\tcorpus-id\tscore\n"


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_documents_come_back_as_written(tmp_path: Path) -> None:
    documents = [Document("a", "Maçon H/F", 'Dit "béton"\nsur chantier'), Document("b", "", "")]
    write_corpus(tmp_path / "new" / "corpus.jsonl", documents)
    assert read_corpus(tmp_path / "new" / "corpus.jsonl") == documents


def test_queries_come_back_as_written(tmp_path: Path) -> None:
    queries = [Query("q 1", "Boulanger", "🥖 "), Query("q2", "", "texte")]
    write_queries(tmp_path / "queries.jsonl", queries)
    assert read_queries(tmp_path / "queries.jsonl") == queries


def test_judgements_come_back_as_written(tmp_path: Path) -> None:
    qrels = {"q1": {"a": 2, "b": 0}, "q2": {"a": 1}}
    write_qrels(tmp_path / "qrels.tsv", qrels)
    assert read_qrels(tmp_path / "qrels.tsv") == qrels


def test_a_missing_view_is_an_empty_one(tmp_path: Path) -> None:
    path = put(tmp_path / "queries.jsonl", '{"_id": "q1", "text": "soudeur"}\n')
    assert read_queries(path) == [Query("q1", "", "soudeur")]


def test_byte_order_mark_blank_lines_and_windows_ends_are_read(tmp_path: Path) -> None:
    path = put(tmp_path / "corpus.jsonl", '\ufeff{"_id": "a", "title": "x", "text": ""}\r\n\r\n')
    assert read_corpus(path) == [Document("a", "x", "")]


@pytest.mark.parametrize(
    "line",
    [
        "{not json",
        "[1, 2]",
        '{"title": "x", "text": "y"}',
        '{"_id": 7, "title": "x"}',
        '{"_id": "", "title": "x"}',
        '{"_id": "b", "title": null}',
        '{"_id": "b", "text": ["y"]}',
    ],
)
def test_a_bad_record_is_refused_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = put(tmp_path / "corpus.jsonl", f'{{"_id": "a", "title": "", "text": ""}}\n{line}\n')
    with pytest.raises(FormatError, match=r'corpus\.jsonl: line 2: expected \{"_id"') as error:
        read_corpus(path)
    assert "title" in str(error.value)


def test_all_bad_lines_are_counted_and_five_are_shown(tmp_path: Path) -> None:
    path = put(tmp_path / "corpus.jsonl", "oops\n" * 9)
    with pytest.raises(FormatError, match=r"line 5: .*… 9 in all") as error:
        read_corpus(path)
    assert "line 6" not in str(error.value)


def test_repeated_ids_are_listed_with_their_number(tmp_path: Path) -> None:
    lines = [f'{{"_id": "d{number % 7}"}}' for number in range(21)]
    path = put(tmp_path / "corpus.jsonl", "\n".join(lines))
    with pytest.raises(FormatError, match=r"d0 \(3 times\).*d4 \(3 times\); … 7 in all"):
        read_corpus(path)


def test_messages_hold_no_text_of_the_record(tmp_path: Path) -> None:
    path = put(tmp_path / "corpus.jsonl", '{"_id": 1, "text": "Jeanne Secrète"}\n')
    with pytest.raises(FormatError) as error:
        read_corpus(path)
    assert "Jeanne" not in str(error.value)


@pytest.mark.parametrize("read", [read_corpus, read_queries, read_qrels, read_run])
def test_a_missing_file_is_named(tmp_path: Path, read: object) -> None:
    with pytest.raises(MissingFileError, match=r"absent\.x: no such file"):
        read(tmp_path / "absent.x")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1\ta\t1\n", "line 1: expected the header"),
        ("", "line 1: expected the header"),
        (HEADER + "q1 a 1\n", "line 2: expected query-id"),
        (HEADER + "q1\ta\t-1\n", "line 2: .* >= 0"),
        (HEADER + "q1\ta\t0.5\n", "line 2: .* whole score"),
        (HEADER + "q1\ta\t1\nq1\ta\t2\n", "line 3: the pair q1, a is judged twice"),
    ],
)
def test_bad_judgements_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_qrels(put(tmp_path / "qrels.tsv", text))


def test_written_scores_sort_again_to_the_written_ranks(tmp_path: Path) -> None:
    third = 1 / 3
    run = {"q": {"z": third, "b": third, "a": third + 2**-54, "y": third + 2**-53, "c": -1e-300}}
    write_run(tmp_path / "run.trec", run, "tag")
    rows = [line.split() for line in (tmp_path / "run.trec").read_text().splitlines()]
    assert [row[3] for row in rows] == ["1", "2", "3", "4", "5"]
    resorted = sorted(rows, key=lambda row: (-float(row[4]), row[2]))
    assert resorted == rows
    assert read_run(tmp_path / "run.trec") == run


def test_a_run_is_read_in_the_order_of_its_scores(tmp_path: Path) -> None:
    path = put(tmp_path / "run", "q Q0 b 1 0.5 t\nq Q0 c 2 0.9 t\nq Q0 a 3 0.5 t\n")
    assert list(read_run(path)["q"]) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q Q0 a 1 0.5\n", "line 1: expected `qid Q0 docid rank score tag`"),
        ("q Q0 a 1 nan t\n", "score finite"),
        ("q Q0 a 1 high t\n", "score finite"),
        ("q Q0 a 1 2 t\nq Q0 a 2 1 t\n", "line 2: document a twice for query q"),
    ],
)
def test_bad_runs_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_run(put(tmp_path / "run", text))


@pytest.mark.parametrize(
    ("run", "tag", "message"),
    [
        ({"q 1": {"a": 1.0}}, "t", "query id with white space or empty: 'q 1'"),
        ({"q": {"a\tb": 1.0}}, "t", "document id with white space"),
        ({"q": {"": 1.0}}, "t", "document id with white space or empty: ''"),
        ({"q": {"a": 1.0}}, "my tag", "tag with white space"),
        ({"q": {"a": float("nan")}}, "t", "query q: a score is not finite"),
    ],
)
def test_what_a_run_cannot_hold_is_refused_and_nothing_is_written(
    tmp_path: Path, run: dict[str, dict[str, float]], tag: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        write_run(tmp_path / "run.trec", run, tag)
    assert list(tmp_path.iterdir()) == []
