"""BEIR folders (``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``) and TREC runs.

Reading reports all bad lines at once (the first five and their number), each with file and line.
Messages hold ids and positions, never texts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import orjson

from jobmatch_ml.errors import FormatError, InputError, MissingFileError, summarise
from jobmatch_ml.files import write_lines
from jobmatch_ml.types import Document, Qrels, Query, Run

RecordT = TypeVar("RecordT", Document, Query)
QRELS_HEADER = "query-id\tcorpus-id\tscore"
_LINE = '{"_id": "…", "title": "…", "text": "…"}'


def read_corpus(path: Path) -> list[Document]:
    """Reads ``corpus.jsonl``: one ``{"_id", "title", "text"}`` a line; blank texts are allowed.

    Raises:
        MissingFileError: There is no such file.
        FormatError: Lines that are not JSON, lack an id, or repeat one.
    """
    return _read_records(path, Document)


def read_queries(path: Path) -> list[Query]:
    """Reads ``queries.jsonl``: one ``{"_id", "title", "text"}`` a line; blank texts are allowed.

    Raises:
        MissingFileError: There is no such file.
        FormatError: Lines that are not JSON, lack an id, or repeat one.
    """
    return _read_records(path, Query)


def read_qrels(path: Path) -> Qrels:
    """Reads ``qrels.tsv``: a header, then ``query-id<TAB>corpus-id<TAB>score``, score >= 0.

    Raises:
        MissingFileError: There is no such file.
        FormatError: A missing header, a line of another shape, a relevance that is not a whole
            number >= 0, or a pair judged twice.
    """
    lines = _lines(path)
    if next(lines, (0, b""))[1].decode(errors="replace").split() != QRELS_HEADER.split():
        raise FormatError(f"{path}, line 1: expected the header `query-id corpus-id score` (tabs)")
    qrels: Qrels = {}
    problems: list[str] = []
    for number, raw in lines:
        fields = raw.decode(errors="replace").split("\t")
        if len(fields) != 3 or not fields[2].isdecimal():
            problems.append(f"line {number}: expected query-id, corpus-id and a whole score >= 0")
        elif fields[1] in qrels.setdefault(fields[0], {}):
            problems.append(f"line {number}: the pair {fields[0]}, {fields[1]} is judged twice")
        else:
            qrels[fields[0]][fields[1]] = int(fields[2])
    _refuse(path, problems)
    return qrels


def read_run(path: Path) -> Run:
    """Reads a TREC run; documents come back by score, then by id, whatever the file's order.

    Raises:
        MissingFileError: There is no such file.
        FormatError: A line that is not ``qid Q0 docid rank score tag``, a score that is not a
            finite number, or a document ranked twice for a query.
    """
    run: Run = {}
    problems: list[str] = []
    for number, raw in _lines(path):
        fields = raw.decode(errors="replace").split()
        score = _finite(fields[4]) if len(fields) == 6 else None
        if score is None:
            problems.append(f"line {number}: expected `qid Q0 docid rank score tag`, score finite")
        elif fields[2] in run.setdefault(fields[0], {}):
            problems.append(f"line {number}: document {fields[2]} twice for query {fields[0]}")
        else:
            run[fields[0]][fields[2]] = score
    _refuse(path, problems)
    return {query_id: _by_score(scores) for query_id, scores in run.items()}


def write_corpus(path: Path, documents: Iterable[Document]) -> None:
    """Writes ``corpus.jsonl``, atomically."""
    write_lines(path, (_record(item.doc_id, item.title, item.text) for item in documents))


def write_queries(path: Path, queries: Iterable[Query]) -> None:
    """Writes ``queries.jsonl``, atomically."""
    write_lines(path, (_record(item.query_id, item.title, item.text) for item in queries))


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Writes ``qrels.tsv`` with its header, atomically."""
    rows = (
        f"{query_id}\t{doc_id}\t{relevance}"
        for query_id, judged in qrels.items()
        for doc_id, relevance in judged.items()
    )
    write_lines(path, _chain(QRELS_HEADER, rows))


def write_run(path: Path, run: Run, tag: str) -> None:
    """Writes a TREC run, atomically, so that sorting by (-score, doc_id) gives the written ranks.

    Scores are written with all their digits: rounding would make ties that reorder documents.

    Args:
        path: Target file.
        run: ``{query_id: {doc_id: score}}``.
        tag: Name of the system, the last column.

    Raises:
        InputError: An id or the tag is empty or holds white space (the format's separator), or a
            score is not finite.
    """
    check_trec_ids([tag], what="tag")
    check_trec_ids(run, what="query id")
    check_trec_ids({doc_id for scores in run.values() for doc_id in scores}, what="document id")
    for query_id, scores in run.items():
        if not all(math.isfinite(score) for score in scores.values()):
            raise InputError(f"query {query_id}: a score is not finite; a run cannot hold it")
    write_lines(path, _run_lines(run, tag))


def check_trec_ids(ids: Iterable[str], *, what: str) -> None:
    """Refuses ids that a TREC run cannot hold.

    Raises:
        InputError: Ids that are empty or hold white space; the first five and their number.
    """
    bad = sorted(repr(name) for name in ids if len(name.split()) != 1 or name != name.strip())
    if bad:
        raise InputError(
            f"{what} with white space or empty: {summarise(bad)}. A TREC run separates its columns "
            "by spaces: rename them"
        )


def _run_lines(run: Run, tag: str) -> Iterator[str]:
    for query_id, scores in run.items():
        for rank, (doc_id, score) in enumerate(_by_score(scores).items(), start=1):
            yield f"{query_id} Q0 {doc_id} {rank} {float(score)!r} {tag}"


def _by_score(scores: dict[str, float]) -> dict[str, float]:
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def _record(record_id: str, title: str, text: str) -> str:
    return orjson.dumps({"_id": record_id, "title": title, "text": text}).decode()


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _read_records(path: Path, make: Callable[[str, str, str], RecordT]) -> list[RecordT]:
    records: list[RecordT] = []
    ids: list[str] = []
    problems: list[str] = []
    for number, raw in _lines(path):
        fields = _fields(raw)
        if fields is None:
            problems.append(f"line {number}: expected {_LINE} with texts as strings")
            continue
        ids.append(fields[0])
        records.append(make(*fields))
    _refuse(path, problems)
    refuse_duplicates(ids, where=f"{path}: ")
    return records


def refuse_duplicates(ids: Sequence[str], *, where: str = "", what: str = "id") -> None:
    """Refuses repeated ids, naming the first five and their number.

    Raises:
        FormatError: Some id occurs more than once.
    """
    if len(set(ids)) == len(ids):
        return
    twice = [f"{name} ({count} times)" for name, count in Counter(ids).items() if count > 1]
    raise FormatError(
        f"{where}{what} not unique: {summarise(twice)}. Each must occur once: drop or rename the "
        "repeated ones",
        field="_id",
    )


def _fields(raw: bytes) -> tuple[str, str, str] | None:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    # Published BEIR queries often have no title, so a missing view is an empty one.
    record_id, title, text = value.get("_id"), value.get("title", ""), value.get("text", "")
    if not isinstance(record_id, str) or not isinstance(title, str) or not isinstance(text, str):
        return None
    return (record_id, title, text) if record_id else None


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields the 1-based number and bytes of each line that is not blank."""
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file; expected a BEIR or TREC file")
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            # A byte-order mark is what some editors leave; it is no part of the first id.
            raw = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).rstrip(b"\r\n")
            if raw.strip():
                yield number, raw


def _refuse(path: Path, problems: list[str]) -> None:
    if problems:
        raise FormatError(f"{path}: {summarise(problems)}")
