"""Checking bodies: depth, JSON, fields; and errors that quote nothing."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.errors import FormatError, InputError, LimitError
from jobmatch_ml.serving.bodies import MAX_DEPTH, check_json
from jobmatch_ml.serving.schemas import MatchRequest, MatchTextRequest


def test_a_good_body_passes_brackets_in_strings_included() -> None:
    check_json(b'{"title": "Comptable", "text": "%s"}' % (b"[{" * 500), MatchTextRequest)
    check_json(b'{"text": "quote \\" and [[[ after"}', MatchTextRequest)


def test_depth_is_counted_outside_strings() -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    with pytest.raises(InputError, match="not a JSON object"):
        check_json(nested(MAX_DEPTH), MatchTextRequest)
    with pytest.raises(LimitError, match="deeper than 32"):
        check_json(nested(MAX_DEPTH + 1), MatchTextRequest)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2_000_000,
        b"[" + b"[]," * 600_000 + b"[]]",
        b'{"a":[' + b"[]," * 40 + b'"' + b'\\"' * 20_000,  # a string that never ends
        b'{"a":[' + b"[]," * 40 + b'"' + b'\\"' * 900_000,
        b'{"text":"' + b'\\"' * 900_000,
        b"{" + b",".join(b'"%d":1' % number for number in range(150_000)) + b"}",
        b'{"title_embedding":[' + b'"",' * 600_000 + b'""]}',
    ],
    ids=["deep", "wide", "open-string", "longer", "longest", "many-fields", "many-errors"],
)
def test_two_megabytes_of_any_shape_are_refused_in_linear_time(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(InputError):
        check_json(body, MatchRequest)
    assert time.process_time() - started < 15  # quadratic ways take minutes


def test_nesting_beyond_the_parsers_own_limit_is_told_as_depth() -> None:
    with pytest.raises(LimitError, match="deeper than 32"):
        check_json(b"[" * 5_000 + b"]" * 5_000, MatchTextRequest)


@pytest.mark.parametrize("body", [b"", b"{", b"nul", b'{"text": NaN}', b"\xff"])
def test_what_is_not_json_is_told_with_its_place(body: bytes) -> None:
    with pytest.raises(FormatError, match="line 1"):
        check_json(body, MatchTextRequest)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"text": 12345678}', "text"),
        (b'{"text": "a", "top_k": "98765"}', "top_k"),
        (b'{"text": "a", "canary": 1}', "body"),
        (b'["canary"]', "body"),
    ],
)
def test_a_wrong_field_is_named_but_never_quoted(body: bytes, field: str) -> None:
    with pytest.raises(InputError) as caught:
        check_json(body, MatchTextRequest)
    assert caught.value.field == field
    for secret in ("12345678", "98765", "canary"):
        assert secret not in str(caught.value)
