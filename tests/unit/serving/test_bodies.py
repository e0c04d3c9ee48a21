"""Checking bodies: depth, JSON, fields; and errors that quote nothing."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.errors import FormatError, InputError, LimitError
from jobmatch_ml.serving.bodies import MAX_DEPTH, check_json
from jobmatch_ml.serving.schemas import MatchTextRequest


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


def test_ten_megabytes_of_brackets_are_refused_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(LimitError):
        check_json(b"[" * 10_000_000, MatchTextRequest)
    assert time.monotonic() - started < 1


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
